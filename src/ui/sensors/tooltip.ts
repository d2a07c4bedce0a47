import type { OwnSensor, SensorStatus } from '../../engine/api.ts';
import { isTickedByDaemon } from '../../sensors/tick.ts';
import type { L10n } from '../l10n.ts';
import { oneLine, shorten } from '../text.ts';
import { age, clock } from '../time.ts';
import type { Reading } from './rows.ts';

/**
 * What the pointer finds over a sensor: its last tick with the reason of its end, its next tick or why there is none,
 * its cursor. `now` in ms since 1970.
 */
export function sensorTooltip(sensor: SensorStatus | OwnSensor, reading: Reading, now: number, l10n: L10n): string {
  const tick = sensor.lastTick;
  const state = stateLine(sensor, reading, now, l10n);
  const lines = [sensor.name, state ?? l10n.t('Running')];
  if ('elsewhere' in sensor && sensor.elsewhere)
    lines.push(l10n.t('Another window ticks it; this one takes over when that one ends'));
  if (tick !== null) {
    lines.push(l10n.t('Last tick {0}, {1}', clock(tick.lastStartedAt), age(tick.lastStartedAt, now, l10n)));
    if (tick.end.kind === 'skipped') lines.push(l10n.t('Skipped: {0}', shorten(oneLine(tick.end.reason), 300)));
    if (tick.end.kind === 'failure') lines.push(l10n.t('Failed: {0}', shorten(oneLine(tick.end.error), 300)));
  }
  if (sensor.nextTickAt !== null && state === null)
    lines.push(l10n.t('Next interval tick {0}', clock(sensor.nextTickAt)));
  if (sensor.cursor !== null) lines.push(l10n.t('Cursor {0}', oneLine(sensor.cursor)));
  if ('behind' in sensor && sensor.behind.rows > 0)
    lines.push(l10n.t('{0} rows of the event log not read yet', sensor.behind.rows));
  return lines.join('\n');
}

/** Why it does not tick; null while it does. */
function stateLine(sensor: SensorStatus | OwnSensor, reading: Reading, now: number, l10n: L10n): string | null {
  if (reading === 'none') return l10n.t('No instance is followed');
  const hosted = 'behind' in sensor;
  if (reading === 'lost' && !hosted) return l10n.t('The instance cannot be read: what became of it is not known');
  if (!sensor.running) return l10n.t('Stopped');
  if (reading === 'lost') return l10n.t('Waits until the instance can be read again, and goes on from its cursor');
  return hosted || isTickedByDaemon(sensor, now) ? null : l10n.t('No daemon ticks it: dagster dev may have ended');
}
