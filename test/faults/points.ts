/** The points at which the engine itself is stopped, see `probe.ts`. */
export const PROBED_POINTS = ['page read', 'before commit', 'after commit', 'answer before receipt'] as const;
export type ProbedPoint = (typeof PROBED_POINTS)[number];

/** On the way of a failure, in its order. The recorder tells when a request is in flight. */
export const POINTS = [
  'page read',
  'before commit',
  'after commit',
  'request in flight',
  'answer before receipt',
] as const;
export type Point = (typeof POINTS)[number];
