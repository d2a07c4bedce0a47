/** One line of the results. */
export interface Figure {
  readonly figure: string;
  readonly goal: string;
  readonly measured: string;
  /** null where there is no goal: printed beside the others. */
  readonly met: boolean | null;
}

/** A group of figures that were measured together, with what one must know of how. */
export interface Measured {
  readonly title: string;
  readonly how: string;
  readonly figures: readonly Figure[];
}

/** A group as it is kept: RESULTS.md is written from all that were measured last. */
export interface Kept extends Measured {
  /** Day and time, UTC, to the minute. */
  readonly at: string;
  readonly commit: string;
}
