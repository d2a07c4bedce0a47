import type { EventGrouping } from '../../channels/sentry/eventGrouping.ts';
import type { Cut, GroupingInfo, Measures } from '../../channels/sentry/render.ts';
import type { Delivery, DeliveryId } from '../../delivery/delivery.ts';
import type { EnvelopeLine, ReceivedEvent } from '../../delivery/inbox/inbox.ts';
import type { Failure, FailureKind } from '../../failure/failure.ts';
import type { FailureId } from '../../failure/ids.ts';
import type { JsonObject } from '../../failure/json.ts';
import type { Specimen } from '../../failure/specimen.ts';
import type { TestFields } from '../../failure/testFields.ts';
import type { FailureRow } from './failures.ts';
import type { InboxTarget, SentryTarget } from './sending.ts';

/** What a test failure is made from: nothing but its kind, a specimen of the workspace, or another test failure. */
export type TestSubject =
  | { readonly kind: 'test'; readonly failureKind: FailureKind; readonly codeLocation: string | null }
  | { readonly kind: 'specimen'; readonly specimen: Specimen }
  | { readonly kind: 'copy'; readonly of: FailureId };

/** What can be changed of a test failure. */
export interface TestPreview {
  /** False once it was sent: what was sent stays what it was; a copy can be changed. */
  readonly editable: boolean;
  readonly fields: TestFields;
  /** What it was before its first change. */
  readonly before: TestFields;
  readonly specifiedTags: { readonly [name: string]: string };
}

/** Something that Dagster's webserver has a page for. */
export type DagsterThing =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'asset'; readonly key: readonly string[] };

/** An event that can be read: what would be sent for a failure, what one delivery sent, what the inbox received. */
export type EventSource =
  | { readonly kind: 'failure'; readonly id: FailureId }
  | { readonly kind: 'delivery'; readonly id: DeliveryId }
  | { readonly kind: 'inbox'; readonly id: number };

/** Events that have to do with a failure. */
export interface RelatedEvents {
  /** Its newest delivery, whatever became of that. */
  readonly delivery: Delivery | null;
  /** Other failures of the same check and asset, or of the same Sentry issue, newest first. */
  readonly failures: readonly FailureRow[];
}

/** A value of an event of which only the beginning is shown; its document has all. */
export interface Shortened {
  /** JSON pointer into the event. */
  readonly path: string;
  readonly shown: number;
  readonly actual: number;
  readonly unit: 'characters' | 'items';
}

/** What Dagster recorded of an error beyond the message that is sent. */
export interface Unsent {
  /** What caused it, and what caused that: the message of each, a long one only in part. */
  readonly causes: readonly string[];
  readonly stack: boolean;
}

/** Everything the preview shows, with what is too large to be shown shortened. `sha256` is the canonical request's, the same that delivery records. */
export interface Preview {
  readonly failure: Failure;
  readonly row: FailureRow;
  readonly event: JsonObject;
  readonly target: SentryTarget | InboxTarget;
  /** Why the inbox is the target although Sentry was meant, e.g. that a DSN is malformed; null otherwise. */
  readonly targetNote: string | null;
  readonly request: {
    readonly method: 'POST';
    readonly url: string;
    /** With the key masked. */
    readonly headers: readonly (readonly [string, string])[];
    /** The body, which is an envelope, line by line; a long line's text is only its beginning. */
    readonly envelope: readonly EnvelopeLine[];
    readonly bytes: number;
    /** What it would be as gzip, which Firedrill does not send. */
    readonly gzipBytes: number;
    readonly sha256: string;
  };
  readonly shortened: readonly Shortened[];
  readonly unsent: Unsent;
  readonly measures: Measures;
  readonly cuts: readonly Cut[];
  readonly grouping: GroupingInfo & { readonly otherPending: number };
  /** Deliveries of this failure, newest first. */
  readonly deliveries: readonly Delivery[];
  /** Its run has a page in Dagster's webserver. */
  readonly canOpenRun: boolean;
  /** A webserver is known: assets and runs that metadata names can be opened there. */
  readonly webserver: boolean;
  /** Set for a test failure. */
  readonly test: TestPreview | null;
}

/** What the inbox received, with what Sentry would make of it; what is too large to be shown is shortened. */
export interface ReceivedPreview extends ReceivedEvent {
  readonly shortened: readonly Shortened[];
  /** What its sender tells that it cut first, then what Sentry would cut or refuse. */
  readonly cuts: readonly Cut[];
  readonly measures: Measures;
  readonly grouping: Pick<EventGrouping, 'title' | 'ignored' | 'by'> & {
    /** Received events that would join the same issue. */
    readonly otherReceived: number;
    /** Pending failures that would. */
    readonly pending: number;
  };
}
