import type { Overview } from '../../engine/api.ts';

/** Where Firedrill stands in this window: what every view begins from. */
export type Situation =
  /** The workspace is not trusted: nothing was started. */
  | { readonly kind: 'restricted' }
  | { readonly kind: 'starting' }
  /** The engine's thread ended by itself and starts again soon. */
  | { readonly kind: 'crashed'; readonly message: string }
  | { readonly kind: 'running'; readonly overview: Overview };

export const overviewOf = (situation: Situation): Overview | null =>
  situation.kind === 'running' ? situation.overview : null;
