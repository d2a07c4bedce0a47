/** Takes pictures of every state in every theme, to be looked at: `node test/webview/harness/pictures.ts [theme…]`. */
import { type Opened, startHarness } from './harness.ts';
import * as samples from './samples.ts';
import { THEMES } from './themes.ts';
import * as tickSamples from './tickSamples.ts';

const wanted = process.argv.slice(2);
const harness = await startHarness();

const preview = (message: unknown, act: (opened: Opened) => Promise<void> = async () => {}, size = {}) =>
  ({ view: 'preview', message, act, size }) as const;
const ticks = (
  message: unknown,
  size: { width: number; height: number },
  act: (opened: Opened) => Promise<void> = async () => {},
) => ({ view: 'ticks', message, act, size }) as const;
const of = (failure: Parameters<typeof samples.previewOf>[0], over = {}) => ({
  type: 'preview',
  preview: samples.previewOf(failure, over),
  canOpenRun: true,
  subject: { kind: 'failure', id: failure.id, target: 'default' },
});
const tab =
  (name: string) =>
  async ({ page }: Opened) =>
    page.getByRole('tab', { name }).click();

const edit = async ({ page }: Opened): Promise<void> => page.getByRole('button', { name: 'Edit' }).click();

let at = Date.now();
const WIDE = { width: 1200, height: 225 };
const NARROW = { width: 700, height: 185 };
const chooseFive = async ({ page, tell, waitFor }: Opened): Promise<void> => {
  await page.locator('[data-testid="tick"]', { hasText: '5 failures found' }).click();
  const asked = await waitFor('show-tick');
  await tell({ type: 'tick-failures', tick: asked.tick, failures: tickSamples.failures(at) });
};

