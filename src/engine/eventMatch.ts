import { groupingOf, headline } from '../channels/sentry/grouping.ts';
import { messageTextOf, namedBy } from '../channels/sentry/receivedEvent.ts';
import { runId } from '../failure/ids.ts';
import type { JsonObject } from '../failure/json.ts';
import type { StateStore, StoredFailure } from '../store/stateStore.ts';
import type { EventMatch, FailureRow } from './api.ts';

/** More failures than this with one message are not told apart by a person either. */
const LIKE = 50;

/** What an event says of the failure it tells of, whoever sent it. */
export interface EventFacts {
  readonly eventId: string | null;
  readonly runId: string | null;
  readonly partition: string | null;
  readonly message: string | null;
}

/** Reads the specified fields; one of another type counts as absent. */
export function factsOfEvent(event: JsonObject): EventFacts {
  return {
    ...namedBy(event),
    eventId: typeof event.event_id === 'string' ? event.event_id : null,
    message: messageTextOf(event.message, 'formatted') ?? messageTextOf(event.logentry, 'formatted'),
  };
}

/**
 * Which failure an event tells of: the one it was made of when Firedrill sent it; else a failure of the run it names,
 * with its message where there are several; else, where it names no run, those with its message and partition.
 */
export function matchEvent(
  facts: EventFacts,
  store: StateStore,
  rowOf: (stored: StoredFailure) => FailureRow,
): EventMatch {
  const own = facts.eventId === null ? null : store.outbox.failureOfEvent(facts.eventId);
  const sent = own === null ? null : store.failures.find(own);
  if (sent) return { by: 'event', rows: [rowOf(sent)] };
  if (facts.runId !== null) {
    const rows = store.failures.findByRun(runId(facts.runId)).map(rowOf);
    return { by: rows.length > 0 ? 'run' : 'none', rows: closest(facts, rows) };
  }
  if (facts.message === null) return { by: 'none', rows: [] };
  const like = store.failures.findByGrouping(groupingOf(facts.message).key, LIKE).map(rowOf);
  const title = headline(facts.message);
  const rows = closest(
    facts,
    like.filter((row) => row.title === title),
  );
  return { by: rows.length > 0 ? 'message' : 'none', rows };
}

/** Those with the event's message, then those of its partition; a trait that none has tells nothing. */
function closest({ message, partition }: EventFacts, rows: readonly FailureRow[]): readonly FailureRow[] {
  const title = message === null ? null : headline(message);
  const titled = preferred(rows, (row) => row.title === title);
  return preferred(titled, (row) => row.partition === partition);
}

function preferred(rows: readonly FailureRow[], fits: (row: FailureRow) => boolean): readonly FailureRow[] {
  const fitting = rows.filter(fits);
  return fitting.length > 0 ? fitting : rows;
}
