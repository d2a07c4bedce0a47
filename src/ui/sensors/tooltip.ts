import type { OwnSensor, SensorStatus } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { oneLine, shorten } from '../text.ts';
import { age, clock } from '../time.ts';

/** What the pointer finds over a sensor: its last tick with the reason of its end, its next tick, its cursor. */
export function sensorTooltip(sensor: SensorStatus | OwnSensor, now: number, l10n: L10n): string {
  const tick = sensor.lastTick;
  const lines = [sensor.name, sensor.running ? l10n.t('Running') : l10n.t('Stopped')];
  if ('elsewhere' in sensor && sensor.elsewhere)
    lines.push(l10n.t('Another window ticks it; this one takes over when that one ends'));
  if (tick !== null) {
    lines.push(l10n.t('Last tick {0}, {1}', clock(tick.lastStartedAt), age(tick.lastStartedAt, now, l10n)));
    if (tick.end.kind === 'skipped') lines.push(l10n.t('Skipped: {0}', shorten(oneLine(tick.end.reason), 300)));
    if (tick.end.kind === 'failure') lines.push(l10n.t('Failed: {0}', shorten(oneLine(tick.end.error), 300)));
  }
  if (sensor.nextTickAt !== null) lines.push(l10n.t('Next interval tick {0}', clock(sensor.nextTickAt)));
  if (sensor.cursor !== null) lines.push(l10n.t('Cursor {0}', oneLine(sensor.cursor)));
  if ('behind' in sensor && sensor.behind.rows > 0)
    lines.push(l10n.t('{0} rows of the event log not read yet', sensor.behind.rows));
  return lines.join('\n');
}
