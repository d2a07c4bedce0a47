import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

export interface RowTimes {
  /** When rows appeared, in ms since 1970 and in order; answers what there is when time is over. */
  atLeast(count: number, timeout: number): Promise<readonly number[]>;
}

/**
 * Watches the group of check failures in the Failures tree inside the page: notes the time at which it counts one more,
 * which the tree draws together with the new row. Rows of failures within one second have the same accessible name,
 * and VS Code draws rows into elements of others, so rows themselves cannot be counted.
 */
export async function watchRows(page: Page): Promise<RowTimes> {
  await page.evaluate(() => {
    const group = '.part.sidebar [role=treeitem][aria-level="1"][aria-label^="Check failures"]';
    const size = (): number => {
      const name = document.querySelector(group)?.getAttribute('aria-label') ?? '';
      return Number(/\d+/.exec(name)?.[0] ?? 0);
    };
    const times: number[] = [];
    Object.assign(window, { rowTimes: times });
    let known = size();
    new MutationObserver(() => {
      for (const now = size(); known < now; known++) times.push(Date.now());
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const read = (): Promise<number[]> => page.evaluate(() => Reflect.get(window, 'rowTimes'));
  return {
    atLeast: async (count, timeout) => {
      for (const end = Date.now() + timeout; ; await pause(50)) {
        const times = await read();
        if (times.length >= count || Date.now() > end) return times;
      }
    },
  };
}
