import type { OwnSensor, OwnTick, SensorStatus, Tick } from '../../engine/api.ts';
import { isTickedByDaemon } from '../../sensors/tick.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, spoken } from '../text.ts';
import { clock, shortTime } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';
import { isOff, type OwnEntry } from './own.ts';

/** How the instance stands: `lost` is one that was followed and cannot be read at the moment. */
export type Reading = 'following' | 'lost' | 'none';

const QUIET = 'descriptionForeground';
const ASLEEP: RowIcon = { name: 'circle-slash', color: QUIET };
const LOST: RowIcon = { name: 'debug-disconnect', color: QUIET };
const WELL: RowIcon = { name: 'pass', color: 'charts.green' };

/**
 * One hosted sensor: the last tick's clock time, or what is wrong. No countdown: it would redraw every second. Without
 * an instance no sensor runs, and that is nobody's doing.
 */
export function sensorRow(sensor: SensorStatus, reading: Reading, l10n: L10n): TreeRow {
  const state = hostedState(sensor, reading, l10n);
  const following = reading === 'following';
  return {
    id: `sensor:${sensor.name}`,
    label: sensor.name,
    description: state,
    spoken: spoken(sensor.name, following && sensor.running && l10n.t('running'), state),
    icon: reading === 'lost' && sensor.running ? LOST : following && sensor.running ? tickIcon(sensor) : ASLEEP,
    context: following ? `${ROWS.sensor} ${sensor.running ? 'running' : 'stopped'}` : ROWS.sensor,
    folder: null,
  };
}

function hostedState(sensor: SensorStatus, reading: Reading, l10n: L10n): string {
  switch (reading) {
    case 'following':
      return sensorState(sensor, l10n);
    case 'lost':
      return sensor.running ? dotted(l10n.t('waits'), lastTime(sensor)) : l10n.t('stopped');
    case 'none':
      return l10n.t('no instance');
  }
}

const lastTime = ({ lastTick }: SensorStatus | OwnSensor): string | null => lastTick && clock(lastTick.lastStartedAt);

const tickIcon = ({ lastTick }: SensorStatus | OwnSensor): RowIcon =>
  lastTick?.end.kind === 'failure' || lastTick?.end.kind === 'unended'
    ? { name: 'error', color: 'problemsErrorIcon.foreground' }
    : WELL;

function sensorState(sensor: SensorStatus | OwnSensor, l10n: L10n): string {
  const tick = sensor.lastTick;
  if (!sensor.running) return l10n.t('stopped');
  if (tick === null) return l10n.t('no tick yet');
  const time = clock(tick.lastStartedAt);
  switch (tick.end.kind) {
    case 'success':
      return dotted(time, foundWords(tick, l10n));
    case 'skipped':
      return dotted(time, l10n.t('skipped'));
    case 'failure':
      return dotted(tick.count > 1 ? l10n.t('{0} failed', tick.count) : l10n.t('failed'), time);
    case 'unended':
      return dotted(l10n.t('never ended'), time);
  }
}

/** How many runs a tick of the project's own sensor asked for or reported. */
export const runsWords = (runs: number, l10n: L10n): string =>
  runs === 1 ? l10n.t('1 run') : l10n.t('{0} runs', runs);

function foundWords(tick: Tick | OwnTick, l10n: L10n): string | false {
  if (tick.trigger === 'daemon') {
    const runs = tick.runsReported.length + tick.runsRequested.length;
    return runs > 0 && runsWords(runs, l10n);
  }
  return tick.failuresFound > 0 && l10n.t('{0} found', tick.failuresFound);
}

export function hostedGroup(sensors: readonly SensorStatus[], reading: Reading, l10n: L10n): TreeRow {
  const running = sensors.filter((sensor) => sensor.running).length;
  const words = {
    following: l10n.t('{0} running', running),
    lost: l10n.t('{0} waiting, instance lost', running),
    none: l10n.t('{0} running', 0),
  };
  return group('hosted', 'Firedrill', words[reading]);
}

/** The project's own sensors of one code location, which may send the same alerts. `now` in ms since 1970. */
export function ownGroup(
  location: string,
  entries: readonly OwnEntry[],
  reading: Reading,
  now: number,
  l10n: L10n,
): TreeRow {
  const label = location === '' ? 'Dagster' : l10n.t('Dagster, {0}', oneLine(location));
  const words = reading === 'following' ? ownWords(entries, now, l10n) : l10n.t('instance lost');
  return group(`own:${location}`, label, words);
}

function ownWords(entries: readonly OwnEntry[], now: number, l10n: L10n): string {
  const off = entries.filter((entry) => isOff(entry, now));
  const running = entries.filter(({ sensor }) => sensor?.running ?? true).length - off.length;
  const last = Math.max(0, ...off.map(({ sensor }) => sensor?.lastTick?.lastStartedAt ?? 0));
  if (off.length === 0) return l10n.t('{0} running', running);
  if (running > 0) return dotted(l10n.t('{0} running', running), l10n.t('{0} off', off.length));
  return last === 0 ? l10n.t('{0} off', off.length) : l10n.t('{0} off since {1}', off.length, shortTime(last, now));
}

/** Dagster's own: only told, not to be stopped here. `now` in ms since 1970. */
export function ownRow(location: string, entry: OwnEntry, reading: Reading, now: number, l10n: L10n): TreeRow {
  const { name, sensor } = entry;
  const state = ownState(entry, reading, now, l10n);
  const ticked = reading === 'following' && sensor !== null && isTickedByDaemon(sensor, now);
  return {
    id: `own:${location}:${name}`,
    label: oneLine(name),
    description: state,
    spoken: spoken(
      l10n.t('sensor {0} of code location {1}', oneLine(name), oneLine(location)),
      ticked && l10n.t('running'),
      state,
    ),
    icon: reading !== 'following' ? LOST : sensor === null ? WELL : ticked ? tickIcon(sensor) : ASLEEP,
    context: null,
    folder: null,
  };
}

function ownState(entry: OwnEntry, reading: Reading, now: number, l10n: L10n): string {
  const { sensor } = entry;
  if (reading !== 'following') return (sensor && lastTime(sensor)) ?? '';
  if (sensor === null) return l10n.t('running');
  if (!isOff(entry, now)) return sensorState(sensor, l10n);
  const last = lastTime(sensor);
  return last === null ? l10n.t('off') : l10n.t('off since {0}', last);
}

const group = (id: string, label: string, description: string): TreeRow => ({
  id,
  label,
  description,
  spoken: spoken(label, description),
  icon: null,
  context: null,
  folder: 'open',
});
