import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

export interface RowTimes {
  /** When rows appeared, in ms since 1970 and in order; resolves when there are at least this many. */
  atLeast(count: number, timeout: number): Promise<readonly number[]>;
}

/**
 * Watches the Failures tree inside the page: notes the time at which the number of rows with one accessible name
 * grows. Rows of failures that were recorded within one second have the same name, so names are counted.
 */
export async function watchRows(page: Page): Promise<RowTimes> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { rowTimes: times });
    const counts = new Map<string, number>();
    const look = (): void => {
      const now = new Map<string, number>();
      for (const row of document.querySelectorAll('.part.sidebar [role=treeitem][aria-label*="check failure"]')) {
        const name = row.getAttribute('aria-label') ?? '';
        now.set(name, (now.get(name) ?? 0) + 1);
      }
      for (const [name, count] of now) {
        for (let more = counts.get(name) ?? 0; more < count; more++) times.push(Date.now());
        counts.set(name, Math.max(count, counts.get(name) ?? 0));
      }
    };
    look();
    times.length = 0;
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
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
