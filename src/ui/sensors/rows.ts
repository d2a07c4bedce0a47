import type { CodeLocationStatus, SensorStatus } from '../../engine/api.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import { age, clock } from '../time.ts';
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

function sensorIcon(sensor: SensorStatus, following: boolean): RowIcon {
  if (!following || !sensor.running) return { name: 'circle-slash', color: 'descriptionForeground' };
  if (sensor.lastTick?.end.kind === 'failure') return { name: 'error', color: 'problemsErrorIcon.foreground' };
  return { name: 'pass', color: 'charts.green' };
}

function sensorState(sensor: SensorStatus, l10n: L10n): string {
  const tick = sensor.lastTick;
  if (!sensor.running) return l10n.t('stopped');
  if (tick === null) return l10n.t('no tick yet');
  const time = clock(tick.lastStartedAt);
  switch (tick.end.kind) {
    case 'success':
      return tick.failuresFound > 0 ? dotted(time, l10n.t('{0} found', tick.failuresFound)) : time;
    case 'skipped':
      return dotted(time, l10n.t('skipped'));
    case 'failure':
      return dotted(tick.count > 1 ? l10n.t('{0} failed', tick.count) : l10n.t('failed'), time);
  }
}

export function sensorTooltip(sensor: SensorStatus, now: number, l10n: L10n): string {
  const tick = sensor.lastTick;
  const lines = [sensor.name, sensor.running ? l10n.t('Running') : l10n.t('Stopped')];
  if (tick !== null) {
    lines.push(l10n.t('Last tick {0}, {1}', clock(tick.lastStartedAt), age(tick.lastStartedAt, now, l10n)));
    if (tick.end.kind === 'skipped') lines.push(l10n.t('Skipped: {0}', shorten(oneLine(tick.end.reason), 300)));
    if (tick.end.kind === 'failure') lines.push(l10n.t('Failed: {0}', shorten(oneLine(tick.end.error), 300)));
  }
  if (sensor.nextTickAt !== null) lines.push(l10n.t('Next interval tick {0}', clock(sensor.nextTickAt)));
  if (sensor.cursor !== null) lines.push(l10n.t('Cursor {0}', oneLine(sensor.cursor)));
  if (sensor.behind.rows > 0) lines.push(l10n.t('{0} rows of the event log not read yet', sensor.behind.rows));
  return lines.join('\n');
}

export function hostedGroup(sensors: readonly SensorStatus[], l10n: L10n): TreeRow {
  const running = l10n.t('{0} running', sensors.filter((sensor) => sensor.running).length);
  return group('hosted', 'Firedrill', running);
}

/** The project's own sensors of one code location, which may send the same alerts. */
export function ownGroup(location: CodeLocationStatus, l10n: L10n): TreeRow {
  const running = l10n.t('{0} running', location.ownSensors.length);
  return group(`own:${location.name}`, l10n.t('Dagster, {0}', oneLine(location.name)), running);
}

export function ownRow(location: CodeLocationStatus, sensor: string, l10n: L10n): TreeRow {
  return {
    id: `own:${location.name}:${sensor}`,
    label: oneLine(sensor),
    description: l10n.t('running'),
    spoken: spoken(
      l10n.t('sensor {0} of code location {1}', oneLine(sensor), oneLine(location.name)),
      l10n.t('running'),
    ),
    icon: { name: 'pass', color: 'charts.green' },
    context: null,
    folder: null,
  };
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
