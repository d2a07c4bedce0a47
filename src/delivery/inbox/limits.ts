/** Sentry's documented limits (develop.sentry.dev, Envelopes, "Size Limits"), in bytes. */
export const LIMITS = {
  /** A request as it comes, compressed or not. */
  compressed: 20_000_000,
  /** The same after decompression. */
  decompressed: 100_000_000,
  /** An event or transaction. */
  event: 1_048_576,
  /** Items in one envelope; Sentry names no such limit, real senders stay far below. */
  items: 1_000,
  /** Memory for all requests under way together; beyond it a sender is asked to come again. */
  underWay: 150_000_000,
} as const;
