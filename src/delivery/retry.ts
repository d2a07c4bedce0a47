/** Bounds of the pause before a further try, in ms. */
export const SHORTEST_PAUSE = 1_000;
export const LONGEST_PAUSE = 5 * 60_000;

/**
 * How long to wait (ms) after a row's `tries`-th try failed for now. Doubles with each try from 2 s to 5 min; the
 * upper half is left to chance, so that rows which failed together do not come back together. Tries never run out: an
 * alert is given up by a person or by the endpoint's final answer.
 * @param random in [0, 1)
 */
export function pauseAfter(tries: number, random: number): number {
  const whole = Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** Math.min(Math.max(tries, 1), 20));
  return Math.round(whole / 2 + (whole / 2) * random);
}

/** When to try again (ms since 1970): after the row's own pause, and not before the endpoint allows. */
export function nextTryAt(tries: number, now: number, notBefore: number | null, random: number): number {
  return Math.max(now + pauseAfter(tries, random), notBefore ?? 0);
}
