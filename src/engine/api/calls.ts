import type { Delivery, DeliveryGroup, DeliveryId, DeliveryPage, InboxEvent } from '../../delivery/delivery.ts';
import type { Failure } from '../../failure/failure.ts';
import type { FailureId } from '../../failure/ids.ts';
import type { TestFields } from '../../failure/testFields.ts';
import type { SensorName, Tick } from '../../sensors/tick.ts';
import type { FailureSelection } from '../../store/failureQuery.ts';
import type { Try } from '../../store/tries.ts';
import type { EventMatch, FailingLine, FailureGroups, FailureIssue, FailurePage, FailureRow } from './failures.ts';
import type { Overview } from './overview.ts';
import type { OwnActivity } from './ownSensors.ts';
import type { DagsterThing, EventSource, Preview, ReceivedPreview, RelatedEvents, TestSubject } from './preview.ts';
import type { DsnCheck, SendResult, TargetChoice } from './sending.ts';
import type { EngineSettings } from './settings.ts';

/** Calls into the engine. A call that cannot be carried out rejects with an Error whose message is for the user. */
export interface EngineApi {
  /** Also called when a secret changed: the engine asks for secrets anew. */
  configure(settings: EngineSettings): Promise<void>;
  overview(): Promise<Overview>;
  /** Whether text is a DSN that Firedrill can send to; tells what is wrong with it otherwise. Stores nothing. */
  checkDsn(text: string): Promise<DsnCheck>;
  /** Looks for the instance again at once. */
  searchInstance(): Promise<Overview>;

  /**
   * Newest first; `before` is the `seq` of the last row already shown; `total` counts all of the selection and group.
   * `group` is the key of one; null: all of them.
   */
  failures(
    query: FailureSelection & { readonly group: string | null; readonly limit: number; readonly before: number | null },
  ): Promise<FailurePage>;
  /** The groups of a selection, at most `limit`, and what became of the failures `ids` in it. */
  failureGroups(
    query: FailureSelection & { readonly limit: number; readonly ids: readonly FailureId[] },
  ): Promise<FailureGroups>;
  failure(id: FailureId): Promise<Failure>;
  /** Where the error was raised, in a file of the workspace; null where its stack names none. */
  failingLine(id: FailureId): Promise<FailingLine | null>;
  preview(id: FailureId, target: TargetChoice): Promise<Preview>;
  /** Makes a test failure, stored like any other, and answers its row. */
  makeTest(subject: TestSubject): Promise<FailureRow>;
  /** The body of the request that the preview shows, as text and whole. */
  requestBody(id: FailureId, target: TargetChoice): Promise<string>;
  /** Changes a test failure that was not sent yet, and answers its preview. */
  editTest(id: FailureId, fields: TestFields, target: TargetChoice): Promise<Preview>;
  /** The Sentry issue that a failure would join, and how many others are pending for it. */
  failureIssue(id: FailureId): Promise<FailureIssue>;
  /** Pending failures that would join the same Sentry issue, newest first, itself included. */
  sameIssue(id: FailureId, limit: number): Promise<readonly FailureRow[]>;
  /** What has to do with a failure: at most `limit` others. */
  related(id: FailureId, limit: number): Promise<RelatedEvents>;
  /** The page of a run or asset in Dagster's webserver, which is looked for when none is known; null when none is there. */
  dagsterUrl(what: DagsterThing): Promise<string | null>;
  /**
   * The headers of a request with the DSN's key, for a person who asked for them after being told. The only call that
   * hands out a key.
   */
  keyedHeaders(id: FailureId, target: TargetChoice): Promise<readonly (readonly [string, string])[]>;
  send(id: FailureId, target: TargetChoice, again: boolean): Promise<SendResult>;
  /** Marks them as dealt with. What of them waits to be sent is not sent any more; what is being sent goes on. */
  dismiss(ids: readonly FailureId[]): Promise<void>;
  restore(ids: readonly FailureId[]): Promise<void>;

  setSensorRunning(sensor: SensorName, running: boolean): Promise<void>;
  tickNow(sensor: SensorName): Promise<Tick>;
  /** Reads on behind the row with this storage id. */
  setCursor(sensor: SensorName, storageId: number): Promise<void>;
  /** Lists the failures of the last `hours`; none of them is sent by itself. Answers how many were new. */
  lookBack(hours: number): Promise<number>;
  /** Breaks that off: it answers what it found until then. */
  cancelLookBack(): Promise<void>;
  /**
   * Ticks whose row touches the range (ms since 1970), newest first, at most `limit`; `from` is the time from which on
   * they are all there.
   */
  ticks(query: {
    readonly from: number;
    readonly to: number;
    readonly limit: number;
  }): Promise<{ readonly from: number; readonly ticks: readonly Tick[] }>;
  /**
   * The instance's own sensors, and their ticks as above; none where its schedule storage is not read. Read when
   * called, not in between.
   */
  ownSensors(query: { readonly from: number; readonly to: number; readonly limit: number }): Promise<OwnActivity>;
  /** The rows of `ownSensors` that changed since this version; null while nothing has. */
  ownNews(version: number): Promise<OwnActivity | null>;
  /** The failures that one tick found. */
  tickFailures(tick: number): Promise<readonly FailureRow[]>;

  /** Deliveries of one group (null: of all), newest first; `before` is the id of the last one already shown. */
  deliveries(query: {
    readonly group: DeliveryGroup | null;
    readonly limit: number;
    readonly before: DeliveryId | null;
  }): Promise<DeliveryPage>;
  /** The delivery that a failure's row tells of: its newest, where that waits or failed. */
  openDelivery(id: FailureId): Promise<Delivery | null>;
  /** Every try of a delivery with what the endpoint answered, oldest first. */
  tries(id: DeliveryId): Promise<readonly Try[]>;
  /** The page of the issue that a confirmed delivery's event joined; null where it is not known. */
  issueUrl(id: DeliveryId): Promise<string | null>;
  /** An auth token was set: what was accepted within the last hour and not seen is looked up. */
  authTokensChanged(): Promise<void>;
  /** Tries a waiting or failed delivery at once. */
  retry(id: DeliveryId): Promise<void>;
  /** Takes a waiting delivery out of the queue; its failure is pending again. */
  cancel(id: DeliveryId): Promise<void>;
  /** Takes a failed delivery out of the lists, with what the endpoint said; its failure is pending again. */
  remove(id: DeliveryId): Promise<void>;
  inboxEvents(limit: number): Promise<readonly InboxEvent[]>;
  /** An event as indented JSON, keys as sent or by name at every depth. */
  eventText(source: EventSource, order: 'as sent' | 'sorted'): Promise<string>;
  /**
   * One value of an event, whole: a text as it is, anything else as indented JSON. `path` is a JSON pointer into the
   * event; metadata is what the failure has, also where not all of it is sent.
   */
  valueText(source: EventSource, path: string): Promise<string>;
  /** The event as received, with its request and what Sentry would make of it. */
  inboxEvent(id: number): Promise<ReceivedPreview>;
  /** Which failure of the instance that is followed an event in the inbox tells of. */
  failureOfInboxEvent(id: number): Promise<EventMatch>;
  clearInbox(): Promise<void>;

  /** Stops sensors and deliveries, closes the state; resolves when all is on disk. */
  stop(): Promise<void>;
}
