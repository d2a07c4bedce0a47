import assert from 'node:assert/strict';
import type { Failure } from '../../src/failure/failure.ts';
import { failureId } from '../../src/failure/ids.ts';
import type { FailureQuery, StateStore } from '../../src/store/stateStore.ts';
import { alertFor, checkFailure, found, openIn, runFailure, tempFolder, tickPage } from './samples.ts';

describe('stored failures', () => {
  let folder: ReturnType<typeof tempFolder>;
  let store: StateStore;
  beforeEach(() => {
    folder = tempFolder();
    store = openIn(folder.path);
  });
  afterEach(() => {
    store.close();
    folder.remove();
  });
  const seqs = (query: Partial<FailureQuery>) =>
    store.failureLists
      .page({ status: 'all', group: null, limit: 100, before: null, ...query })
      .rows.map(({ brief }) => brief.id);

  it('gives back every field of a failure after a restart', () => {
    const all: Failure[] = [
      checkFailure(1),
      runFailure(2),
      checkFailure(3, {
        runId: null,
        partition: null,
        codeLocation: null,
        description: null,
        origin: { kind: 'recorded', storageId: null },
        assetKey: ['ü"\'', 'a/b', '', '🚗'],
        metadata: [
          { name: '$(bug) \u0000\u2028', type: 'table', value: { schema: [], records: [[-0.5, 1e300, '\ud800']] } },
        ],
      }),
      runFailure(4, { step: null, error: null, failureReason: null, codeLocation: null, willRetry: true }),
      checkFailure(5, { origin: { kind: 'test' } }),
    ];
    store.failures.add(all.map((failure) => found(failure)));
    store.close();
    store = openIn(folder.path);
    assert.deepEqual(
      all.map(({ id }) => store.failures.get(id)?.failure),
      all,
    );
    assert.deepEqual(
      all.map(({ id }) => store.failures.find(id)?.test),
      [false, false, false, false, true],
    );
  });

  it('finds others of the same check and asset, and of the same issue, newest first', () => {
    const added = [
      found(checkFailure(1), { groupingKey: 'WARN' }),
      found(checkFailure(2, { severity: 'ERROR' }), { groupingKey: 'ERROR' }),
      found(checkFailure(3, { assetKey: ['audi', '2025', 'prices'] }), { groupingKey: 'WARN' }),
      found(checkFailure(4, { checkName: 'integrity' }), { groupingKey: 'integrity' }),
      found(runFailure(5), { groupingKey: 'run' }),
      found(runFailure(6), { groupingKey: 'run' }),
      found(runFailure(7), { groupingKey: 'another' }),
    ];
    const [first, , , , fifth] = store.failures.add(added);
    assert.ok(first && fifth);
    store.failures.setStatus([first.id], 'sent');
    const alike = (id: string, limit = 10) => store.failures.alike(failureId(id), limit).map(({ id }) => id);
    assert.deepEqual(alike('check-2'), ['check-1']);
    assert.deepEqual(alike('check-1'), ['check-3', 'check-2']);
    assert.deepEqual(alike('check-1', 1), ['check-3']);
    assert.deepEqual(alike(fifth.id), [added[5]?.failure.id]);
    assert.deepEqual(alike('unknown'), []);
  });

  it('lists rows without what makes a failure large', () => {
    const text = 'x'.repeat(200_000);
    const large = { className: 'E', message: text, stack: [text], cause: null };
    const failures = [
      checkFailure(1, { description: text, metadata: [{ name: 'records', type: 'text', value: text }] }),
      runFailure(2, { message: text, error: { ...large, cause: large }, step: { key: 's', error: large } }),
    ];
    const added = store.failures.add(failures.map((failure) => found(failure)));
    const { rows } = store.failureLists.page({ status: 'all', group: null, limit: 9, before: null });
    assert.deepEqual(rows, [...added].reverse());
    assert.ok(JSON.stringify(rows).length < 4_000);
    const [run] = rows;
    assert.equal(run?.brief.kind === 'run' && run.brief.error?.cause?.className, 'E');
  });

  it('stores a failure once, however often it is found', () => {
    const [first] = store.failures.add([found(checkFailure(1)), found(checkFailure(1))]);
    store.failures.setStatus([checkFailure(1).id], 'dismissed');
    assert.deepEqual(store.failures.add([found(checkFailure(1, { severity: 'ERROR' }))]), []);
    const kept = store.failures.get(checkFailure(1).id);
    assert.equal(kept?.seq, first?.seq);
    assert.equal(kept?.status, 'dismissed');
    assert.equal(kept?.brief.kind === 'check' && kept.brief.severity, 'WARN');
  });

  it('pages newest first, by status and by group, with totals that count all', () => {
    store.failures.add([
      ...[1, 2, 3].map((n) => found(checkFailure(n))),
      ...[4, 5].map((n) => found(runFailure(n))),
      found(checkFailure(6), { beforeFiredrill: true }),
      found(runFailure(7), { beforeFiredrill: true }),
    ]);
    store.failures.setStatus([failureId('check-2')], 'sent');
    assert.deepEqual(seqs({}), ['run-7', 'check-6', 'run-5', 'run-4', 'check-3', 'check-2', 'check-1']);
    assert.deepEqual(seqs({ status: 'pending', group: 'check' }), ['check-3', 'check-1']);
    assert.deepEqual(seqs({ status: 'sent' }), ['check-2']);
    assert.deepEqual(seqs({ group: 'run' }), ['run-5', 'run-4']);
    assert.deepEqual(seqs({ group: 'before' }), ['run-7', 'check-6']);
    const first = store.failureLists.page({ status: 'pending', group: null, limit: 4, before: null });
    assert.equal(first.total, 6);
    const last = first.rows.at(-1)?.seq ?? 0;
    assert.deepEqual(seqs({ status: 'pending', limit: 4, before: last }), ['check-3', 'check-1']);
    assert.deepEqual(store.failures.pending(), { check: 2, run: 2 });
    store.failures.add([found(checkFailure(8, { origin: { kind: 'test' } }))]);
    assert.deepEqual(store.failures.pending(), { check: 2, run: 2 }, 'a test waits for nobody');
  });

  it('marks what passed since within a tick, and keeps the first time', () => {
    const passed = { assetKey: ['audi', '2024', 'prices'], checkName: 'discrepancies', partition: '2026-05-01' };
    const [one, two] = [checkFailure(1), checkFailure(5, { runId: null })];
    const committed = store.commitTick(
      tickPage({ found: [found(one), found(two)], passed: [{ ...passed, timestamp: one.timestamp + 1 }] }),
    );
    assert.ok(committed.outcome === 'committed');
    assert.deepEqual(
      committed.passed.map(({ id, passedSince }) => [id, passedSince]),
      [[one.id, one.timestamp + 1]],
    );
    const later = store.failures.markPassed([{ ...passed, timestamp: two.timestamp + 9 }]);
    assert.deepEqual(
      later.map(({ id }) => id),
      [two.id],
    );
    assert.equal(store.failures.find(one.id)?.passedSince, one.timestamp + 1);
    assert.deepEqual(store.failures.markPassed([{ ...passed, partition: null, timestamp: 9e9 }]), []);
  });

  it('never gives a seq twice and answers changes only', () => {
    const [one] = store.failures.add([found(checkFailure(1))]);
    const [two] = store.failures.add([found(checkFailure(2))]);
    assert.ok((two?.seq ?? 0) > (one?.seq ?? 0));
    const ids = [failureId('check-1'), failureId('unknown'), failureId('check-2')];
    assert.deepEqual(
      store.failures.setStatus(ids, 'dismissed').map(({ id, status }) => [id, status]),
      [
        ['check-1', 'dismissed'],
        ['check-2', 'dismissed'],
      ],
    );
    assert.deepEqual(store.failures.setStatus(ids, 'dismissed'), []);
    assert.equal(store.failures.find(failureId('unknown')), null);
    assert.equal(store.failures.get(failureId('unknown')), null);
  });

  it('finds the failures of a run and of a tick, and counts a group that is pending', () => {
    const run = runFailure(9, { causedByCheck: true });
    const check = checkFailure(8, { runId: run.runId, blocking: true });
    const committed = store.commitTick(tickPage({ found: [found(check, { groupingKey: 'same' })] }));
    store.failures.add([found(run), found(checkFailure(1, { runId: null }), { groupingKey: 'same' })]);
    assert.deepEqual(
      store.failures.findByRun(run.runId).map(({ id }) => id),
      [check.id, run.id],
    );
    assert.equal(committed.outcome, 'committed');
    if (committed.outcome !== 'committed') return;
    assert.deepEqual(store.failures.ofTick(committed.tick.id), committed.added);
    assert.equal(store.failures.pendingGrouped('same'), 2);
    store.failures.setStatus([check.id], 'sent');
    assert.equal(store.failures.pendingGrouped('same'), 1);
  });

  it('makes what was listed as earlier the news of the tick that finds it, once', () => {
    const earlier = (n: number) => found(checkFailure(n), { beforeFiredrill: true });
    const [waits, done, old] = [checkFailure(1), checkFailure(2), checkFailure(3)];
    const [listed] = store.failures.add([earlier(1), earlier(2), earlier(3)]);
    store.failures.setStatus([done.id], 'dismissed');
    const page = tickPage({
      found: [found(waits), found(done), earlier(3)],
      outbox: [alertFor(waits), alertFor(done)],
    });
    const committed = store.commitTick(page);
    assert.ok(committed.outcome === 'committed');
    const { tick } = committed;
    assert.deepEqual(committed.added, [{ ...listed, beforeFiredrill: false, tick: tick.id, delivery: 'waiting' }]);
    assert.deepEqual([tick.failuresFound, committed.queued.length], [1, 1]);
    assert.deepEqual(store.failures.ofTick(tick.id), committed.added);
    assert.deepEqual(store.failures.get(waits.id)?.failure, waits);
    const kept = [done, old].map(({ id }) => store.failures.find(id));
    assert.deepEqual(
      kept.map((each) => [each?.beforeFiredrill, each?.status, each?.tick]),
      [
        [true, 'dismissed', null],
        [true, 'pending', null],
      ],
    );
    const again = store.commitTick({ ...page, cursorBefore: page.cursorAfter });
    assert.ok(again.outcome === 'committed');
    assert.deepEqual([again.added, again.queued, again.tick.failuresFound], [[], [], 0]);
  });
});
