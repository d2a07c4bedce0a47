import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inspectEvent } from '../../../src/channels/sentry/limits.ts';
import { inspectedOf } from '../../../src/channels/sentry/receivedEvent.ts';
import { toldCuts } from '../../../src/channels/sentry/toldCuts.ts';
import type { JsonObject } from '../../../src/failure/json.ts';
import { awkwardJson } from './awkwardJson.ts';

const told = (event: JsonObject) => toldCuts(event).map(({ kind, path, what }) => [kind, path, what]);

describe('what the sender of an event tells that it cut', () => {
  it('is in _meta of the SDK for Python: lists, texts, and what was nested too deep', () => {
    const event = {
      extra: { metadata: { records: [1, 2], page: 'abc…', deep: { a: "{'b': 1}" } } },
      _meta: {
        extra: {
          metadata: {
            records: { '': { len: 50 } },
            page: { '': { len: 2000, rem: [['!limit', 'x', 3, 4]] } },
            deep: { a: { '': { rem: [['!limit', 'x']] } } },
          },
        },
      },
    };
    assert.deepEqual(told(event), [
      ['by-sender', '/extra/metadata/records', '50 items: the sender kept the first 2.'],
      ['by-sender', '/extra/metadata/page', 'A text of 2,000 characters: the sender kept 4.'],
      ['by-sender', '/extra/metadata/deep/a', 'The sender put a text in its place: too deep, or more than it takes.'],
    ]);
  });

  it('is what the SDKs for JavaScript put in the place of values', () => {
    const words = 'The sender put a text in its place: too deep, or more than it takes.';
    assert.deepEqual(told({ extra: { a: { b: { c: '[Object]' } }, list: ['[Array]', 'x'] } }), [
      ['by-sender', '/extra/a/b/c', words],
      ['by-sender', '/extra/list/0', words],
    ]);
  });

  it('is nothing where it tells nothing, or something else than Sentry’s', () => {
    for (const meta of [null, 5, [], { extra: 7 }, { extra: { '': 'len' } }, { '': { len: -1 } }, { __proto__: {} }])
      assert.deepEqual(told({ extra: { a: 1 }, _meta: meta }), []);
    assert.deepEqual(
      told({ message: 'm', extra: { list: [1, 2] }, _meta: { extra: { list: { '': { len: 2 } } } } }),
      [],
    );
  });
});

describe('limits of an event that anybody sent', () => {
  it('are those of the same event of Firedrill', () => {
    const event = {
      message: { formatted: 'x'.repeat(9000) },
      tags: { note: 'a\nb', count: 5 },
      extra: { long: 'y'.repeat(20_000) },
      timestamp: '2026-01-01T00:00:00Z',
      environment: 'a/b',
    };
    const { cuts } = inspectEvent(inspectedOf(event), 30_000, Date.parse('2026-11-20T00:00:00Z'));
    assert.deepEqual(
      cuts.map(({ path }) => path),
      ['/message', '/environment', '/tags/note', '/extra/long', '/timestamp'],
    );
  });

  it('are not those of a tag that is no text, number or word of yes and no', () => {
    const tags = { list: ['x'.repeat(300)], object: { toString: null }, number: 7, yes: true, none: null };
    assert.deepEqual(inspectedOf({ tags }).tags, { number: '7', yes: 'true', none: '' });
  });

  it('are found in any JSON object, without a fault', () => {
    fc.assert(
      fc.property(awkwardJson('message', 'tags', 'extra', '_meta', 'timestamp', 'x'), (event) => {
        toldCuts(event);
        inspectEvent(inspectedOf(event), 1, 0);
      }),
      { numRuns: 1000 },
    );
  });
});
