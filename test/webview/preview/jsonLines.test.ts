import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/failure/json.ts';
import { type JsonLine, jsonLines, lineCount } from '../../../src/webview/preview/jsonLines.ts';

const text = (lines: readonly JsonLine[]): string =>
  lines
    .map(({ depth, parts, fold }) => {
      const all = [...parts, ...(fold?.rest ?? [])].map((part) => part.text).join('');
      return `${'  '.repeat(depth)}${all}`;
    })
    .join('\n');

const json = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value));

describe('JSON lines', () => {
  it('are those of JSON.stringify, while nothing is long', () => {
    const short = fc.jsonValue({ maxDepth: 4 }).filter((value) => {
      const longest = JSON.stringify(value, (_, inner: unknown) =>
        Array.isArray(inner) && inner.length > 10 ? 'LONG' : inner,
      );
      return !longest.includes('LONG');
    });
    fc.assert(
      fc.property(short, (value) => {
        const lines = jsonLines(json(value), new Set());
        assert.equal(text(lines), JSON.stringify(json(value), null, 2));
        assert.equal(lines.length, lineCount(json(value)));
      }),
    );
  });

  it('fold a long list and count its lines', () => {
    const value = { records: Array.from({ length: 50 }, (_, index) => ({ index })), after: 1 };
    const lines = jsonLines(value, new Set());
    assert.deepEqual(
      lines.map(({ number }) => number),
      [1, 2, 154, 155],
    );
    assert.equal(lines[1]?.fold?.summary, '50 items');
    assert.equal(text(jsonLines(value, new Set(['/records']))), JSON.stringify(value, null, 2));
  });

  it('fold a short list when asked', () => {
    const lines = jsonLines({ tags: { a: 'b' } }, new Set(['/tags']));
    assert.deepEqual(
      lines.map(({ number, fold }) => [number, fold?.folded ?? null]),
      [
        [1, null],
        [2, true],
        [5, null],
      ],
    );
  });

  it('draw 500 entries of an unfolded list at a time', () => {
    const value = Array.from({ length: 10_000 }, (_, index) => index);
    const some = jsonLines({ value }, new Set(['/value']));
    assert.equal(some.length, 500 + 5);
    assert.equal(some.at(-3)?.fold?.summary, '9,500 more');
    assert.equal(some.at(-1)?.number, 10_004);
    assert.equal(jsonLines({ value }, new Set(['/value', '/value/*'])).length, 10_004);
  });

  it('cut a long text until it is unfolded', () => {
    const value = { error: 'x'.repeat(200_000) };
    assert.ok(text(jsonLines(value, new Set())).length < 2100);
    assert.equal(text(jsonLines(value, new Set(['/error']))), JSON.stringify(value, null, 2));
  });
});
