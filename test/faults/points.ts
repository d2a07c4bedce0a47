/** On the way of a failure, in its order. */
export const POINTS = [
  'page read',
  'before commit',
  'after commit',
  'request in flight',
  'answer before receipt',
] as const;
export type Point = (typeof POINTS)[number];
