import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/failure/json.ts';
import { inlineJson } from '../../../src/webview/preview/inlineJson.ts';

const text = (value: JsonValue): string =>
  inlineJson(value)
    .parts.map(({ kind, text: words }) => (kind === 'fold' ? `(${words})` : words))
    .join('');

describe('JSON in one line', () => {
  it('is whole where it is short', () => {
    assert.equal(text({ a: { b: [1, 'x', null] }, 'c d': true }), '{ a: { b: [ 1, "x", null ] }, "c d": true }');
    assert.equal(text([]), '[]');
    assert.equal(inlineJson(['a', 'b']).folded, false);
  });

  it('folds what is deep, many or long', () => {
    const value = { a: { b: { c: { d: { e: 1 } } } }, l: Array.from({ length: 20 }, (_, i) => i) };
    assert.equal(text(value), '{ a: { b: { c: { (2 more levels) } } }, l: [ (20 items) ] }');
    assert.equal(text({ t: 'x'.repeat(100) }), `{ t: "${'x'.repeat(59)}…"(100 characters) }`);
    assert.equal(text({ a: { b: { c: { d: 1 } } } }), '{ a: { b: { c: { (1 field) } } } }');
  });

  it('stays one short line, and tells whether anything is folded, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.json().map((json): JsonValue => JSON.parse(json)),
        (value) => {
          const { parts, folded } = inlineJson(value);
          const line = parts.map(({ text: words }) => words).join('');
          assert.ok(line.length < 200, line);
          assert.ok(!line.includes('\n'));
          if (folded) return;
          const spaces = (json: string) => json.replace(/\s/g, '').replaceAll('"', '');
          assert.equal(spaces(line), spaces(JSON.stringify(value)));
        },
      ),
    );
  });
});
