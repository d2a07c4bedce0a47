import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** The accessibility checker, as far as it is used here. */
declare const axe: {
  run(options: unknown): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }[];
  }>;
};

/** WCAG 2.0 to 2.1, A and AA, or only the rules that are named: every serious or critical violation, as `rule: element: what to do`. */
export async function seriousViolations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    const file = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    // Evaluated by the browser's own tools, so that the page's policy stays what it is.
    await page.evaluate(await readFile(file, 'utf8'));
  }
  return page.evaluate(async (named) => {
    const { violations } = await axe.run({
      runOnly: named ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`));
  }, rules);
}
