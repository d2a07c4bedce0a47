/**
 * From when on (ms since 1970) an answer holds every tick of a range that was asked for: the newest ticks are answered
 * first, so one that is full says nothing of what came before its oldest.
 */
export function heldFrom(
  { from, limit }: { readonly from: number; readonly limit: number },
  ticks: readonly { readonly lastStartedAt: number }[],
): number {
  if (ticks.length < limit) return from;
  // A tick that reaches into the range may have started before it.
  return Math.max(from, Math.min(...ticks.map((tick) => tick.lastStartedAt)));
}
