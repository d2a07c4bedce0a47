import assert from 'node:assert/strict';
import type { OwnSensor } from '../../src/engine/api.ts';
import { english } from '../../src/ui/l10n.ts';
import { hostedGroup, ownEntries, ownGroup, ownRow, sensorRow } from '../../src/ui/sensors/rows.ts';
import { sensorTooltip } from '../../src/ui/sensors/tooltip.ts';
import { AT, sensor, tick } from './samples.ts';

describe('a sensor’s row', () => {
  const description = (changes: Parameters<typeof sensor>[0]) => sensorRow(sensor(changes), true, english).description;

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
    const failing = sensorRow(sensor({ lastTick: tick({ end: { kind: 'failure', error: 'locked' } }) }), true, english);
    assert.equal(failing.icon?.name, 'error');
    assert.equal(failing.context, 'sensor running');
    const stopped = sensorRow(sensor({ running: false }), true, english);
    assert.equal(stopped.icon?.name, 'circle-slash');
    assert.equal(stopped.context, 'sensor stopped');
  });

  it('says that there is no instance where none is followed: nobody stopped it', () => {
    const row = sensorRow(sensor({ running: false }), false, english);
    assert.deepEqual([row.description, row.context], ['no instance', 'sensor']);
  });

  it('tells the reason of a skipped tick and how far behind it is on hover', () => {
    const text = sensorTooltip(
      sensor({
        lastTick: tick({ end: { kind: 'skipped', reason: 'SENTRY_DSN is not set' } }),
        behind: { rows: 12, oldestUnread: AT },
      }),
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
    const here = sensorRow(sensor({ lastTick: tick({}) }), true, english);
    assert.deepEqual(sensorRow(sensor({ elsewhere: true, lastTick: tick({}) }), true, english), here);
    assert.match(sensorTooltip(sensor({ elsewhere: true }), AT, english), /^Another window ticks it; .*takes over/m);
    assert.doesNotMatch(sensorTooltip(sensor({}), AT, english), /Another window/);
  });
});

describe('the groups of sensors', () => {
  it('count those that run', () => {
    assert.equal(hostedGroup([sensor(), sensor({ running: false })], english).description, '1 running');
  });

  it('name the project’s own sensors by code location', () => {
    const stored: OwnSensor = {
      id: 's',
      name: 'asset_check_sentry_sensor',
      codeLocation: 'ai_audi',
      running: true,
      ticking: false,
      nextTickAt: null,
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
    };
    const told = [{ name: 'ai_audi', ownSensors: ['asset_check_sentry_sensor', 'run_failure_sentry_sensor'] }];
    const [[location, entries] = ['', []], ...others] = ownEntries(told, [stored]);
    assert.deepEqual([location, others], ['ai_audi', []]);
    assert.equal(ownGroup(location, entries, english).label, 'Dagster, ai_audi');
    assert.equal(ownGroup(location, entries, english).description, '2 running');
    assert.deepEqual(
      entries
        .map((entry) => ownRow(location, entry, english))
        .map(({ label, description, icon }) => [label, description, icon?.name]),
      [
        ['asset_check_sentry_sensor', '8 failed · 19:12:30', 'error'],
        ['run_failure_sentry_sensor', 'running', 'pass'],
      ],
    );
  });
});
