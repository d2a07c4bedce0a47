const CLOCK = /^(?:(\d{4})-(\d{2})-(\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$/;

/**
 * The time (ms since 1970) that a person typed: `19:12`, `19:12:30`, `2026-11-20 19:12`, local. A time of day that is
 * still to come is yesterday's. null for anything else.
 */
export function timeOf(text: string, now: number): number | null {
  const found = CLOCK.exec(text.trim());
  if (!found) return null;
  const [hours, minutes, seconds] = [Number(found[4]), Number(found[5]), Number(found[6] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const today = new Date(now);
  const [year, month, day] = found[1]
    ? [Number(found[1]), Number(found[2]) - 1, Number(found[3])]
    : [today.getFullYear(), today.getMonth(), today.getDate()];
  const at = new Date(year, month, day, hours, minutes, seconds);
  if (at.getMonth() !== month || at.getDate() !== day) return null; // the 31st of February
  if (!found[1] && at.getTime() > now) at.setDate(at.getDate() - 1);
  return at.getTime();
}
