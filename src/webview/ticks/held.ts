import type { LaneTick } from '../protocol.ts';
import type { Range } from './viewport.ts';

/** The ticks that the webview holds, and for which stretch of time it holds all of them. */
export interface Held {
  /** By the start of the last tick of the row, newest first. */
  readonly ticks: readonly LaneTick[];
  readonly from: number;
  /** Infinity while updates keep it current. */
  readonly to: number;
}

export const NOTHING: Held = { ticks: [], from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };

/** Is the first snapshot still to come? */
export const isAwaited = ({ from }: Held): boolean => from === NOTHING.from;

/** A snapshot that reaches to this close to now, in ms, is kept current by the updates. */
const LIVE = 10_000;

const newestFirst = (a: LaneTick, b: LaneTick): number => b.lastStartedAt - a.lastStartedAt || b.id - a.id;

export const fromSnapshot = (ticks: readonly LaneTick[], range: Range, now: number): Held => ({
  ticks: [...ticks].sort(newestFirst),
  from: range.from,
  to: range.to >= now - LIVE ? Number.POSITIVE_INFINITY : range.to,
});

/** Adds what came since: a row with a known id replaces the one there was. */
export const merge = (held: Held, news: readonly LaneTick[]): Held => {
  if (news.length === 0) return held;
  const ids = new Set(news.map((tick) => tick.id));
  return { ...held, ticks: [...news, ...held.ticks.filter((tick) => !ids.has(tick.id))].sort(newestFirst) };
};

/** Are all ticks of this stretch held, as far as they have happened? */
export const covers = (held: Held, range: Range, now: number): boolean =>
  range.from >= held.from && Math.min(range.to, now) <= held.to;

/** What to ask for to show a stretch: half of it more on either side, so that the next small step is there already. */
export const toAsk = (range: Range, now: number): Range => {
  const span = range.to - range.from;
  const to = range.to + span / 2;
  return { from: range.from - span / 2, to: to >= now - LIVE ? Math.max(to, now) : to };
};
