import type { OwnSensor } from '../../engine/api.ts';
import { isTickedByDaemon } from '../../sensors/tick.ts';

/** One of the project's own sensors: by the webserver's word, by the ticks that Dagster stored, or both. */
export interface OwnEntry {
  readonly name: string;
  readonly sensor: OwnSensor | null;
}

/** Nobody stopped it, and no daemon ticks it. `now` in ms since 1970. */
export const isOff = ({ sensor }: OwnEntry, now: number): boolean =>
  sensor?.running === true && !isTickedByDaemon(sensor, now);

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
