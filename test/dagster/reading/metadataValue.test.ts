import assert from 'node:assert/strict';
import { metadataEntry } from '../../../src/dagster/metadataValue.ts';
import { pythonRepr } from '../../../src/dagster/pythonRepr.ts';

const valueFrom = (packed: unknown) => metadataEntry('m', packed).value;

describe('metadata values', () => {
  it('of a class that Firedrill does not know are told as Python would print them', () => {
    assert.deepEqual(metadataEntry('m', { __class__: 'FutureMetadataValue', count: 3, name: "it's" }), {
      name: 'm',
      type: 'other',
      value: `FutureMetadataValue(count=3, name="it's")`,
    });
    assert.equal(metadataEntry('m', { __class__: 'constructor' }).type, 'other');
  });

  it('that were never packed stay JSON', () => {
    assert.deepEqual(valueFrom({ a: [1] }), { a: [1] });
    assert.equal(valueFrom(7), 7);
  });

  it('of json keep what looks like a packed class', () => {
    const data = { __class__: 'AssetKey', path: ['a'] };
    assert.deepEqual(valueFrom({ __class__: 'JsonMetadataEntryData', data }), data);
  });

  it('without their optional text are empty', () => {
    assert.equal(valueFrom({ __class__: 'TextMetadataEntryData', text: null }), '');
    assert.equal(valueFrom({ __class__: 'UrlMetadataEntryData' }), '');
  });

  it('keep numbers and truth values', () => {
    assert.equal(valueFrom({ __class__: 'FloatMetadataEntryData', value: 0.25 }), 0.25);
    assert.equal(valueFrom({ __class__: 'BoolMetadataEntryData', value: false }), false);
    assert.equal(valueFrom({ __class__: 'NullMetadataEntryData' }), null);
    assert.equal(valueFrom({ __class__: 'TimestampMetadataValue', value: 1.5 }), 1.5);
  });
});

describe("Python's repr", () => {
  it('quotes and escapes text as Python does', () => {
    const cases: [string, string][] = [
      ["it's", `"it's"`],
      [`it's "q"`, `'it\\'s "q"'`],
      ['a\\b\n\r\t\u0007', "'a\\\\b\\n\\r\\t\\x07'"],
      ['größe 😀', "'größe 😀'"],
      ['\u200b\u00a0\u{e0001}', "'\\u200b\\xa0\\U000e0001'"],
      ['\ud83d', "'\\ud83d'"],
    ];
    for (const [text, repr] of cases) assert.equal(pythonRepr(text), repr);
  });

  it('prints None, truth values, lists and dicts', () => {
    assert.equal(pythonRepr({ a: [null, true, false, 1] }), "{'a': [None, True, False, 1]}");
  });
});
