import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../../../src/failure/json.ts';
import { METADATA_TYPES } from '../../../../src/failure/metadata.ts';
import { textOfValue, valueOfText } from '../../../../src/webview/preview/edit/metadataText.ts';

const read = (type: (typeof METADATA_TYPES)[number], text: string) => {
  const answer = valueOfText(type, text);
  return answer.outcome === 'ok' ? answer.value : answer.message;
};

describe('a metadata value as text', () => {
  it('is read by its type: numbers exact, what JSON has no number for as text', () => {
    assert.equal(read('int', ' 12 '), 12);
    assert.equal(read('int', '9007199254740993'), '9007199254740993');
    assert.equal(read('int', '-0x1'), 'A whole number.');
    assert.equal(read('float', '1.50'), 1.5);
    assert.equal(read('float', '-INF'), '-inf');
    assert.equal(read('float', ''), 'A number, nan, inf or -inf.');
    assert.equal(read('bool', 'true'), true);
    assert.equal(read('bool', 'yes'), 'true or false.');
    assert.equal(read('null', 'whatever'), null);
    assert.deepEqual(read('json', '[{"a": 1}]'), [{ a: 1 }]);
    assert.match(String(read('json', '[1,')), /^No JSON: /);
    assert.equal(read('md', '# a\n* b'), '# a\n* b');
  });

  it('comes back as it was, for every JSON value of type json and every text', () => {
    const json = fc.json().map((text): JsonValue => JSON.parse(text));
    fc.assert(
      fc.property(json, (value) => assert.deepEqual(read('json', textOfValue({ type: 'json', value })), value)),
    );
    fc.assert(
      fc.property(fc.string(), (value) => assert.equal(read('text', textOfValue({ type: 'text', value })), value)),
    );
  });

  it('is some text for each type', () => {
    for (const type of METADATA_TYPES) assert.equal(typeof textOfValue({ type, value: 1 }), 'string');
  });
});
