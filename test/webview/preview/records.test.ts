import assert from 'node:assert/strict';
import { asRecords, cellText } from '../../../src/webview/preview/records.ts';

describe('records', () => {
  it('take a column from any row that has it', () => {
    const records = asRecords([{ a: 1 }, { b: 'x', a: null }]);
    assert.deepEqual(
      records?.columns.map(({ name, numeric }) => [name, numeric]),
      [
        ['a', true],
        ['b', false],
      ],
    );
  });

  it('are none where the value is anything else', () => {
    for (const value of [null, 1, 'x', [], [1, 2], [{ a: 1 }, 2], { records: [1] }])
      assert.equal(asRecords(value), null);
  });

  it('of an empty table still have the schema’s columns', () => {
    const records = asRecords({ schema: { columns: [{ name: 'a', type: 'int' }] }, records: [] });
    assert.deepEqual([records?.rows.length, records?.columns[0]?.type], [0, 'int']);
  });

  it('write a nested value as one line of JSON', () => {
    assert.deepEqual([{ a: [1] }, 'x\ny', undefined, null].map(cellText), ['{"a":[1]}', 'x\ny', '', 'null']);
  });
});
