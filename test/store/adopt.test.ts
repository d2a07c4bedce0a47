import assert from 'node:assert/strict';
import { Outbox } from '../../src/delivery/outbox.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import { failureId, instanceId, runId } from '../../src/failure/ids.ts';
import { testCheckFailure } from '../../src/failure/testFailure.ts';
import { openStateStore } from '../../src/store/stateStore.ts';
import { alertFor, clockAt, found, tempFolder } from './samples.ts';

describe('taking over what was made before an instance was found', () => {
  const clock = clockAt();
  const open = (folder: string, instance: string) =>
    openStateStore({ folder, instance: instanceId(instance), now: clock.now }).store;
  const test = testCheckFailure({ id: failureId('test-1'), runId: runId('r'), now: 1, codeLocation: null });

  it('brings test failures with their deliveries and receipts, once', () => {
    const folder = tempFolder();
    try {
      const before = open(folder.path, 'no-instance');
      before.failures.add([found(test)]);
      const outbox = new Outbox(before, { now: clock.now });
      const queue = new SendQueue(before, { now: clock.now });
      outbox.enqueue(alertFor(test));
      const [target] = queue.waitingTargets();
      const [claim] = queue.claim(target?.key ?? '', 1);
      assert.ok(claim);
      const timing = { at: clock.now(), durationMs: 3, now: clock.now(), random: 0 };
      const result = { kind: 'answered', status: 200, verdict: { kind: 'accepted' } } as const;
      queue.settle([{ claim, result, timing }]);
      const listed = outbox.page(null, 9, null).rows;
      before.close();

      const store = open(folder.path, 'instance-1');
      store.adopt(before.file);
      const adopted = new Outbox(store, { now: clock.now });
      assert.deepEqual(adopted.page(null, 9, null).rows, listed);
      assert.equal(adopted.tries(listed[0]?.id ?? assert.fail()).length, 1);
      assert.equal(store.failures.get(test.id)?.status, 'sent');
      store.adopt(before.file);
      assert.equal(adopted.page(null, 9, null).rows.length, 1);
      store.close();

      const emptied = open(folder.path, 'no-instance');
      assert.equal(new Outbox(emptied, { now: clock.now }).page(null, 9, null).total, 0);
      assert.equal(emptied.failures.find(test.id), null);
      emptied.close();
    } finally {
      folder.remove();
    }
  });
});
