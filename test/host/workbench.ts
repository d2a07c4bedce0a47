import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, errors, type Frame, type Locator, type Page } from 'playwright-core';
import { cache } from '../../scripts/paths.ts';
import { launchBrowser } from './browser.ts';
import { type ServerOptions, startServer, type VscodeServer } from './server.ts';
import { type Settings, type Theme, themes } from './settings.ts';
import { TreeView } from './tree-view.ts';
import { workbenchUrl } from './workbench-url.ts';

export interface WorkbenchOptions extends ServerOptions {
  /** Folder or `.code-workspace` file to open; an empty window when not given. */
  folder?: string;
  /** Size of the window in pixels; 1280 × 800 when not given. */
  size?: { width: number; height: number };
  /** Colour theme; dark when not given. */
  theme?: Theme;
  /**
   * VS Code's display language for extensions, as `de`; theirs only, as there is no language pack. English when not
   * given.
   */
  language?: string;
  /** How long an action waits for what it needs, in milliseconds; 15,000 when not given. */
  timeout?: number;
}

/** Starts a server and a browser and opens the workbench in it. Close it when done. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const { folder, size, theme = 'dark', timeout = 15_000, settings, language, ...rest } = options;
  const starting = startServer({ ...rest, settings: { 'workbench.colorTheme': themes[theme], ...settings } });
  const [server, browser] = await Promise.allSettled([starting, launchBrowser()]);
  if (server.status === 'rejected' || browser.status === 'rejected') {
    if (server.status === 'fulfilled') await server.value.stop();
    if (browser.status === 'fulfilled') await browser.value.close();
    throw server.status === 'rejected' ? server.reason : Reflect.get(browser, 'reason');
  }
  const context = await browser.value.newContext({ viewport: size ?? { width: 1280, height: 800 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.value.origin });
  if (language !== undefined) {
    await context.addInitScript((name) => Reflect.set(globalThis, '_VSCODE_NLS_LANGUAGE', name), language);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  const workbench = new Workbench(server.value, browser.value, page);
  try {
    await page.goto(workbenchUrl(server.value, folder === undefined ? {} : { folder }));
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    return workbench;
  } catch (error) {
    await workbench.close();
    throw error;
  }
}

/** A VS Code window in the browser, driven as its user would. */
export class Workbench {
  readonly server: VscodeServer;
  readonly browser: Browser;
  readonly page: Page;
  /** Errors on the browser's console and in the page, webviews included. */
  readonly consoleErrors: string[] = [];
  /** Violations of a content security policy that the browser reported, of all windows of this VS Code. */
  #violations: string[] = [];

  constructor(server: VscodeServer, browser: Browser, page: Page) {
    this.server = server;
    this.browser = browser;
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
      if (/Content Security Policy|^Refused to /i.test(message.text())) {
        this.#violations.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on('pageerror', (error) => this.consoleErrors.push(String(error)));
  }

  /** Another window of the same VS Code, as from "New Window". Close its `page`; the server goes with this one. */
  async openWindow(folder: string): Promise<Workbench> {
    const page = await this.page.context().newPage();
    page.setDefaultTimeout(15_000);
    const window = new Workbench(this.server, this.browser, page);
    window.#violations = this.#violations;
    await page.goto(workbenchUrl(this.server, { folder }));
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    return window;
  }

  /**
   * Ends browser and server. Fails when the browser reported that something, in whatever webview or state, went against
   * a content security policy; what a test provoked it takes out before, with {@link takeViolations}.
   */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    assert.deepEqual(this.takeViolations(), [], 'a content security policy was violated');
  }

  /** The violations of a content security policy that the browser reported since this was asked last. */
  takeViolations(): readonly string[] {
    return this.#violations.splice(0);
  }

  /** Runs a command by its full title in the palette, as `Firedrill: Tick Now`. */
  async run(title: string): Promise<void> {
    await this.leaveWebview();
    const palette = this.page.getByPlaceholder('Type the name of a command to run.');
    const row = this.pickerRow(title);
    // A picker that is still closing swallows the key, and a focus that comes back late closes the palette. What it
    // lists is made once for what is typed: after a change of what can be run it has to be opened anew, but not so
    // soon that a busy machine never comes to its list; so the patience grows.
    for (let patience = 1000; ; patience *= 1.5) {
      if (!(await palette.isVisible())) await this.page.keyboard.press('F1');
      if (await becomes(palette, 'visible', 1000)) {
        await palette.fill(`>${title}`, { timeout: 1000 }).catch(ignoreTimeout);
        if (await becomes(row, 'visible', patience)) break;
      }
      const offered = await this.page.locator('.quick-input-widget').getByRole('option').allInnerTexts();
      if (patience > 10_000) assert.fail(`the palette does not offer "${title}", but: ${offered.join(' | ')}`);
      if (await palette.isVisible()) await this.page.keyboard.press('Escape');
    }
    await row.click();
    await palette.waitFor({ state: 'hidden' });
    await this.pickerLetGo();
  }

