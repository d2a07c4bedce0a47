import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../../scripts/paths.ts';
import { launchBrowser } from '../../host/browser.ts';
import { seriousViolations } from './axe.ts';
import { bundleWebviews } from './bundle.ts';
import { serveWebviews, type WebviewName } from './server.ts';
import { BODY_CLASS, type ThemeName, themeCss } from './themes.ts';

/** What a webview posted. */
export interface Posted {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The page's own window, as far as the harness looks into it. */
declare const window: {
  readonly posted: readonly Posted[];
  readonly violations: string[];
  postMessage(message: unknown, origin: string): void;
  requestAnimationFrame(then: () => void): void;
};

/** A webview in a browser, as VS Code would show it. */
export interface Opened {
  readonly page: Page;
  /** Posts a message as the extension would, and waits until it is drawn. */
  tell(message: unknown): Promise<void>;
  /** What the webview has posted so far, of one type or all; without what it was about and its number. */
  posted(type?: string): Promise<readonly Posted[]>;
  /** What each message was about, of one type. */
  about(type: string): Promise<readonly unknown[]>;
  /** Answers as the extension does once it has copied what the webview asked for last. */
  copied(): Promise<void>;
  /** Waits until a message of this type was posted, and returns the newest. */
  waitFor(type: string): Promise<Posted>;
  /** Saves a picture under `.cache/screenshots/webview`. */
  picture(name: string): Promise<void>;
  /** Another theme, as when the user changes it while the webview stands there. */
  retheme(theme: ThemeName): Promise<void>;
  /** Serious accessibility violations, of all rules or these. */
  serious(rules?: readonly string[]): Promise<readonly string[]>;
  /** Policy violations and errors of the page; empty when all is well. */
  problems(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly strings?: Readonly<Record<string, unknown>>;
  /** What the extension puts into the page, as the body's `data-<name>`. */
  readonly data?: Readonly<Record<string, string>>;
}

/** The browser and the server; `close` ends both. */
export interface Harness {
  open(name: WebviewName, options?: OpenOptions): Promise<Opened>;
  close(): Promise<void>;
}

const pictures = path.join(root, '.cache', 'screenshots', 'webview');

export async function startHarness(): Promise<Harness> {
  await bundleWebviews();
  await mkdir(pictures, { recursive: true });
  const server = await serveWebviews();
  const browser: Browser = await launchBrowser();
  return {
    open: (name, options = {}) => open(browser, server.url, name, options),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

const drawn = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>((resolve) => window.requestAnimationFrame(() => window.requestAnimationFrame(resolve))),
  );

async function open(browser: Browser, url: string, name: WebviewName, options: OpenOptions): Promise<Opened> {
  const { theme = 'dark', width = 880, height = 720, strings, data } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const own = /^Canvas2D: Multiple readback/; // the tests read the canvas, the page does not
    if ((message.type() === 'error' || message.type() === 'warning') && !own.test(message.text())) {
      errors.push(message.text());
    }
  });
  const query = new URLSearchParams({
    theme,
    strings: JSON.stringify(strings ?? {}),
    data: JSON.stringify(data ?? {}),
  });
  await page.goto(`${url}/${name}?${query}`);
  await page.waitForFunction(() => window.posted.some((message) => message.type === 'ready'));
  const all = (): Promise<readonly Posted[]> => page.evaluate(() => window.posted);
  const posted: Opened['posted'] = async (type) =>
    (await all())
      .filter((message) => type === undefined || message.type === type)
      .map(({ about, copy, ...rest }) => rest);
  const tell = async (message: unknown): Promise<void> => {
    await page.evaluate((data) => window.postMessage(data, '*'), JSON.stringify(message));
    await drawn(page);
  };
  return {
    page,
    posted,
    tell,
    copied: async () => tell({ type: 'copied', copy: (await all()).findLast(({ copy }) => copy !== undefined)?.copy }),
    about: async (type) => (await all()).filter((message) => message.type === type).map(({ about }) => about),
    waitFor: async (type) => {
      await page.waitForFunction((wanted) => window.posted.some((message) => message.type === wanted), type);
      const last = (await posted(type)).at(-1);
      if (!last) throw new Error(`No ${type} was posted.`);
      return last;
    },
    picture: async (file) => {
      await drawn(page);
      await page.screenshot({ path: path.join(pictures, `${file}.png`) });
    },
    retheme: async (next) => {
      await page.evaluate(
        ([css, name]) => {
          const style = document.getElementById('theme');
          if (style) style.textContent = css;
          document.body.className = name;
        },
        [themeCss(next), BODY_CLASS[next]] as const,
      );
      await drawn(page);
    },
    serious: async (rules) => {
      // The checker tries inline styles of its own: what that breaks is not the page's doing.
      const before = await page.evaluate(() => window.violations.length);
      const known = errors.length;
      const found = await seriousViolations(page, rules);
      await page.evaluate((length) => window.violations.splice(length), before);
      errors.length = known;
      return found;
    },
    problems: async () => [...(await page.evaluate(() => window.violations)), ...errors],
    close: () => context.close(),
  };
}
