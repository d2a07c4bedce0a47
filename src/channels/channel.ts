import type { EventId, FailureId } from '../failure/ids.ts';
import type { CanonicalRequest } from './request.ts';

/** What one channel would send for one failure: a finished request without secrets. */
export interface Alert {
  readonly failureId: FailureId;
  readonly eventId: EventId;
  /** The headline, as the receiving service will show it. */
  readonly title: string;
  readonly request: CanonicalRequest;
  /** SHA-256 (hex) of the canonical request; see `canonicalHash`. */
  readonly sha256: string;
}

/** An endpoint's answer, as far as delivery needs it. */
export interface EndpointAnswer {
  readonly status: number;
  /** Names in lower case; a header that came several times is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most a few kB of text. */
  readonly body: string;
}

/** What an answer means for the alert that was sent. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** Try again not before `notBefore` (ms since 1970), or after the sender's own pause when null. */
  | { readonly kind: 'later'; readonly reason: string; readonly notBefore: number | null }
  /** Final: trying again would fail again. `reason` holds the endpoint's own words. */
  | { readonly kind: 'refused'; readonly reason: string };
