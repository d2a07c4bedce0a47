import { renderEvent } from '../channels/sentry/event.ts';
import { eventIdFor } from '../channels/sentry/eventId.ts';
import type { EventLog } from '../dagster/eventLog.ts';
import { openEventLog } from '../dagster/openEventLog.ts';
import type { Failure, FailureKind } from '../failure/failure.ts';
import { PAGE_ROWS } from '../sensors/runTick.ts';
import { UsageError } from './errors.ts';
import { instanceAt } from './instanceAt.ts';
import { jsonLine } from './jsonLine.ts';
import { cliRenderSettings } from './renderSettings.ts';
import { HELP, parse } from './usage.ts';

/** `preview --home DIR`: the Sentry event of every failure in the history, in log order, one JSON line each. */
export async function preview(args: string[]): Promise<number> {
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
    for await (const failure of inLogOrder(failures(log, 'check'), failures(log, 'run'))) {
      const storageId = failure.origin.kind === 'recorded' ? failure.origin.storageId : null;
      const { event } = renderEvent(failure, eventIdFor(failure.id, 0), settings);
      const line = { storage_id: storageId, kind: failure.kind, event };
      process.stdout.write(jsonLine(line));
    }
  } finally {
    log.close();
  }
  return 0;
}

async function* failures(log: EventLog, kind: FailureKind): AsyncGenerator<Failure> {
  const seen = new Set<string>(); // pages may repeat rows of a short overlap
  let cursor = await log.start(kind);
  for (let more = true; more; ) {
    const page = await log.read(kind, cursor, PAGE_ROWS);
    for (const note of page.notes) process.stderr.write(`firedrill: ${note}\n`);
    for (const entry of page.entries) {
      if (entry.outcome === 'unreadable') {
        process.stderr.write(`firedrill: skipped row ${entry.storageId} of run ${entry.runId}: ${entry.reason}\n`);
      } else if (entry.outcome === 'failure' && !seen.has(entry.failure.id)) {
        seen.add(entry.failure.id);
        yield entry.failure;
      }
    }
    cursor = page.cursor;
    more = page.hasMore;
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
  const idA = a.origin.kind === 'recorded' ? a.origin.storageId : null;
  const idB = b.origin.kind === 'recorded' ? b.origin.storageId : null;
  return idA !== null && idB !== null ? idA < idB : a.timestamp <= b.timestamp;
}
