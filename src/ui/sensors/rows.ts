import type { OwnSensor, OwnTick, SensorStatus, Tick } from '../../engine/api.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, spoken } from '../text.ts';
import { clock } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';

/**
 * One hosted sensor: the last tick's clock time, or what is wrong. No countdown: it would redraw every second.
 * `following`: there is an instance; without one no sensor runs, and that is nobody's doing.
 */
export function sensorRow(sensor: SensorStatus, following: boolean, l10n: L10n): TreeRow {
  const state = following ? sensorState(sensor, l10n) : l10n.t('no instance');
  return {
    id: `sensor:${sensor.name}`,
    label: sensor.name,
    description: state,
    spoken: spoken(sensor.name, following && sensor.running && l10n.t('running'), state),
    icon: sensorIcon(sensor, following),
    context: following ? `${ROWS.sensor} ${sensor.running ? 'running' : 'stopped'}` : ROWS.sensor,
    folder: null,
  };
}

function sensorIcon(sensor: SensorStatus | OwnSensor, following: boolean): RowIcon {
  if (!following || !sensor.running) return { name: 'circle-slash', color: 'descriptionForeground' };
  if (sensor.lastTick?.end.kind === 'failure' || sensor.lastTick?.end.kind === 'unended')
    return { name: 'error', color: 'problemsErrorIcon.foreground' };
  return { name: 'pass', color: 'charts.green' };
}

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

export function hostedGroup(sensors: readonly SensorStatus[], l10n: L10n): TreeRow {
  const running = l10n.t('{0} running', sensors.filter((sensor) => sensor.running).length);
  return group('hosted', 'Firedrill', running);
}

/** One of the project's own sensors: by the webserver's word, by the ticks that Dagster stored, or both. */
export interface OwnEntry {
  readonly name: string;
  readonly sensor: OwnSensor | null;
}

/** The project's own sensors of one code location, which may send the same alerts. */
export function ownGroup(location: string, entries: readonly OwnEntry[], l10n: L10n): TreeRow {
  const running = entries.filter(({ sensor }) => sensor?.running ?? true).length;
  const label = location === '' ? 'Dagster' : l10n.t('Dagster, {0}', oneLine(location));
  return group(`own:${location}`, label, l10n.t('{0} running', running));
}

/** Dagster's own: only told, not to be stopped here. */
export function ownRow(location: string, { name, sensor }: OwnEntry, l10n: L10n): TreeRow {
  const state = sensor === null ? l10n.t('running') : sensorState(sensor, l10n);
  return {
    id: `own:${location}:${name}`,
    label: oneLine(name),
    description: state,
    spoken: spoken(
      l10n.t('sensor {0} of code location {1}', oneLine(name), oneLine(location)),
      sensor?.running === true && l10n.t('running'),
      state,
    ),
    icon: sensor === null ? { name: 'pass', color: 'charts.green' } : sensorIcon(sensor, true),
    context: null,
    folder: null,
  };
}

/** By code location, in the order of their names: what the webserver and the stored ticks tell, each sensor once. */
export function ownEntries(
  told: readonly { readonly name: string; readonly ownSensors: readonly string[] }[],
  stored: readonly OwnSensor[],
): ReadonlyMap<string, readonly OwnEntry[]> {
  const locations = new Map<string, Map<string, OwnEntry>>();
  const add = (location: string, entry: OwnEntry): void => {
    const known = locations.get(location) ?? new Map<string, OwnEntry>();
    locations.set(location, known.set(entry.name, entry));
  };
  for (const { name, ownSensors } of told) for (const sensor of ownSensors) add(name, { name: sensor, sensor: null });
  for (const sensor of stored) add(sensor.codeLocation ?? '', { name: sensor.name, sensor });
  const sorted = [...locations].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([location, entries]) => [location, [...entries.values()]]));
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
