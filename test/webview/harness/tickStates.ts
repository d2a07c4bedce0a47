import type { Opened } from './harness.ts';
import type { WebviewState } from './previewStates.ts';
import * as tickSamples from './tickSamples.ts';

const ticks = (
  message: unknown,
  size: { width: number; height: number },
  act: (opened: Opened) => Promise<void> = async () => {},
): WebviewState => ({ message, act, size });

const DAY = 86_400_000;
const WIDE = { width: 1200, height: 225 };
const NARROW = { width: 700, height: 185 };
/** Goes further out (`-`) or in (`+`), each step by two. */
const zoom =
  (key: '+' | '-', steps: number) =>
  async ({ page }: Opened): Promise<void> => {
    await page.locator('[data-testid="timeline"]').focus();
    for (let step = 0; step < steps; step += 1) await page.keyboard.press(key);
  };
const filter =
  (text: string) =>
  async ({ page }: Opened): Promise<void> =>
    page.getByTestId('filter').fill(text);
const chooseFive =
  (at: number) =>
  async ({ page, tell, waitFor }: Opened): Promise<void> => {
    await page.locator('[data-testid="tick"]', { hasText: 'and 2 more' }).click();
    const asked = await waitFor('show-tick');
    await tell({ type: 'tick-failures', tick: asked.tick, failures: tickSamples.failures(at) });
  };

const lost = (at: number, message: string) => ({
  instance: { state: 'lost', home: '/workspace/home', name: 'home', message, since: at - 62_000 } as const,
  ticks: tickSamples.ticks(at).filter((tick) => tick.lastStartedAt < at - 62_000),
});

/** Every state that the panel has. `at`: the present, ms since 1970. */
export const tickStates = (at: number): Readonly<Record<string, WebviewState>> => ({
  wide: ticks(tickSamples.snapshot(at), WIDE),
  own: ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 1200, height: 260 }),
  'own-tall': ticks(
    tickSamples.snapshot(at, tickSamples.ownPair(at)),
    { width: 1200, height: 420 },
    async ({ page }) => {
      await page.locator('[data-testid="tick"]', { hasText: 'run-aware' }).first().click();
    },
  ),
  'own-narrow': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 700, height: 220 }),
  'own-sidebar': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 290, height: 420 }),
  'own-sidebar-detail': ticks(
    tickSamples.snapshot(at, tickSamples.ownPair(at)),
    { width: 290, height: 420 },
    async ({ page }) => {
      await page.locator('[data-testid="tick"]', { hasText: 'run-aware' }).first().click();
    },
  ),
  'own-middle': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 927, height: 290 }),
  'own-many': ticks(
    tickSamples.snapshot(at, tickSamples.manySensors(at, 12)),
    { width: 1200, height: 300 },
    async ({ page }) => {
      await page.locator('.lane-names .own-lanes').evaluate((element) => {
        element.scrollTop = 50;
      });
    },
  ),
  detail: ticks(tickSamples.snapshot(at), WIDE, chooseFive(at)),
  tall: ticks(tickSamples.snapshot(at), { width: 1200, height: 420 }),
  'error-detail': ticks(tickSamples.snapshot(at), { width: 1200, height: 420 }, async ({ page }) => {
    await page.locator('[data-testid="tick"]', { hasText: 'EventLogError' }).click();
  }),
  'middle-detail': ticks(tickSamples.snapshot(at), { width: 922, height: 260 }, chooseFive(at)),
  narrow: ticks(tickSamples.snapshot(at), NARROW),
  'narrow-detail': ticks(tickSamples.snapshot(at), NARROW, chooseFive(at)),
  loading: ticks(tickSamples.update(at), WIDE),
  'loading-narrow': ticks(tickSamples.update(at), NARROW),
  'loading-sidebar': ticks(tickSamples.update(at), { width: 290, height: 420 }),
  empty: ticks(tickSamples.snapshot(at, { ticks: [] }), WIDE),
  none: ticks(tickSamples.snapshot(at, { instance: { state: 'none', looked: [] }, ticks: [], sensors: [] }), WIDE),
  searching: ticks(tickSamples.snapshot(at, { instance: { state: 'searching' } }), WIDE),
  lost: ticks(tickSamples.snapshot(at, lost(at, 'its folder is gone')), WIDE),
  'lost-detail': ticks(
    tickSamples.snapshot(
      at,
      lost(
        at,
        '/home/me/prices/.dagster/history/runs/index.db is gone. Was the Dagster home removed, or a temporary one closed?',
      ),
    ),
    WIDE,
    chooseFive(at),
  ),
  stopped: ticks(
    tickSamples.snapshot(at, { sensors: tickSamples.sensors(at, { running: false, nextTickAt: null }) }),
    WIDE,
  ),
  small: ticks(tickSamples.snapshot(at), { width: 420, height: 160 }),
  unconfirmed: ticks(
    tickSamples.snapshot(at, {
      instance: { state: 'unconfirmed', home: '/home/me/other/.dagster', foundBy: 'webserver', webserverUrl: null },
    }),
    WIDE,
  ),
  restricted: ticks(tickSamples.snapshot(at, { instance: { state: 'restricted' }, ticks: [], sensors: [] }), WIDE),
  one: ticks(tickSamples.snapshot(at, { ticks: tickSamples.ticks(at).slice(-1) }), WIDE),
  minute: ticks(tickSamples.snapshot(at), WIDE, zoom('+', 3)),
  hour: ticks(tickSamples.snapshot(at), WIDE, async (opened) => {
    await zoom('-', 3)(opened);
    await opened.page.getByText('asset_check_sentry_sensor').first().hover();
  }),
  crowded: ticks(
    tickSamples.snapshot(at, { from: at - 8 * DAY, ticks: tickSamples.manyTicks(at, 10_000) }),
    WIDE,
    zoom('-', 4),
  ),
  many: ticks(
    tickSamples.snapshot(at, { from: at - 8 * DAY, ticks: tickSamples.manyTicks(at, 10_000) }),
    WIDE,
    zoom('-', 6),
  ),
  day: ticks(tickSamples.snapshot(at, { from: at - 2 * DAY }), WIDE, zoom('-', 6)),
  week: ticks(
    tickSamples.snapshot(at, { from: at - 8 * DAY, ticks: tickSamples.manyTicks(at, 4000) }),
    WIDE,
    zoom('-', 10),
  ),
  filtered: ticks(
    tickSamples.snapshot(at, tickSamples.ownPair(at)),
    { width: 1200, height: 260 },
    filter('run_failure'),
  ),
  'filtered-narrow': ticks(tickSamples.snapshot(at), NARROW, filter('zoo_check on')),
  'filtered-sidebar': ticks(
    tickSamples.snapshot(at, tickSamples.ownPair(at)),
    { width: 290, height: 420 },
    filter('run-aware'),
  ),
  'filtered-none': ticks(tickSamples.snapshot(at), WIDE, filter('the feed has no connection')),
  'filtered-week': ticks(
    tickSamples.snapshot(at, { from: at - 8 * DAY, ticks: tickSamples.manyTicks(at, 4000) }),
    WIDE,
    async (opened) => {
      await filter('X: y')(opened);
      await zoom('-', 10)(opened);
    },
  ),
  editor: ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 1100, height: 640 }, async (opened) => {
    await opened.page.evaluate(() => document.body.setAttribute('data-place', 'editor'));
    await chooseFive(at)(opened);
  }),
});
