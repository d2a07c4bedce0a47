import assert from 'node:assert/strict';
import { failureId } from '../../src/failure/ids.ts';
import type { FailureFilter, FailureSelection, StateStore } from '../../src/store/stateStore.ts';
import { checkFailure, found, openIn, runFailure, tempFolder } from './samples.ts';

const ALL: FailureFilter = {
  text: '',
  statuses: [],
  kinds: [],
  severities: [],
  places: [],
  origins: [],
  times: [],
  passed: [],
};

describe('which stored failures are listed', () => {
  let folder: ReturnType<typeof tempFolder>;
  let store: StateStore;
  before(() => {
    folder = tempFolder();
    store = openIn(folder.path);
    store.failures.add([
      found(checkFailure(1), { groupingKey: 'issue 1', searched: 'Prices of ÄUDI\n2026-05-01' }),
      found(checkFailure(2, { severity: 'ERROR', assetKey: ['audi', 'stock'], codeLocation: 'ai_bmw' })),
      found(runFailure(3, { assetKey: ['audi', 'stock'] }), { groupingKey: 'issue 1' }),
      found(runFailure(4, { codeLocation: null }), { place: 'vw', groupingKey: 'issue 2' }),
      found(checkFailure(5, { origin: { kind: 'test' } }), { groupingKey: 'issue 2' }),
      found(checkFailure(6), { beforeFiredrill: true, groupingKey: 'issue 1' }),
    ]);
    store.failures.setStatus([failureId('check-2')], 'dismissed');
    store.failures.setStatus([failureId('run-4')], 'sent');
    const { assetKey, checkName, partition, timestamp } = checkFailure(1);
    store.failures.markPassed([{ assetKey, checkName, partition, timestamp: timestamp + 0.5 }]);
  });
  after(() => {
    store.close();
    folder.remove();
  });

  const listed = (filter: Partial<FailureFilter>, selection: Partial<FailureSelection> = {}) =>
    store.failureLists
      .page({ status: 'all', ...selection, filter: { ...ALL, ...filter }, group: null, limit: 99, before: null })
      .rows.map(({ id }) => id);

  it('is decided by each part of the filter', () => {
    assert.equal(listed({}).length, 6);
    assert.deepEqual(listed({ kinds: ['run'] }), ['run-4', 'run-3']);
    assert.deepEqual(listed({ severities: ['WARN'] }), ['check-6', 'check-5', 'check-1']);
    assert.deepEqual(listed({ severities: ['ERROR'] }), ['run-4', 'run-3', 'check-2']);
    assert.deepEqual(listed({ places: ['ai_bmw', 'vw'] }), ['run-4', 'check-2']);
    assert.deepEqual(listed({ origins: ['test'] }), ['check-5']);
    assert.deepEqual(listed({ times: ['before'] }), ['check-6']);
    assert.deepEqual(listed({ passed: ['passed'] }), ['check-1']);
    assert.deepEqual(listed({ statuses: ['sent', 'dismissed'] }), ['run-4', 'check-2']);
    assert.deepEqual(listed({ statuses: ['sent', 'pending'], kinds: ['run'], places: ['ai_audi'] }), ['run-3']);
    assert.deepEqual(listed({ kinds: ['check'] }, { status: 'dismissed' }), ['check-2']);
  });

  it('is decided by every word of a search, in any case and any alphabet', () => {
    assert.deepEqual(listed({ text: 'äudi  2026-05' }), ['check-1']);
    assert.deepEqual(listed({ text: 'äudi 2027' }), []);
    assert.deepEqual(listed({ text: '%' }), [], 'no pattern');
    assert.equal(listed({ text: "' or 1=1 --" }).length, 0);
    assert.equal(listed({ text: 'prices '.repeat(2000) }).length, 6);
  });

  it('is divided into groups, with what was before Firedrill in the last one', () => {
    const groups = (grouping: FailureSelection['grouping'], filter: Partial<FailureFilter> = {}) =>
      store.failureLists
        .groups({ status: 'all', grouping, filter: { ...ALL, ...filter } }, 99)
        .groups.map(({ key, total, newest }) => `${key} ${total} ${newest.id}`);
    assert.deepEqual(groups('kind'), ['check 3 check-5', 'run 2 run-4', 'before 1 check-6']);
    assert.deepEqual(groups('location'), [
      'in:ai_audi 3 check-5',
      'in:ai_bmw 1 check-2',
      'in:vw 1 run-4',
      'before 1 check-6',
    ]);
    assert.deepEqual(groups('asset'), [
      'in: 1 run-4',
      'in:audi/2024/prices 2 check-5',
      'in:audi/stock 2 run-3',
      'before 1 check-6',
    ]);
    assert.deepEqual(groups('issue', { statuses: ['pending', 'sent'] }), [
      'in:issue 2 2 check-5',
      'in:issue 1 2 run-3',
      'before 1 check-6',
    ]);
  });

  it('is paged within a group', () => {
    const page = (group: string, before: number | null) =>
      store.failureLists.page({ status: 'all', grouping: 'issue', group, limit: 1, before });
    const first = page('in:issue 1', null);
    assert.deepEqual([first.rows.map(({ id }) => id), first.total], [['run-3'], 2]);
    const second = page('in:issue 1', first.rows[0]?.seq ?? 0);
    assert.deepEqual(
      second.rows.map(({ id }) => id),
      ['check-1'],
    );
    assert.deepEqual(
      page('before', null).rows.map(({ id }) => id),
      ['check-6'],
    );
  });

  it('counts the groups that are too many', () => {
    const { groups, hidden } = store.failureLists.groups({ status: 'all', grouping: 'asset' }, 3);
    assert.deepEqual([groups.length, hidden], [3, 1]);
  });

  it('tells of single failures whether and where they belong', () => {
    const ids = ['check-1', 'check-2', 'run-3', 'check-6', 'unknown'].map(failureId);
    const members = store.failureLists.members({ status: 'pending', grouping: 'asset' }, ids);
    assert.deepEqual(members.map(({ key, stored }) => `${key} ${stored.id}`).sort(), [
      'before check-6',
      'in:audi/2024/prices check-1',
      'in:audi/stock run-3',
    ]);
  });
});