const noDsn = { target: samples.inbox, targetNote: 'no DSN set for ai_bmw' };
const cases = () =>
  ({
    'preview.check': preview(of(samples.discrepancies)),
    'preview.check-json': preview(of(samples.discrepancies), tab('JSON')),
    'preview.check-request': preview(of(samples.discrepancies), tab('Request')),
    'preview.run': preview(of(samples.runFailure(), noDsn)),
    'preview.receipt': preview(
      of(samples.discrepancies, {
        deliveries: [
          samples.delivery({ kind: 'accepted', at: at - 5000, status: 200, durationMs: 34, mayRepeat: false }),
        ],
      }),
    ),
    'preview.refused': preview(
      of(samples.hugeRun, {
        deliveries: [
          samples.delivery({
            kind: 'failed',
            at: at - 5000,
            status: 403,
            reason: '“event submission rejected with_reason: ProjectId”',
          }),
        ],
      }),
    ),
    'preview.waiting': preview(
      of(samples.discrepancies, {
        deliveries: [
          samples.delivery({ kind: 'waiting', until: at + 42_000, reason: 'HTTP 429: the project is over its quota' }),
          samples.delivery(
            { kind: 'accepted', at: at - 5000, status: 200, durationMs: 3, mayRepeat: false },
            { target: { kind: 'inbox' } },
          ),
        ],
      }),
    ),
    'preview.test': preview(of(samples.testFailure)),
    'preview.edit': preview(of(samples.editedTest), edit, { width: 880, height: 900 }),
    'preview.edit-narrow': preview(of(samples.editedTest), edit, { width: 520, height: 900 }),
    'preview.edit-problem': preview(of(samples.editedTest), async (opened) => {
      await edit(opened);
      await opened.page.getByLabel('Value of count').fill('many');
      await opened.page.getByRole('button', { name: 'Add tag' }).click();
      await opened.page.getByLabel('Name of tag new tag').fill('no blanks');
    }),
    'preview.types': preview(of(samples.everyType), undefined, { width: 880, height: 1100 }),
    'preview.many': preview(of(samples.many), async ({ page }) => {
      await page.locator('.grid').evaluate((grid) => {
        grid.scrollTop = 46 * 24;
      });
      await page.locator('td', { hasText: 'WAUZZZ8K9BA010049' }).click();
    }),
    'preview.hostile': preview(of(samples.hostile), undefined, { width: 880, height: 1200 }),
    'preview.received': preview(samples.receivedMessage, undefined, { width: 880, height: 900 }),
    'preview.received-request': preview(samples.receivedMessage, tab('Request')),
    'preview.narrow': preview(of(samples.discrepancies), undefined, { width: 520, height: 560 }),
    'preview.loading': preview({ type: 'loading' }, undefined, { width: 880, height: 300 }),
    'preview.error': preview(
      { type: 'error', message: 'This failure is no longer stored. Look back in the Failures view to list it again.' },
      undefined,
      { width: 880, height: 300 },
    ),
    'ticks.wide': ticks(tickSamples.snapshot(at), WIDE),
    'ticks.own': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 1200, height: 260 }),
    'ticks.own-tall': ticks(
      tickSamples.snapshot(at, tickSamples.ownPair(at)),
      { width: 1200, height: 420 },
      async ({ page }) => {
        await page.locator('[data-testid="tick"]', { hasText: 'run-aware' }).first().click();
      },
    ),
    'ticks.own-narrow': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 700, height: 220 }),
    'ticks.own-sidebar': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 290, height: 420 }),
    'ticks.own-sidebar-detail': ticks(
      tickSamples.snapshot(at, tickSamples.ownPair(at)),
      { width: 290, height: 420 },
      async ({ page }) => {
        await page.locator('[data-testid="tick"]', { hasText: 'run-aware' }).first().click();
      },
    ),
    'ticks.own-middle': ticks(tickSamples.snapshot(at, tickSamples.ownPair(at)), { width: 927, height: 290 }),
    'ticks.own-many': ticks(
      tickSamples.snapshot(at, tickSamples.manySensors(at, 12)),
      { width: 1200, height: 300 },
      async ({ page }) => {
        await page.locator('.lane-names .own-lanes').evaluate((element) => {
          element.scrollTop = 50;
        });
      },
    ),
    'ticks.detail': ticks(tickSamples.snapshot(at), WIDE, chooseFive),
    'ticks.tall': ticks(tickSamples.snapshot(at), { width: 1200, height: 420 }),
    'ticks.error-detail': ticks(tickSamples.snapshot(at), { width: 1200, height: 420 }, async ({ page }) => {
      await page.locator('[data-testid="tick"]', { hasText: 'EventLogError' }).click();
    }),
    'ticks.narrow': ticks(tickSamples.snapshot(at), NARROW),
    'ticks.narrow-detail': ticks(tickSamples.snapshot(at), NARROW, chooseFive),
    'ticks.empty': ticks(tickSamples.snapshot(at, { ticks: [] }), WIDE),
    'ticks.none': ticks(
      tickSamples.snapshot(at, { instance: { state: 'none', looked: [] }, ticks: [], sensors: [] }),
      WIDE,
    ),
    'ticks.searching': ticks(tickSamples.snapshot(at, { instance: { state: 'searching' } }), WIDE),
    'ticks.lost': ticks(
      tickSamples.snapshot(at, {
        instance: {
          state: 'lost',
          home: '/workspace/home',
          name: 'home',
          message: 'its folder is gone',
          since: at - 62_000,
        },
      }),
      WIDE,
    ),
    'ticks.stopped': ticks(
      tickSamples.snapshot(at, { sensors: tickSamples.sensors(at, { running: false, nextTickAt: null }) }),
      WIDE,
    ),
    'ticks.small': ticks(tickSamples.snapshot(at), { width: 420, height: 160 }),
    'ticks.unconfirmed': ticks(
      tickSamples.snapshot(at, {
        instance: { state: 'unconfirmed', home: '/home/me/other/.dagster', foundBy: 'webserver', webserverUrl: null },
      }),
      WIDE,
    ),
    'ticks.hour': ticks(tickSamples.snapshot(at), WIDE, async ({ page }) => {
      await page.locator('[data-testid="timeline"]').focus();
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('-');
      await page.getByText('asset_check_sentry_sensor').first().hover();
    }),
    'ticks.day': ticks(tickSamples.snapshot(at, { from: at - 2 * 86_400_000 }), WIDE, async ({ page }) => {
      await page.locator('[data-testid="timeline"]').focus();
      for (let step = 0; step < 6; step += 1) await page.keyboard.press('-');
    }),
    'ticks.week': ticks(
      tickSamples.snapshot(at, { from: at - 8 * 86_400_000, ticks: tickSamples.manyTicks(at, 4000) }),
      WIDE,
      async ({ page }) => {
        await page.locator('[data-testid="timeline"]').focus();
        for (let step = 0; step < 10; step += 1) await page.keyboard.press('-');
      },
    ),
  }) as const;

const names = Object.keys(cases());
for (const theme of THEMES) {
  for (const name of names) {
    if (wanted.length > 0 && !wanted.some((word) => `${name}.${theme}`.includes(word))) continue;
    at = Date.now();
    const chosen = Object.entries(cases()).find(([key]) => key === name);
    if (!chosen) continue;
    const { view, message, act, size } = chosen[1];
    const opened = await harness.open(view, { theme, ...size });
    await opened.tell(message);
    await act(opened);
    await opened.page.waitForTimeout(150);
    await opened.picture(`${name}.${theme}`);
    const problems = await opened.problems();
    if (problems.length > 0) console.log(name, theme, problems);
    await opened.close();
  }
}
await harness.close();
