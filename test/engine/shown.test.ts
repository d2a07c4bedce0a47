import assert from 'node:assert/strict';
import { Showing } from '../../src/engine/shown.ts';
import { failureId, runId } from '../../src/failure/ids.ts';
import { testCheckFailure } from '../../src/failure/testFailure.ts';

const check = testCheckFailure({ id: failureId('f'), runId: runId('r'), now: 1, codeLocation: null });

describe('what is shown of an event', () => {
  it('is all of it while it is of a usual size', () => {
    const showing = new Showing();
    const event = { message: 'x', extra: { metadata: { records: [{ a: 1, b: [null, true] }] } } };
    assert.deepEqual(showing.event(event), event);
    assert.deepEqual(showing.failure(check), check);
    assert.deepEqual(showing.shortened, []);
  });

  it('is the beginning of what is too large, and says how much there is', () => {
    const showing = new Showing();
    const rows = Array.from({ length: 200_000 }, (_, n) => ({ vin: `WAUZZZ8K9BA${n}`, price: n }));
    const metadata = [
      { name: 'a/b', type: 'text', value: 'x'.repeat(10_000_000) },
      { name: 'rows', type: 'json', value: rows },
      { name: 'after', type: 'text', value: 'y'.repeat(500) },
    ] as const;
    const shown = showing.failure({ ...check, metadata });
    assert.ok(JSON.stringify(shown).length < 2_000_000);
    const [text, list, after] = showing.shortened;
    assert.deepEqual(text, { path: '/extra/metadata/a~1b', shown: 100_000, actual: 10_000_000, unit: 'characters' });
    assert.equal(list?.path, '/extra/metadata/rows');
    assert.ok(list.shown > 1_000 && list.actual === 200_000 && list.unit === 'items', JSON.stringify(list));
    assert.deepEqual(after, { path: '/extra/metadata/after', shown: 100, actual: 500, unit: 'characters' });
    assert.ok(shown.kind === 'check');
    assert.deepEqual(shown.metadata[1]?.value, rows.slice(0, list.shown));
  });

  it('takes a value a thousand levels deep', () => {
    let deep: { [key: string]: never } | object = {};
    for (let level = 0; level < 1000; level += 1) deep = { deep };
    const showing = new Showing();
    const event = showing.event({ extra: JSON.parse(JSON.stringify(deep)) });
    assert.equal(JSON.stringify(event), JSON.stringify({ extra: deep }));
  });
});