  /** Chooses a row by its label in the open quick pick; `typed` filters, the label itself when not given. */
  async choose(label: string, typed = label): Promise<void> {
    await this.page.locator('.quick-input-widget input.input').fill(typed);
    const row = this.pickerRow(label);
    await row.click();
    // What comes next would go into the picker that is closing; a picker that follows may have the same row.
    await becomes(row, 'hidden', 1000);
    await this.pickerLetGo();
  }

  /**
   * Until a timer after the focus has left a picker VS Code takes keys for that picker's, and a browser that is busy runs
   * timers after keys: the arrow that follows would be lost.
   */
  private async pickerLetGo(): Promise<void> {
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  }

  private pickerRow(label: string): Locator {
    const name = new RegExp(`^${escaped(label)}(, |$)`); // a row's name goes on with its key, description or group
    return this.page.locator('.quick-input-widget').getByRole('option', { name }).first();
  }

  /** Takes the focus out of a webview, which otherwise asks for it again and closes pickers by that. */
  private async leaveWebview(): Promise<void> {
    await this.page.evaluate(() => {
      const focused = document.activeElement;
      if (focused instanceof HTMLIFrameElement) focused.blur();
    });
  }

  /** Types into the open input box and confirms. */
  async type(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    await input.fill(text);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await this.pickerLetGo();
  }

  /** Opens a view container of the activity bar by its title, if it is not open. */
  async openContainer(title: string): Promise<void> {
    const tab = this.containerTab(title);
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
    await this.page.locator('.part.sidebar .title-label', { hasText: title }).waitFor();
  }

  /** Opens a view container of the panel (bottom) by its title, if it is not open. */
  async openPanel(title: string): Promise<void> {
    const panel = this.page.locator('.part.panel');
    if (!(await panel.isVisible())) await this.run('View: Toggle Panel Visibility');
    const tab = panel.locator(`.composite-bar .action-item:has(a[aria-label^="${title}"])`).first();
    if ((await tab.getAttribute('aria-checked')) !== 'true') await tab.click();
  }

  /** The number or text on a view container's icon; undefined where there is none. */
  async badge(container: string): Promise<string | undefined> {
    const badge = this.containerTab(container).locator('.badge-content');
    if (!(await badge.isVisible())) return undefined;
    return (await badge.innerText()).trim() || undefined;
  }

  private containerTab(title: string): Locator {
    return this.page.locator(`.part.activitybar .composite-bar .action-item:has(a[aria-label^="${title}"])`).first();
  }

  /** A view of the side bar or panel that shows a tree, by its title. */
  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /** The welcome text of an empty view, by the view's title. */
  welcome(view: string): Locator {
    return this.page
      .locator('.pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${view}"]`) })
      .locator('.welcome-view-content');
  }

  /**
   * The document of a visible webview (editor panel or view), by the title in its HTML: VS Code names neither view
   * nor panel type in the page. A webview that is hidden and shown again is another document: ask again.
   */
  async webview(title: string, timeout = 15_000): Promise<Frame> {
    let seen: readonly Seen[] = [];
    for (const end = Date.now() + timeout; Date.now() < end; await pause(50)) {
      seen = await this.#visibleWebviews();
      const found = seen.find((webview) => webview.title === title);
      if (found) return found.frame;
    }
    const titles = seen.map((webview) => webview.title).join(', ');
    return assert.fail(`no visible webview has the title "${title}" (visible: ${titles || 'none'})`);
  }

  /** The documents of all webviews with this title that are visible now. */
  async webviews(title: string): Promise<readonly Frame[]> {
    return (await this.#visibleWebviews()).flatMap((seen) => (seen.title === title ? [seen.frame] : []));
  }

  async #visibleWebviews(): Promise<readonly Seen[]> {
    const seen: Seen[] = [];
    for (const frame of this.page.frames()) {
      if (frame.name() !== 'active-frame' && !frame.url().includes('/fake.html')) continue;
      const title = await titleIfVisible(frame);
      if (title !== undefined) seen.push({ frame, title });
    }
    return seen;
  }

  /** The text of the open modal dialog: message and detail. */
  async dialog(): Promise<string> {
    return (await this.page.locator('.monaco-dialog-box .dialog-message-container').innerText()).trim();
  }

  /** Presses a button of the open modal dialog. */
  async answer(button: string): Promise<void> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor();
    const shown = await box.elementHandle(); // another dialog may follow at once
    await box.getByRole('button', { name: button, exact: true }).click();
    await shown?.waitForElementState('hidden');
  }

