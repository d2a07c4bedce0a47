import type { Page } from 'playwright-core';

/** What happened in a tree while it was watched; all measured inside the page. */
export interface Watched {
  /** Times at which other rows stood in sight than before, in ms: each is one refresh of the tree. */
  readonly refreshes: readonly number[];
  /** ms from a right click on a row until its menu is in the page and a frame was drawn. */
  readonly menus: readonly number[];
}

/** Begins to note refreshes and menus of a tree whose rows' names begin so. */
export async function watchTree(page: Page, name = 'check failure'): Promise<() => Promise<Watched>> {
  await page.evaluate((begin) => {
    const refreshes: number[] = [];
    const menus: number[] = [];
    Object.assign(window, { watched: { refreshes, menus } });
    // Nobody scrolls meanwhile: other rows in sight mean that the tree was filled anew.
    const counts = (): string =>
      [...document.querySelectorAll(`.part.sidebar [role=treeitem][aria-label^="${begin}"]`)]
        .map((row) => row.getAttribute('aria-label') ?? '')
        .sort()
        .join();
    let known = counts();
    new MutationObserver(() => {
      const now = counts();
      if (now !== known) refreshes.push(performance.now());
      known = now;
    }).observe(document.querySelector('.part.sidebar') ?? document.body, {
      subtree: true,
      childList: true,
      attributes: true,
    });
    const isOpen = (): boolean =>
      [document, ...[...document.querySelectorAll('.shadow-root-host')].map(({ shadowRoot }) => shadowRoot)].some(
        (place) => place?.querySelector('.monaco-menu [role=menuitem]'),
      );
    // The event's own time is when the browser got the click, before any script had its turn.
    const look = (clicked: number): void => {
      if (isOpen()) requestAnimationFrame(() => menus.push(performance.now() - clicked));
      else if (performance.now() - clicked < 5000) requestAnimationFrame(() => look(clicked));
    };
    document.addEventListener('contextmenu', (event) => look(event.timeStamp), true);
  }, name);
  return () => page.evaluate(() => Reflect.get(window, 'watched'));
}

/**
 * Begins to wait for the next click; answers the ms from that click until the first row with such a name was drawn. To
 * be called while the view was never shown: a view that was stays in the page.
 */
export async function watchFirstRow(page: Page, name: string): Promise<() => Promise<number>> {
  await page.evaluate((begin) => {
    const drawn = new Promise<number>((resolve) => {
      const look = (clicked: number): void => {
        const row = document.querySelector(`.part.sidebar [role=treeitem][aria-label^="${begin}"]`);
        requestAnimationFrame(() => (row ? resolve(performance.now() - clicked) : look(clicked)));
      };
      document.addEventListener('click', ({ timeStamp }) => look(timeStamp), { capture: true, once: true });
    });
    Object.assign(window, { firstRow: drawn });
  }, name);
  return () => page.evaluate(() => Reflect.get(window, 'firstRow'));
}

/** The value below which this part of them lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** The most that fell into any one second. */
export const mostInASecond = (times: readonly number[]): number =>
  Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));
