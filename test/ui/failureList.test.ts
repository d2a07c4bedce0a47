import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FailureRow } from '../../src/engine/api.ts';
import { FailureList, PAGE } from '../../src/ui/failures/list.ts';
import { row } from './samples.ts';

/** What the engine would answer: the truth that a list follows. */
class Truth {
  readonly rows = new Map<string, FailureRow>();

  inGroup(key: string): FailureRow[] {
    return [...this.rows.values()]
      .filter((of) => of.status === 'pending' && of.label === key)
      .sort((a, b) => b.seq - a.seq);
  }

  groups(ids: readonly FailureRow['id'][] = []) {
    const pending = [...this.rows.values()].filter(({ status }) => status === 'pending');
    const groups = [...new Set(pending.map(({ label }) => label))].sort().flatMap((key) => {
      const [newest] = this.inGroup(key);
      return newest ? [{ key, total: this.inGroup(key).length, newest, issue: key }] : [];
    });
    return {
      groups,
      hidden: 0,
      rows: pending.filter(({ id }) => ids.includes(id)).map((of) => ({ key: of.label, row: of })),
    };
  }

  page(key: string, limit: number, before: number | null = null) {
    const all = this.inGroup(key);
    return { rows: all.filter(({ seq }) => before === null || seq < before).slice(0, limit), total: all.length };
  }

  put(...all: FailureRow[]): FailureRow['id'][] {
    for (const of of all) this.rows.set(of.id, of);
    return all.map(({ id }) => id);
  }
}

describe('the list of failures', () => {
  let truth: Truth;
  let list: FailureList;
  beforeEach(() => {
    truth = new Truth();
    list = new FailureList();
  });
  const tell = (...all: FailureRow[]) => {
    const ids = truth.put(...all);
    return list.apply(ids, truth.groups(ids));
  };
  const open = (key: string) => list.replace(key, truth.page(key, list.limit(key)));
  const a = (changes: Partial<FailureRow> = {}) => row({ label: 'a', ...changes });
  const b = (changes: Partial<FailureRow> = {}) => row({ label: 'b', ...changes });

  it('knows the groups and counts at once, the rows of a group when it is opened', () => {
    const one = a();
    assert.equal(tell(one, a(), b()), null);
    assert.deepEqual([list.total('a'), list.total('b'), list.rows('a').length], [2, 1, 0]);
    open('a');
    assert.equal(list.rows('a').length, 2);
    assert.equal(list.find(one.id), one);
    assert.equal(list.groupOf(one.id), 'a');
  });

  it('asks for a page more of groups when more are wanted, until it starts anew', () => {
    list.apply([], { groups: [], hidden: 3, rows: [] });
    assert.deepEqual([list.groupLimit, list.hiddenGroups], [PAGE, 3]);
    list.raiseGroupLimit();
    assert.equal(list.groupLimit, 2 * PAGE);
    list.clear();
    assert.equal(list.groupLimit, PAGE);
  });

  it('puts what is new into its group, the newest first, and names only the groups that changed', () => {
    tell(a({ timestamp: 1 }), b());
    open('a');
    const recent = a({ timestamp: 2 });
    assert.deepEqual(tell(recent), new Set(['a']));
    assert.equal(list.rows('a')[0], recent);
    assert.deepEqual(tell({ ...recent, passedSince: 9 }), new Set(['a']));
    assert.equal(list.find(recent.id)?.passedSince, 9);
    assert.deepEqual(tell({ ...recent, passedSince: 9 }), new Set(), 'told of again as it was');
    assert.deepEqual(tell({ ...recent, passedSince: 9, delivery: 'waiting' }), new Set(['a']));
  });

  it('says when groups come or go', () => {
    const only = b();
    tell(a());
    assert.equal(tell(only), null);
    open('b');
    assert.equal(tell({ ...only, status: 'sent' }), null);
    assert.equal(list.isLoaded('b'), false);
    assert.equal(list.find(only.id), undefined);
  });

  it('holds no more rows than are shown, however many arrive', () => {
    tell(...Array.from({ length: PAGE }, () => a()));
    open('a');
    const recent = Array.from({ length: 30 }, () => a());
    tell(...recent);
    assert.equal(list.rows('a').length, PAGE);
    assert.equal(list.hidden('a'), 30);
    assert.ok(recent.every(({ id }) => list.find(id)));
    list.append('a', truth.page('a', PAGE, list.edge('a')));
    assert.equal(list.hidden('a'), 0);
    assert.equal(list.limit('a'), 2 * PAGE);
  });

  it('leaves what is older than its oldest row behind "Show more"', () => {
    const old = a({ status: 'dismissed' });
    tell(old, ...Array.from({ length: PAGE + 1 }, () => a()));
    open('a');
    tell({ ...old, status: 'pending' });
    assert.equal(list.find(old.id), undefined);
    assert.equal(list.hidden('a'), 2);
  });

  it('keeps a row that is asked for, and goes on behind the page all the same', () => {
    const all = Array.from({ length: PAGE }, () => a());
    tell(...all);
    open('a');
    const [oldest, second] = all;
    assert.ok(oldest && second);
    const ids = truth.put(...Array.from({ length: 30 }, () => a()));
    list.apply(ids, truth.groups(ids), new Set([oldest.id]));
    assert.equal(list.rows('a').length, PAGE + 1);
    assert.equal(list.find(oldest.id), oldest);
    assert.equal(list.find(second.id), undefined);
    assert.equal(list.hidden('a'), 29);
    list.append('a', truth.page('a', PAGE, list.edge('a')));
    assert.deepEqual(new Set(list.rows('a')), new Set(truth.inGroup('a')));
    const later = truth.put(...Array.from({ length: 2 * PAGE }, () => a()));
    list.apply(later, truth.groups(later));
    assert.equal(list.find(oldest.id), undefined);
    assert.equal(list.rows('a').length, 2 * PAGE);
  });

  it('loads a group anew when everything shown was taken away', () => {
    const all = Array.from({ length: PAGE + 1 }, () => a());
    tell(...all);
    open('a');
    tell(...all.slice(1).map((of) => ({ ...of, status: 'dismissed' as const })));
    assert.equal(list.isLoaded('a'), false);
    assert.equal(list.total('a'), 1);
  });

  it('agrees with one that is loaded anew, whatever happens', () => {
    const change = fc.record({
      index: fc.nat(8),
      status: fc.constantFrom('pending', 'sent', 'dismissed'),
      label: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(change as fc.Arbitrary<Pick<FailureRow, 'status' | 'label'> & { index: number }>)),
        (batches) => {
          truth = new Truth();
          list = new FailureList();
          const known = Array.from({ length: 9 }, () => row());
          for (const batch of batches) {
            tell(
              ...batch.flatMap(({ index, status, label }) =>
                known[index] ? [{ ...known[index], status, label }] : [],
              ),
            );
            open('a');
            for (const key of ['a', 'b', 'c']) {
              assert.equal(list.total(key), truth.inGroup(key).length);
              if (list.isLoaded(key)) assert.deepEqual(new Set(list.rows(key)), new Set(truth.inGroup(key)));
            }
          }
        },
      ),
    );
  });
});
