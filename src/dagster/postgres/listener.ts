import type { Client } from 'pg';
import type { PostgresConnection } from './connection.ts';

/** dagster-postgres sends a NOTIFY with `<run id>_<event id>` here after every event (PostgresEventLogStorage). */
const CHANNEL = 'run_events';
/** ms within which several events are told as one. */
const GATHER = 5;
/** ms until a lost connection is made again: doubles up to the longest while that fails. */
const AGAIN = 250;
const AGAIN_AT_MOST = 5_000;

/**
 * Calls `onChange` when Dagster says that it stored an event. Only a hint: some poolers pass no notifications on, and a
 * connection may be lost; the peek looks anyway. Returns a function that stops it.
 */
export function listen(connection: PostgresConnection, onChange: () => void): () => void {
  let client: Client | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopped = false;

  const tell = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      onChange();
    }, GATHER);
  };
  const drop = () => {
    const dropped = client;
    client = undefined;
    void dropped?.end().catch(() => undefined);
  };
  const lost = () => {
    drop();
    if (stopped || again !== undefined) return;
    again = setTimeout(start, Math.min(AGAIN_AT_MOST, AGAIN * 2 ** failures));
    failures += 1;
  };
  const start = () => {
    again = undefined;
    const made = connection.newClient();
    client = made;
    made.on('notification', tell);
    made.on('error', lost);
    made.on('end', () => {
      if (client === made) lost();
    });
    // What was stored before it listened is told as well.
    made
      .connect()
      .then(() => made.query(`listen ${CHANNEL}`))
      .then(() => {
        failures = 0;
        tell();
      }, lost);
  };
  start();
  return () => {
    stopped = true;
    clearTimeout(gathering);
    clearTimeout(again);
    drop();
  };
}
