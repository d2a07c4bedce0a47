/**
 * Which stretch of time the timeline shows. While it follows, the stretch moves with now and only its length is kept.
 * Times and spans are ms. Pure.
 */
export interface Viewport {
  readonly span: number;
  /** Where the stretch begins; null while it follows now. */
  readonly from: number | null;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export const MIN_SPAN = 10_000;
export const MAX_SPAN = 31 * 86_400_000;
export const FIRST_VIEW: Viewport = { span: 8 * 60_000, from: null };

/** How much of the width lies right of now while following: room for the next interval tick in the first view. */
const AHEAD = 0.13;

const clampSpan = (span: number): number => Math.min(MAX_SPAN, Math.max(MIN_SPAN, span));

export const rangeOf = (view: Viewport, now: number): Range => {
  const from = view.from ?? now - view.span * (1 - AHEAD);
  return { from, to: from + view.span };
};

/**
 * Zooms by a factor (below 1: in) so that the time `at` stays where it is, but for the future: zooming out shows no more
 * of it than following does. A timeline that follows goes on following while now stays in sight.
 */
export const zoom = (view: Viewport, factor: number, at: number, now: number): Viewport => {
  const range = rangeOf(view, now);
  const span = clampSpan(view.span * factor);
  const kept = at - ((at - range.from) / view.span) * span;
  const from = factor > 1 ? Math.min(kept, rangeOf({ span, from: null }, now).from) : kept;
  const seesNow = now >= from && now <= from + span;
  return { span, from: view.from === null && seesNow ? null : from };
};

/** What the + and − keys and buttons zoom at: now while following, else the middle. */
export const zoomCentre = (view: Viewport, now: number): number =>
  view.from === null ? now : view.from + view.span / 2;

/** Moves by ms, and stops following. Goes at most half a span beyond now. */
export const pan = (view: Viewport, by: number, now: number): Viewport => {
  const { from } = rangeOf(view, now);
  return { span: view.span, from: Math.min(from + by, now - view.span * 0.5) };
};

export const follow = (view: Viewport): Viewport => ({ span: view.span, from: null });

/** Stops where it is. */
export const hold = (view: Viewport, now: number): Viewport => ({ span: view.span, from: rangeOf(view, now).from });

export const toggleFollow = (view: Viewport, now: number): Viewport =>
  view.from === null ? hold(view, now) : follow(view);

/** Brings a time into sight with the least change; keeps a margin of a tenth. */
export const reveal = (view: Viewport, at: number, now: number): Viewport => {
  const { from, to } = rangeOf(view, now);
  const margin = view.span * 0.1;
  if (at >= from && at <= to) return hold(view, now);
  return { span: view.span, from: at < from ? at - margin : at + margin - view.span };
};

/** Shows a stretch with some room around it, at least the shortest span. */
export const showAround = (range: Range): Viewport => {
  const span = clampSpan((range.to - range.from) * 1.4 + 1000);
  return { span, from: (range.from + range.to) / 2 - span / 2 };
};

/** Shows a time in the middle; a longer span than an hour is cut to it, so that single marks can be told apart. */
export const showAt = (view: Viewport, at: number): Viewport => {
  const span = Math.min(view.span, 3_600_000);
  return { span, from: at - span / 2 };
};