  /** Trusts the open workspace, with {@link ServerOptions.trust} on. */
  async trustWorkspace(): Promise<void> {
    await this.run('Workspaces: Manage Workspace Trust');
    await this.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust/ })
      .first()
      .click();
    await this.statusItem('Restricted Mode').waitFor({ state: 'hidden' });
  }

  /**
   * Waits for a notification that holds the text, as a toast. VS Code leaves out a toast now and then when several come
   * close together; then the notification centre is opened, where all are, and the one there returned.
   */
  async toast(text: string | RegExp): Promise<Locator> {
    const toast = this.page.locator('.notification-toast', { hasText: text }).first();
    if (await becomes(toast, 'visible', 5000)) return toast;
    await this.showNotifications();
    const listed = this.page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
    await listed.waitFor();
    return listed;
  }

  /** The messages in the notification centre, newest first; toasts that went by are among them. */
  async notifications(): Promise<string[]> {
    const centre = await this.showNotifications();
    const texts = await centre.locator('.notification-list-item-message').allInnerTexts();
    // An empty centre may close by itself: then the key does nothing.
    await this.page.keyboard.press('Escape');
    await centre.waitFor({ state: 'hidden' });
    return texts.map((text) => text.trim());
  }

  private async showNotifications(): Promise<Locator> {
    const centre = this.page.locator('.notifications-center');
    if (!(await centre.isVisible())) await this.run('Notifications: Show Notifications');
    await centre.waitFor();
    return centre;
  }

  async clearNotifications(): Promise<void> {
    await this.run('Notifications: Clear All Notifications');
  }

  /** A status bar item, by the name it has in the status bar's menu or by its text. */
  statusItem(text: string): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  }

  /** The clipboard's text, once it matches: VS Code copies some time after a command was chosen. */
  async copied(pattern: RegExp): Promise<string> {
    for (const end = Date.now() + 10_000; ; await pause(50)) {
      const text = await this.page.evaluate(() => navigator.clipboard.readText());
      if (pattern.test(text)) return text;
      if (Date.now() > end) assert.fail(`the clipboard holds "${text}", which is not ${pattern}`);
    }
  }

  /** Titles of the open editors of all groups. */
  async editors(): Promise<string[]> {
    return this.page.locator('.part.editor .tabs-container .tab .label-name').allInnerTexts();
  }

  /** The text of the active text editor that is in sight. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.part.editor .editor-group-container.active .view-lines .view-line');
    await lines.first().waitFor();
    const placed = await lines.evaluateAll((all) =>
      all.map((line): [number, string] => [Number.parseFloat(line.style.top), line.textContent ?? '']),
    );
    return placed
      .sort((a, b) => a[0] - b[0])
      .map(([, text]) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** Changes settings; the workbench takes them up by itself within some 300 ms. See the server's for their limits. */
  async changeSettings(settings: Settings): Promise<void> {
    await this.server.changeSettings(settings);
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.changeSettings({ 'workbench.colorTheme': themes[theme] });
    const kind = { dark: 'vs-dark', light: 'vs', 'hc-dark': 'hc-black', 'hc-light': 'hc-light' }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /**
   * Takes a picture of the window, `.cache/screenshots/<name>.png`; with FIREDRILL_THEMES=all in the environment one in
   * each theme, to be looked at: `<name>.<theme>.png`.
   */
  async screenshot(name: string): Promise<void> {
    if (process.env.FIREDRILL_THEMES !== 'all') return await this.#picture(name);
    for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) {
      await this.setTheme(theme);
      await this.#picture(`${name}.${theme}`);
    }
  }

  async #picture(name: string): Promise<void> {
    const file = path.join(cache, 'screenshots', `${name}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }
}

interface Seen {
  readonly frame: Frame;
  readonly title: string;
}

/** The title of a webview's document; undefined when it is hidden, or goes away while asked. */
async function titleIfVisible(frame: Frame): Promise<string | undefined> {
  try {
    const outer = await frame.parentFrame()?.frameElement();
    if (!(await outer?.isVisible())) return undefined;
    return await frame.title();
  } catch {
    return undefined; // replaced by its successor: the caller looks again
  }
}

/** Whether it becomes so in time (milliseconds). */
async function becomes(locator: Locator, state: 'visible' | 'hidden', timeout: number): Promise<boolean> {
  return locator.waitFor({ state, timeout }).then(
    () => true,
    (error) => ignoreTimeout(error) ?? false,
  );
}

function ignoreTimeout(error: unknown): undefined {
  if (!(error instanceof errors.TimeoutError)) throw error;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
