import assert from 'node:assert/strict';
import { type Harness, type Opened, startHarness } from './harness/harness.ts';
import {
  failures,
  following,
  manySensors,
  manyTicks,
  ownPair,
  sensors,
  snapshot,
  tick,
  ticks,
  update,
} from './harness/tickSamples.ts';

const CHECK = 'asset_check_sentry_sensor';
const RUN = 'run_failure_sentry_sensor';
const SIZE = { width: 1200, height: 260 };
const HOUR = 3_600_000;

describe('the sensor ticks', function () {
  this.timeout(60_000);
  let harness: Harness;
  let view: Opened;

  const open = async (message: unknown, size = SIZE): Promise<void> => {
    view = await harness.open('ticks', size);
    await view.tell(message);
  };
  const timeline = () => view.page.getByTestId('timeline');
  const rows = () => view.page.getByTestId('tick');
  const chosen = () => view.page.locator('[data-testid="tick"][aria-selected="true"]');
  const span = () => view.page.getByTestId('span').innerText();

  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());
  afterEach(async () => {
    assert.deepEqual(await view.problems(), []);
    await view.close();
  });

  it('show a tick as soon as an update brings it, and a row that counts on in its place', async () => {
    const now = Date.now();
    await open(snapshot(now));
    const before = await rows().count();
    const news = tick(now, 500, CHECK, 0, { failuresFound: 4, rowsRead: 5 });
    await view.tell(update(now, [news]));
    assert.equal(await rows().count(), before + 1);
    assert.match(await rows().first().innerText(), /4 failures found/);
    const again = { ...news, failuresFound: 0, count: 2, startedAt: now - 1000 };
    await view.tell(update(now, [again]));
    assert.equal(await rows().count(), before + 1);
    assert.match(await rows().first().innerText(), /2 ticks since/);
  });

  it('announce failures found while following, and nothing else', async () => {
    const now = Date.now();
    await open(snapshot(now));
    const status = view.page.locator('main > [role="status"]');
    const finding = (id: number, found: number) => update(now, [tick(now, id, CHECK, 0, { failuresFound: found })]);
    await view.tell(finding(500, 0));
    assert.equal(await status.innerText(), '');
    await view.tell(finding(501, 3));
    assert.equal(await status.textContent(), '3 failures found');
    await view.tell(finding(502, 2));
    assert.equal(await status.textContent(), '3 failures found', 'at most one in ten seconds');
  });

  it('zoom by keys, buttons and wheel', async () => {
    await open(snapshot(Date.now()));
    assert.equal(await span(), '8 min');
    await timeline().focus();
    await view.page.keyboard.press('+');
    assert.equal(await span(), '4 min');
    await view.page.keyboard.press('-');
    await view.page.keyboard.press('-');
    assert.equal(await span(), '16 min');
    await view.page.getByTestId('zoom-in').click();
    assert.equal(await span(), '8 min');
    await timeline().hover();
    await view.page.mouse.wheel(0, -300);
    await view.page.waitForFunction(() => document.querySelector('[data-testid="span"]')?.textContent !== '8 min');
    assert.equal(await span(), '3 min');
  });

  it('stop following when panned, and follow again with End', async () => {
    await open(snapshot(Date.now()));
    const follow = view.page.getByTestId('follow');
    assert.equal(await follow.getAttribute('aria-pressed'), 'true');
    const box = await timeline().boundingBox();
    assert.ok(box);
    await view.page.mouse.move(box.x + 400, box.y + 30);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 500, box.y + 30, { steps: 4 });
    await view.page.mouse.up();
    assert.equal(await follow.getAttribute('aria-pressed'), 'false');
    await timeline().focus();
    await view.page.keyboard.press('End');
    assert.equal(await follow.getAttribute('aria-pressed'), 'true');
  });

  it('are chosen in the timeline by keyboard, read aloud, opened and closed', async () => {
    const now = Date.now();
    await open(snapshot(now));
    await timeline().focus();
    await view.page.keyboard.press('ArrowLeft');
    assert.match(await chosen().innerText(), /asset_check_sentry_sensor[\s\S]*Nothing new/);
    await view.page.keyboard.press('ArrowLeft');
    assert.match(
      await chosen().innerText(),
      /zoo_check on audi\/zoo, many_keys on audi\/zoo, x+ on audi\/zoo and 2 more/,
    );
    assert.match(
      (await view.page.locator('firedrill-timeline [aria-live]').textContent()) ?? '',
      /Success, zoo_check on audi\/zoo, .* and 2 more$/,
    );
    await view.page.keyboard.press('ArrowDown');
    assert.match(await chosen().innerText(), /run_failure_sentry_sensor/);
    await view.page.keyboard.press('ArrowUp');
    assert.equal(await view.page.getByTestId('details').count(), 0);
    await view.page.keyboard.press('Enter');
    assert.match(await view.page.getByTestId('details').innerText(), /Success, \d failures? found/);
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.getByTestId('details').count(), 0);
    const focused = await view.page.evaluate(`document.activeElement.getAttribute('aria-selected')`);
    assert.equal(focused, 'true', 'back on the row');
  });

  it('are chosen in the table by keyboard', async () => {
    await open(snapshot(Date.now()));
    await rows().first().focus();
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('ArrowDown');
    assert.equal(await chosen().getAttribute('aria-rowindex'), '3');
    await view.page.keyboard.press('End');
    assert.equal(await chosen().getAttribute('aria-rowindex'), String((await rows().count()) + 1));
    assert.ok(await chosen().isVisible());
    await view.page.keyboard.press('Enter');
    assert.ok(await view.page.getByTestId('details').isVisible());
  });

  it('are chosen by keyboard in a table that is longer than what is drawn of it', async () => {
    const now = Date.now();
    const many = Array.from({ length: 500 }, (_, n) => tick(now, n + 1, 'asset_check_sentry_sensor', (500 - n) / 10));
    await open(snapshot(now, { ticks: many.map((each, n) => ({ ...each, rowsRead: n })) }));
    await rows().first().focus();
    for (const [key, row] of [
      ['End', 501],
      ['ArrowUp', 500],
      ['Home', 2],
      ['ArrowDown', 3],
      ['End', 501],
    ] as const) {
      await view.page.keyboard.press(key);
      await view.page.locator(`[data-testid="tick"][aria-rowindex="${row}"][aria-selected="true"]`).waitFor();
      const focused = await view.page.evaluate(`document.activeElement.getAttribute('aria-rowindex')`);
      assert.equal(focused, String(row), key);
      assert.ok(await chosen().isVisible());
    }
  });

  it('show the failures that a tick found, and preview one', async () => {
    const now = Date.now();
    await open(snapshot(now));
    await rows().filter({ hasText: 'and 2 more' }).click();
    const asked = await view.waitFor('show-tick');
    assert.ok(await view.page.getByText('Loading…').isVisible());
    await view.tell({ type: 'tick-failures', tick: asked.tick, failures: failures(now) });
    await view.page.getByRole('button', { name: /unicode_md on audi\/zoo/ }).click();
    assert.deepEqual(await view.posted('preview'), [{ type: 'preview', failure: 'f3' }]);
  });

  it('click in the timeline chooses a mark, and zooms in to a capsule', async () => {
    const now = Date.now();
    const close = [0, 1, 2, 3].map((id) => tick(now, id + 1, RUN, 300 + id * 2, { failuresFound: 1 }));
    await open(snapshot(now, { ticks: [...close, tick(now, 9, CHECK, 120, { failuresFound: 2 })] }));
    const box = await timeline().boundingBox();
    assert.ok(box);
    // Eight minutes over the width, now at 87 %; the lanes begin below 22 px.
    const at = (ago: number) => box.x + box.width * (0.87 - ago / 480);
    const lane = (index: number) => box.y + 22 + (index + 0.5) * ((box.height - 22) / 2);
    await view.page.mouse.click(at(120), lane(0));
    assert.match(await chosen().innerText(), /2 failures found/);
    assert.ok(await view.page.getByTestId('details').isVisible());
    await view.page.keyboard.press('Escape');
    await view.page.getByTestId('follow').click();
    await view.page.mouse.click(at(303), lane(1));
    assert.notEqual(await span(), '8 min');
    assert.equal(await rows().count(), 4);
  });

  it('leave the reason its room at any width, with and without details', async () => {
    await open(snapshot(Date.now(), ownPair(Date.now())));
    const reason = view.page.getByRole('columnheader', { name: 'Reason or error' });
    for (const details of [false, true]) {
      if (details) await rows().first().click();
      for (const width of [1600, 1240, 922, 900, 800, 660, 480, 440, 290]) {
        await view.page.setViewportSize({ width, height: 260 });
        const room = await reason.evaluate((head) => head.getBoundingClientRect().width);
        assert.ok(room >= 160, `${room} px of ${width}${details ? ' with details' : ''}`);
      }
    }
  });

  it('are filtered by end and by sensor, and the filters are undone at once', async () => {
    await open(snapshot(Date.now()), { width: 1200, height: 900 });
    const all = await rows().count();
    assert.ok((await rows().filter({ hasText: 'zoo_check on' }).count()) > 0);
    await view.page.getByTestId('facet-found').click();
    assert.equal(await rows().filter({ hasText: 'zoo_check on' }).count(), 0);
    await view.page.getByRole('button', { name: `${RUN} show only its ticks` }).click();
    assert.equal(await rows().filter({ hasText: CHECK }).count(), 0);
    for (const end of ['none', 'skipped', 'failure']) await view.page.getByTestId(`facet-${end}`).click();
    assert.match(await view.page.getByTestId('empty').innerText(), /No tick matches/);
    await view.page.getByRole('button', { name: 'Show all' }).click();
    assert.equal(await rows().count(), all);
  });

  it('are filtered by a text, in table, facets and timeline, and the keyboard goes there, on to the rows and back', async () => {
    const now = Date.now();
    await open(snapshot(now, ownPair(now)), { width: 1200, height: 900 });
    const all = await rows().count();
    const count = () =>
      view.page
        .getByTestId('facet-failure')
        .locator('.number')
        .innerText()
        .then((text) => text.split(/\s/)[0]);
    const before = await count();
    await view.tell({ type: 'find' });
    await view.page.keyboard.type('run-AWARE');
    assert.deepEqual([await rows().count(), await count()], [7, '7']);
    assert.match(
      (await timeline().getAttribute('aria-label')) ?? '',
      /: 0 ticks; .*: 0 ticks; .* of ai_audi: 7 ticks;/,
    );
    await view.page.keyboard.press('ArrowDown');
    assert.equal(await view.page.evaluate(`document.activeElement.getAttribute('aria-rowindex')`), '2');
    await view.tell({ type: 'find' });
    await view.page.keyboard.type('nowhere');
    assert.match(await view.page.getByTestId('empty').innerText(), /No tick here matches “nowhere”\s+Show all/);
    await view.page.keyboard.press('Escape');
    assert.deepEqual([await rows().count(), await count()], [all, before]);
    assert.equal(await view.page.evaluate('document.activeElement.dataset.testid'), 'filter');
  });

  it('tell the extension whether they are filtered, and show all when it says so', async () => {
    await open(snapshot(Date.now()));
    const told = async (filtered: boolean): Promise<void> => {
      const isSo = async () => (await view.posted('arranged')).at(-1)?.filtered === filtered;
      for (const end = Date.now() + 5000; !(await isSo()); ) assert.ok(Date.now() < end, 'it was not told');
    };
    await told(false);
    const all = await rows().count();
    await view.page.getByTestId('filter').fill('locked');
    await told(true);
    await view.page.reload();
    await view.tell(snapshot(Date.now()));
    assert.equal(await rows().count(), 1, 'kept');
    await view.tell({ type: 'clear-filter' });
    assert.deepEqual([await rows().count(), await view.page.getByTestId('filter').inputValue()], [all, '']);
    await told(false);
  });

  it('begin in an editor as the panel stood, and then keep their own', async () => {
    const kept = { view: { span: 120_000, from: null }, hidden: ['none'], only: null, text: '', chosen: null };
    view = await harness.open('ticks', { ...SIZE, data: { place: 'editor', kept: JSON.stringify(kept) } });
    await view.tell(snapshot(Date.now()));
    assert.equal(await span(), '2 min');
    assert.equal(await view.page.getByTestId('facet-none').getAttribute('aria-pressed'), 'false');
    await view.page.getByTestId('facet-none').click();
    await view.page.reload();
    await view.tell(snapshot(Date.now()));
    assert.equal(await view.page.getByTestId('facet-none').getAttribute('aria-pressed'), 'true');
  });

  it('are asked for when the view leaves what is held, with what was kept after a reload', async () => {
    const now = Date.now();
    await open(snapshot(now, { from: now - HOUR / 4 }));
    await timeline().focus();
    for (let step = 0; step < 4; step += 1) await view.page.keyboard.press('-');
    const asked = await view.waitFor('range');
    assert.ok(Number(asked.from) <= now - 1.7 * HOUR && Number(asked.to) >= now, JSON.stringify(asked));
    await view.page.reload();
    await view.tell(snapshot(now, { from: now - 3 * HOUR }));
    assert.equal(await span(), '2.1 h');
  });

  it('come back as they were: range, filter, chosen tick with its failures', async () => {
    const now = Date.now();
    await open(snapshot(now));
    await view.page.getByTestId('facet-none').click();
    await rows().filter({ hasText: 'and 2 more' }).click();
    await timeline().press('-');
    const before = [await span(), await chosen().getAttribute('data-tick')];
    await view.page.reload();
    await view.tell(snapshot(now));
    assert.deepEqual([await span(), await chosen().getAttribute('data-tick')], before);
    assert.equal(await view.page.getByTestId('facet-none').getAttribute('aria-pressed'), 'false');
    const asked = await view.waitFor('show-tick');
    await view.tell({ type: 'tick-failures', tick: asked.tick, failures: failures(now) });
    assert.ok(await view.page.getByRole('button', { name: /zoo_check on audi\/zoo/ }).isVisible());
    await view.tell(snapshot(now, { instance: { ...following, home: '/another' } }));
    assert.equal(await view.page.getByTestId('details').count(), 0, 'another instance’s ticks have the same ids');
  });

  it('show a time or a tick that is gone to', async () => {
    const now = Date.now();
    await open(snapshot(now));
    const [five] = ticks(now).filter(({ failuresFound }) => failuresFound === 5);
    assert.ok(five);
    await view.tell({ type: 'jump', at: five.startedAt, tick: five.id });
    assert.match(await view.page.getByTestId('details').innerText(), /Success, 5 failures found/);
    assert.equal(await view.page.getByTestId('follow').getAttribute('aria-pressed'), 'false');
    await view.tell({ type: 'jump', at: now - 5 * 24 * HOUR, tick: null });
    const { from, to } = await view.waitFor('range');
    assert.ok(Number(to) < now - 4 * 24 * HOUR);
    await view.tell(snapshot(now, { ticks: [], from: Number(from), to: Number(to) }));
    assert.match(await view.page.getByTestId('empty').innerText(), /No ticks here/);
  });

  it('have a lane for each of the project’s own sensors, with its ticks, but nothing to tick or stop', async () => {
    const now = Date.now();
    await open(snapshot(now, ownPair(now)), { width: 1200, height: 420 });
    const lane = view.page.getByRole('button', { name: `${RUN} ai_audi show only its ticks` });
    await lane.click();
    assert.equal(await rows().count(), 9, 'the first is out of sight');
    assert.match(await rows().first().innerText(), /ai_audi[\s\S]*it started and never ended/);
    assert.equal(await view.page.getByRole('button', { name: /^(Tick|Stop) / }).count(), 4, 'of the hosted ones');
    await rows().filter({ hasText: '2 runs reported' }).first().click();
    const details = await view.page.getByTestId('details').innerText();
    assert.match(
      details,
      /run_failure_sentry_sensor of ai_audi[\s\S]*Dagster’s daemon[\s\S]*Reported\s+5d1f0c22\s+88484b3e/,
    );
    assert.deepEqual(await view.posted('show-tick'), [], 'its failures are not Firedrill’s');
  });

  it('scroll the project’s own lanes beyond six, and bring a lane into sight by keyboard', async () => {
    const now = Date.now();
    await open(snapshot(now, manySensors(now, 12)), { width: 1200, height: 300 });
    const box = await timeline().boundingBox();
    assert.ok(box && box.height < 22 + 6 * 24 + 1);
    const offset = () => view.page.getByTestId('own-lanes').evaluate((element) => element.scrollTop);
    assert.equal(await offset(), 0);
    await timeline().focus();
    for (let lane = 0; lane < 12; lane += 1) await view.page.keyboard.press('ArrowDown');
    assert.match(await chosen().innerText(), /sensor_1\d/);
    assert.ok((await offset()) > 100);
    assert.deepEqual(
      await view.page.locator('.lane-ends .own-lanes').evaluate((element) => element.scrollTop),
      await offset(),
    );
    assert.equal(await view.page.locator('.lane-ends').getByText('stopped', { exact: true }).count(), 1);
    assert.equal(await view.page.locator('.lane-ends').getByText('off', { exact: true }).count(), 1);
  });

  it('tick, stop and start from the lane', async () => {
    const now = Date.now();
    await open(snapshot(now));
    const button = (name: string) => view.page.getByRole('button', { name });
    await button(`Tick ${CHECK} now`).focus();
    await view.page.keyboard.press('Enter');
    await button(`Stop ${CHECK}`).focus();
    await view.page.keyboard.press('Enter');
    const stopped = sensors(now, { running: false, nextTickAt: null });
    await view.tell({ ...update(now), sensors: stopped });
    await view.page.getByText(RUN).first().hover();
    await button(`Start ${RUN}`).click();
    const acts = (await view.posted()).filter(({ type }) => /^(?:tick|set)-/.test(type));
    assert.deepEqual(acts, [
      { type: 'tick-now', sensor: CHECK },
      { type: 'set-running', sensor: CHECK, running: false },
      { type: 'set-running', sensor: RUN, running: true },
    ]);
  });

  it('count down to the next interval tick', async () => {
    const now = Date.now();
    await open(snapshot(now));
    const countdown = view.page.locator('firedrill-countdown').first();
    const first = await countdown.innerText();
    assert.match(first, /^0:2\d$/);
    await view.page.waitForFunction(
      (before) => document.querySelector('firedrill-countdown')?.textContent?.trim() !== before,
      first,
    );
    assert.match(await countdown.innerText(), /^0:2\d$/);
  });

  it('say that there is no instance, and let the user choose one', async () => {
    const now = Date.now();
    await open(snapshot(now, { instance: { state: 'none', looked: [] }, ticks: [], sensors: [] }));
    assert.match(await view.page.getByTestId('state').innerText(), /No Dagster instance/);
    await view.page.getByTestId('choose-instance').click();
    assert.deepEqual(await view.posted('choose-instance'), [{ type: 'choose-instance' }]);
  });

  it('say that the instance is lost, keep what was seen, and promise no next tick', async () => {
    const now = Date.now();
    const lost = { state: 'lost', home: '/h', name: 'h', message: 'its folder is gone', since: now - 60_000 } as const;
    await open(snapshot(now, { instance: lost }));
    assert.match(
      await view.page.getByTestId('lost').innerText(),
      /Instance lost at .*: its folder is gone\. Sensors wait/,
    );
    assert.ok((await rows().count()) > 5);
    assert.deepEqual(await view.page.locator('firedrill-countdown').allInnerTexts(), ['–', '–']);
  });

  it('have their lanes and columns at once, and are said to be loading until they are there', async () => {
    const now = Date.now();
    const loading = () => view.page.getByRole('progressbar', { name: 'Loading the ticks' });
    view = await harness.open('ticks', SIZE);
    assert.equal(await loading().count(), 1);
    await view.tell(update(now));
    assert.equal(await loading().count(), 1);
    assert.equal(await view.page.getByRole('columnheader', { name: 'Reason or error' }).count(), 1);
    assert.match(await view.page.locator('.lane-names').innerText(), /asset_check_sentry_sensor/);
    assert.equal(await view.page.getByTestId('empty').count(), 0, 'nothing says that there are none');
    assert.match(await view.page.getByTestId('facet-found').innerText(), /–/);
    await view.tell(snapshot(now));
    assert.equal(await loading().count(), 0);
    assert.ok((await rows().count()) > 5);
  });

  it('say of a time without any that there is none there, also once that is known, and lead back', async () => {
    const now = Date.now();
    await open(snapshot(now));
    const long = now - 40 * 24 * HOUR;
    await view.tell({ type: 'jump', at: long, tick: null });
    assert.equal(await view.page.getByTestId('empty').count(), 0, 'it is not known yet');
    const { from, to } = await view.waitFor('range');
    await view.tell(snapshot(now, { ticks: [], from: Number(from), to: Number(to) }));
    assert.ok(await view.page.getByText('No ticks here').isVisible());
    await view.page.getByRole('button', { name: 'Show the latest' }).click();
    assert.equal(await view.page.getByTestId('follow').getAttribute('aria-pressed'), 'true');
    assert.equal(await view.page.getByTestId('empty').count(), 0, 'nor is it of the latest by then');
    assert.match(await view.page.getByTestId('facet-none').innerText(), /–/);
    await view.tell(snapshot(now));
    assert.ok((await rows().count()) > 5);
  });

  it('say when the first is due while there is none', async () => {
    await open(snapshot(Date.now(), { ticks: [] }));
    assert.match(
      await view.page.getByTestId('empty').innerText(),
      /No ticks yet\s+The first is due in 0:2\d, or at once/,
    );
  });

  it('draw a part of many rows and keep the place when new ones come in', async () => {
    const now = Date.now();
    await open(snapshot(now, { from: now - 200 * HOUR, ticks: manyTicks(now, 4000) }));
    await timeline().focus();
    for (let step = 0; step < 11; step += 1) await view.page.keyboard.press('-');
    const table = view.page.locator('firedrill-ticks-table');
    assert.ok(Number(await view.page.getByRole('grid').getAttribute('aria-rowcount')) > 3000);
    assert.ok((await rows().count()) < 120);
    await table.evaluate((element) => {
      element.scrollTop = 20_000;
    });
    await view.page.waitForFunction(
      () => Number(document.querySelector('[data-testid="tick"]')?.getAttribute('aria-rowindex')) > 900,
    );
    const top = () =>
      table.evaluate((element) => {
        const head = element.getBoundingClientRect().top + 20;
        return [...element.querySelectorAll('[data-testid="tick"]')]
          .find((row) => row.getBoundingClientRect().bottom > head + 1)
          ?.getAttribute('data-tick');
      });
    const before = await top();
    const news = [tick(now, 9001, CHECK, 0), tick(now, 9002, RUN, 0)];
    await view.tell(update(now, news));
    assert.equal(await top(), before);
  });

  it('fit any panel: nothing scrolls but the table, the facets and the details', async () => {
    for (const size of [SIZE, { width: 700, height: 185 }, { width: 420, height: 160 }, { width: 1600, height: 600 }]) {
      await open(snapshot(Date.now()), size);
      const overflow = await view.page.evaluate(
        `[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]`,
      );
      assert.deepEqual(overflow, [0, 0], JSON.stringify(size));
      assert.ok(await rows().first().isVisible(), JSON.stringify(size));
      if (size.height !== 600) {
        assert.deepEqual(await view.problems(), []);
        await view.close();
      }
    }
  });

  it('change colours with the theme', async () => {
    await open(snapshot(Date.now(), { ticks: ticks(Date.now()) }));
    const colours = () =>
      view.page.evaluate(`(() => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const found = new Set();
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) found.add(data.slice(at, at + 3).join());
        return [...found];
      })()`) as Promise<string[]>;
    assert.ok((await colours()).includes('89,164,249'));
    await view.page.evaluate(`document.documentElement.style.setProperty('--vscode-charts-blue', 'rgb(1, 2, 3)')`);
    await view.page.waitForTimeout(100);
    assert.ok((await colours()).includes('1,2,3'));
  });
});
