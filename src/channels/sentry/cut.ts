/** Something of a failure that Sentry will not have, or not as it is. */
export interface Cut {
  /**
   * `not-sent`: the specification leaves it out. `cut`: it is sent, and Sentry drops or shortens it.
   * `refused`: Sentry refuses the whole event for it. `by-sender`: an event that somebody else sent came without it.
   */
  readonly kind: 'not-sent' | 'cut' | 'refused' | 'by-sender';
  /** JSON pointer (RFC 6901) into the event, e.g. `/extra/metadata/records`; empty for the whole event. */
  readonly path: string;
  /** A sentence for people. */
  readonly what: string;
  readonly limit: number;
  /** What it has; the largest of them where `what` tells of several places. */
  readonly actual: number;
  readonly unit: 'records' | 'items' | 'characters' | 'bytes' | 'levels' | 'seconds';
}

/** For people: thousands apart, whatever the machine's language. */
export const count = (value: number): string => value.toLocaleString('en-US');
