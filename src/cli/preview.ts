import { renderEvent } from '../channels/sentry/event.ts';
import { eventIdFor } from '../channels/sentry/eventId.ts';
import type { EventLog } from '../dagster/eventLog.ts';
import { openEventLog } from '../dagster/openEventLog.ts';
import type { Failure, FailureKind } from '../failure/failure.ts';
import { readPatiently } from '../sensors/runTick.ts';
import { UsageError } from './errors.ts';
import { instanceAt } from './instanceAt.ts';
import type { Output } from './output.ts';
import { cliRenderSettings } from './renderSettings.ts';
import { HELP, parse } from './usage.ts';

/** `preview --home DIR`: the Sentry event of every failure in the history, in log order, one JSON line each. */
export async function preview(args: string[], output: Output): Promise<number> {
  const parsed = parse(
    args,
    { home: { type: 'string' }, environment: { type: 'string' }, 'oem-pattern': { type: 'string' } },
    HELP.preview,
  );
  if (!parsed) return 0;
  const { values, positionals } = parsed;
  if (positionals.length > 0) throw new UsageError(`preview takes no '${positionals[0]}' (see --help)`);
  if (!values.home) throw new UsageError('preview needs --home DIR, the DAGSTER_HOME of an instance');

  const settings = cliRenderSettings(values.environment ?? null, values['oem-pattern']);
  const log = await openEventLog(await instanceAt(values.home), { codeLocationOf: async () => null, snapshot: true });
  try {
    const outside = await evaluationsOutsideTheLog(log);
    const inLog = inLogOrder(failures(log, 'check'), failures(log, 'run'));
    for await (const failure of inLogOrder(inTurn(outside), inLog)) {
      const { event } = renderEvent(failure, eventIdFor(failure.id, 0), settings);
      await output.print({ storage_id: idOf(failure), kind: failure.kind, event });
    }
  } finally {
    log.close();
  }
  return 0;
}

/**
 * Evaluations that Dagster before 1.12.11 kept outside the log stand in the order in which they were planned; here in
 * the order of their evaluation. They come before all others, so the first page without any ends the search.
 */
async function evaluationsOutsideTheLog(log: EventLog): Promise<Failure[]> {
  const found: Failure[] = [];
  let cursor = await log.start('check');
  for (;;) {
    const page = await readPatiently(log, 'check', cursor);
    const outside = page.entries.filter(
      (entry) => (entry.outcome === 'failure' ? idOf(entry.failure) : entry.storageId) === null,
    );
    for (const entry of outside) if (entry.outcome === 'failure') found.push(entry.failure);
    cursor = page.cursor;
    if (outside.length === 0 || !page.hasMore) return found.sort((a, b) => a.timestamp - b.timestamp);
  }
}

/** The failures of a kind that stand in the log, in its order. */
async function* failures(log: EventLog, kind: FailureKind): AsyncGenerator<Failure> {
  let cursor = await log.start(kind);
  for (let more = true; more; ) {
    const page = await readPatiently(log, kind, cursor);
    for (const note of page.notes) process.stderr.write(`firedrill: ${note}\n`);
    for (const entry of page.entries) {
      if (entry.outcome === 'unreadable') {
        process.stderr.write(`firedrill: skipped row ${entry.storageId} of run ${entry.runId}: ${entry.reason}\n`);
      } else if (entry.outcome === 'failure' && idOf(entry.failure) !== null) {
        yield entry.failure;
      }
    }
    cursor = page.cursor;
    more = page.hasMore;
  }
}

async function* inTurn(failures: readonly Failure[]): AsyncGenerator<Failure> {
  const seen = new Set<string>(); // pages may repeat rows of a short overlap
  for (const failure of failures) {
    if (seen.has(failure.id)) continue;
    seen.add(failure.id);
    yield failure;
  }
}

/** Merges two streams that are each in log order; where a storage id is missing, time decides. */
async function* inLogOrder(left: AsyncGenerator<Failure>, right: AsyncGenerator<Failure>): AsyncGenerator<Failure> {
  let [a, b] = await Promise.all([left.next(), right.next()]);
  while (!a.done || !b.done) {
    if (b.done || (!a.done && isBefore(a.value, b.value))) {
      if (!a.done) yield a.value;
      a = await left.next();
    } else {
      yield b.value;
      b = await right.next();
    }
  }
}

function isBefore(a: Failure, b: Failure): boolean {
  const [idA, idB] = [idOf(a), idOf(b)];
  return idA !== null && idB !== null ? idA < idB : a.timestamp <= b.timestamp;
}

/** The event log's row number; null for an evaluation that stands outside the log. */
const idOf = (failure: Failure): number | null =>
  failure.origin.kind === 'recorded' ? failure.origin.storageId : null;
