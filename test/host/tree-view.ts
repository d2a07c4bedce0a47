import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

/** A row of a tree, as a screen reader has it. */
export interface TreeRow {
  /** Its accessible name. */
  name: string;
  /** The label alone. */
  label: string;
  /** The greyed text after the label; empty when there is none. */
  description: string;
  /** 1 for a root. */
  level: number;
  /** Undefined for a row that holds no others. */
  expanded: boolean | undefined;
}

/** A tree in a view of the side bar or panel. Rows that are scrolled out of sight are not in the page. */
export class TreeView {
  readonly page: Page;
  /** The view's section: header and body. */
  readonly pane: Locator;

  constructor(page: Page, title: string) {
    this.page = page;
    this.pane = page.locator('.pane').filter({ has: page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** The rows in sight, top to bottom. */
  async rows(): Promise<TreeRow[]> {
    await this.pane.getByRole('tree').waitFor();
    return this.pane.getByRole('treeitem').evaluateAll((items) =>
      items
        .map((item) => ({ item, top: Number.parseFloat(item.style.top) }))
        .sort((a, b) => a.top - b.top)
        .map(({ item }) => {
          const text = (selector: string) => item.querySelector(selector)?.textContent ?? '';
          const expanded = item.getAttribute('aria-expanded');
          return {
            name: item.getAttribute('aria-label') ?? '',
            label: text('.label-name'),
            description: text('.label-description'),
            level: Number(item.getAttribute('aria-level')),
            expanded: expanded === null ? undefined : expanded === 'true',
          };
        }),
    );
  }

  /** The first row whose accessible name holds the text. Playwright waits for it when it is used. */
  row(name: string | RegExp): Locator {
    return this.pane.getByRole('treeitem', { name }).first();
  }

  async click(name: string | RegExp): Promise<void> {
    await this.row(name).click();
  }

  /** Opens a row that holds others, if it is closed. */
  async expand(name: string | RegExp): Promise<void> {
    const row = this.row(name);
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  }

  /** Presses an inline action of a row, by its title. */
  async action(name: string | RegExp, title: string): Promise<void> {
    await this.#at(name, (row) => row.getByRole('button', { name: title }).click({ timeout: 3000 }));
  }

  /** Rests the pointer on a row until it offers an inline action, by its title. */
  async offers(name: string | RegExp, title: string): Promise<void> {
    await this.#at(name, (row) => row.getByRole('button', { name: title }).waitFor({ timeout: 3000 }));
  }

  /** Takes the pointer off the rows: no tooltip covers what is below. */
  async leave(): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.page.locator('.monaco-hover:visible').waitFor({ state: 'hidden' });
  }

  /** The text that the pointer finds over a row, once it holds `text`; the tooltip stays. */
  async tooltip(name: string | RegExp, text: string | RegExp): Promise<string> {
    const hover = this.page.locator('.monaco-hover:visible').filter({ hasText: text });
    await this.leave();
    return this.#at(name, async () => {
      await hover.waitFor({ timeout: 3000 });
      return await hover.innerText();
    });
  }

  /** With the pointer on a row. One that is drawn anew or moved at this moment loses it, and with it what it shows. */
  async #at<T>(name: string | RegExp, act: (row: Locator) => Promise<T>): Promise<T> {
    const row = this.row(name);
    for (let tries = 5; ; tries--) {
      await row.hover();
      try {
        return await act(row);
      } catch (error) {
        if (tries === 0) throw error;
        await this.leave();
      }
    }
  }

  /** Chooses from a row's context menu. */
  async menu(name: string | RegExp, title: string): Promise<void> {
    await this.row(name).click({ button: 'right' });
    const item = this.page.locator('.monaco-menu').getByRole('menuitem', { name: title });
    await item.hover();
    await pause(150); // a menu takes no click in its first 100 ms, so that the click that opened it chooses nothing
    await item.click();
    await item.waitFor({ state: 'hidden' });
  }

  /** Presses an action in the view's title bar. */
  async titleAction(title: string): Promise<void> {
    const header = this.pane.locator('.pane-header');
    await header.hover();
    await header.getByRole('button', { name: title }).click();
  }
}
