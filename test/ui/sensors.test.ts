import assert from 'node:assert/strict';
import type { OwnSensor } from '../../src/engine/api.ts';
import { english } from '../../src/ui/l10n.ts';
import { ownEntries } from '../../src/ui/sensors/own.ts';
import { hostedGroup, ownGroup, ownRow, type Reading, sensorRow } from '../../src/ui/sensors/rows.ts';
import { sensorTooltip } from '../../src/ui/sensors/tooltip.ts';
import { AT, sensor, tick } from './samples.ts';

describe('a sensor’s row', () => {
  const description = (changes: Parameters<typeof sensor>[0]) =>
    sensorRow(sensor(changes), 'following', english).description;

  it('says the clock time of the last tick, or what is wrong', () => {
    assert.equal(description({}), '19:12:30');
    assert.equal(description({ running: false }), 'stopped');
    assert.equal(description({ lastTick: null }), 'no tick yet');
    assert.equal(description({ lastTick: tick({ failuresFound: 3 }) }), '19:12:30 · 3 found');
    assert.equal(
      description({ lastTick: tick({ end: { kind: 'skipped', reason: 'SENTRY_DSN is not set' } }) }),
      '19:12:30 · skipped',
    );
    assert.equal(
      description({ lastTick: tick({ count: 8, end: { kind: 'failure', error: 'locked' } }) }),
      '8 failed · 19:12:30',
    );
  });

  it('shows a failing sensor as failing and a stopped one as stopped', () => {
    const failing = sensorRow(
      sensor({ lastTick: tick({ end: { kind: 'failure', error: 'locked' } }) }),
      'following',
      english,
    );
    assert.equal(failing.icon?.name, 'error');
    assert.equal(failing.context, 'sensor running');
    const stopped = sensorRow(sensor({ running: false }), 'following', english);
    assert.equal(stopped.icon?.name, 'circle-slash');
    assert.equal(stopped.context, 'sensor stopped');
  });

  it('says that there is no instance where none is followed: nobody stopped it', () => {
    const row = sensorRow(sensor(), 'none', english);
    assert.deepEqual([row.description, row.context], ['no instance', 'sensor']);
  });

  it('waits while the instance is lost, with its last tick’s time, unless somebody stopped it', () => {
    const waiting = sensorRow(sensor({ nextTickAt: null }), 'lost', english);
    assert.deepEqual(
      [waiting.description, waiting.icon?.name, waiting.context],
      ['waits · 19:12:30', 'debug-disconnect', 'sensor'],
    );
    const stopped = sensor({ running: false });
    assert.equal(sensorRow(stopped, 'lost', english).description, 'stopped');
    assert.equal(hostedGroup([sensor(), stopped], 'lost', english).description, '1 waiting, instance lost');
    assert.match(sensorTooltip(sensor(), 'lost', AT, english), /^Waits until the instance can be read again/m);
  });

  it('tells the reason of a skipped tick and how far behind it is on hover', () => {
    const text = sensorTooltip(
      sensor({
        lastTick: tick({ end: { kind: 'skipped', reason: 'SENTRY_DSN is not set' } }),
        behind: { rows: 12, oldestUnread: AT },
      }),
      'following',
      AT + 5000,
      english,
    );
    assert.match(text, /^Skipped: SENTRY_DSN is not set$/m);
    assert.match(text, /^12 rows of the event log not read yet$/m);
    assert.match(text, /^Last tick 19:12:30, 5 s ago$/m);
  });
});

describe('a sensor that another window ticks', () => {
  it('looks as it does there, and says so on hover only', () => {
    const here = sensorRow(sensor({ lastTick: tick({}) }), 'following', english);
    assert.deepEqual(sensorRow(sensor({ elsewhere: true, lastTick: tick({}) }), 'following', english), here);
    assert.match(
      sensorTooltip(sensor({ elsewhere: true }), 'following', AT, english),
      /^Another window ticks it; .*takes over/m,
    );
    assert.doesNotMatch(sensorTooltip(sensor({}), 'following', AT, english), /Another window/);
  });
});

describe('the groups of sensors', () => {
  const stored = (changes: Partial<OwnSensor> = {}): OwnSensor => ({
    id: 's',
    name: 'asset_check_sentry_sensor',
    codeLocation: 'ai_audi',
    running: true,
    ticking: false,
    nextTickAt: AT + 30_000,
    cursor: null,
    lastTick: {
      id: -4,
      sensor: 's',
      trigger: 'daemon',
      startedAt: AT - 400_000,
      lastStartedAt: AT,
      count: 8,
      durationMs: 3,
      end: { kind: 'failure', error: 'locked' },
      runsRequested: [],
      runsReported: [],
      cursorBefore: null,
      cursorAfter: null,
    },
    ...changes,
  });
  const told = [{ name: 'ai_audi', ownSensors: ['asset_check_sentry_sensor', 'run_failure_sentry_sensor'] }];
  const shown = (of: Parameters<typeof ownEntries>, reading: Reading, now: number) =>
    [...ownEntries(...of)].flatMap(([location, entries]) => [
      ownGroup(location, entries, reading, now, english).description,
      ...entries.map((entry) => ownRow(location, entry, reading, now, english).description),
    ]);

  it('count those that run', () => {
    const sensors = [sensor(), sensor({ running: false })];
    assert.equal(hostedGroup(sensors, 'following', english).description, '1 running');
    assert.equal(hostedGroup(sensors, 'none', english).description, '0 running');
  });

  it('name the project’s own sensors by code location', () => {
    const [[location, entries] = ['', []], ...others] = ownEntries(told, [stored()]);
    assert.deepEqual([location, others], ['ai_audi', []]);
    assert.equal(ownGroup(location, entries, 'following', AT, english).label, 'Dagster, ai_audi');
    assert.deepEqual(
      entries
        .map((entry) => ownRow(location, entry, 'following', AT, english))
        .map(({ label, description, icon }) => [label, description, icon?.name]),
      [
        ['asset_check_sentry_sensor', '8 failed · 19:12:30', 'error'],
        ['run_failure_sentry_sensor', 'running', 'pass'],
      ],
    );
  });

  it('say since when no daemon ticks the project’s own sensors, a minute after the next tick was due', () => {
    const due = AT + 30_000;
    const own = [stored(), stored({ id: 't', name: 'another' })];
    assert.equal(shown([[], own], 'following', due + 59_000)[0], '2 running');
    const late = due + 60_000;
    assert.deepEqual(shown([[], own], 'following', late), [
      '2 off since 19:12',
      'off since 19:12:30',
      'off since 19:12:30',
    ]);
    const ticking = [stored({ ticking: true })];
    assert.equal(shown([[], ticking], 'following', late)[0], '1 running');
    assert.equal(shown([[], ticking], 'following', due + 600_000)[0], '1 off since 19:12', 'its daemon was killed');
    assert.deepEqual(shown([[], [stored({ running: false })]], 'following', late), ['0 running', 'stopped']);
    assert.equal(shown([told, [stored()]], 'following', late)[0], '1 running · 1 off');
    const [entry] = [...ownEntries([], own).values()].flat();
    assert.equal(entry && ownRow('ai_audi', entry, 'following', late, english).icon?.name, 'circle-slash');
    assert.match(sensorTooltip(stored(), 'following', late, english), /^No daemon ticks it/m);
    assert.doesNotMatch(sensorTooltip(stored(), 'following', late, english), /Next interval tick/);
  });

  it('say of the project’s own sensors no more than when they ticked while the instance is lost', () => {
    assert.deepEqual(shown([[], [stored()]], 'lost', AT), ['instance lost', '19:12:30']);
  });
});
