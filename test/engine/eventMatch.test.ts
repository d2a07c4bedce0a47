import assert from 'node:assert/strict';
import { factsOfEvent, matchEvent } from '../../src/engine/eventMatch.ts';
import { rowOf } from '../../src/engine/failureRow.ts';
import { newFailure } from '../../src/engine/newFailure.ts';
import { eventId } from '../../src/failure/ids.ts';
import type { JsonObject } from '../../src/failure/json.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import { alertFor, checkFailure, openIn, runFailure, tempFolder } from '../store/samples.ts';

const settings = {
  version: '0.0.0-test',
  oemPattern: /^ai_(.+)$/u,
  environment: null,
  testEnvironment: 'firedrill-test',
};

describe('the failure that an event in the inbox tells of', () => {
  const folder = tempFolder();
  let store: StateStore;

  before(() => {
    store = openIn(folder.path);
    const run = checkFailure(1).runId;
    assert.ok(run);
    const failures = [
      checkFailure(1),
      checkFailure(2, { runId: run, checkName: 'integrity' }),
      checkFailure(3, { runId: null, partition: '2026-05-02' }),
      checkFailure(4, { runId: null, partition: '2026-05-03' }),
      checkFailure(5, { runId: null, assetKey: ['audi', '2025', 'prices'] }),
      runFailure(6),
    ];
    store.failures.add(failures.map((failure) => newFailure(failure, false, settings)));
  });
  after(() => {
    store.close();
    folder.remove();
  });

  const match = (event: JsonObject) => {
    const { by, rows } = matchEvent(factsOfEvent(event), store, (stored) => rowOf(stored, store, settings));
    return [by, ...rows.map(({ id }) => id)];
  };
  const message = 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)';

  it('is the one that Firedrill made the event of, whatever else the event says', () => {
    store.outbox.insert(alertFor(runFailure(6), { eventId: eventId('a'.repeat(32)) }));
    assert.deepEqual(match({ event_id: 'a'.repeat(32), message }), ['event', 'run-6']);
  });

  it('is, of its run, the one with its message', () => {
    const extra = { run_id: checkFailure(1).runId };
    assert.deepEqual(match({ message, extra }), ['run', 'check-1']);
    assert.deepEqual(match({ logentry: { message }, extra }), ['run', 'check-1']);
    assert.deepEqual(match({ message: 'something else', extra }), ['run', 'check-1', 'check-2']);
  });

  it('is, where the event names no run, the one with its message and partition', () => {
    assert.deepEqual(match({ message, tags: { partition_date: '2026-05-03' } }), ['message', 'check-4']);
    assert.deepEqual(match({ message, extra: { partition_date: '2026-05-02' } }), ['message', 'check-3']);
    assert.deepEqual(match({ message, extra: { partition_date: '1999-01-01' } }), [
      'message',
      'check-4',
      'check-3',
      'check-1',
    ]);
    assert.deepEqual(match({ message: message.replace('2024', '2025') }), ['message', 'check-5']);
  });

  it('is none of another run, and none for what is no alert', () => {
    assert.deepEqual(match({ message, extra: { run_id: 'elsewhere' } }), ['none']);
    assert.deepEqual(match({ message: 'hello' }), ['none']);
    assert.deepEqual(match({ extra: 7, tags: [], event_id: null }), ['none']);
  });
});
