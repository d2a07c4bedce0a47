import assert from 'node:assert/strict';
import type { SentryEvent } from '../../../src/channels/sentry/event.ts';
import { renderEvent } from '../../../src/channels/sentry/event.ts';
import { inspectEvent } from '../../../src/channels/sentry/limits.ts';
import { inspectExtra } from '../../../src/channels/sentry/trimming.ts';
import { eventId } from '../../../src/failure/ids.ts';
import type { JsonValue } from '../../../src/failure/json.ts';
import { checkFailure, LOGGED_AT, metadata, NOW, runFailure, settings } from './failures.ts';

const ID = eventId('04ca1f238da2b000d80c04cb081079c4');
const event = (change: Partial<SentryEvent> = {}): SentryEvent => ({
  ...renderEvent(checkFailure({ partition: '2026-05-01' }), ID, settings).event,
  ...change,
});
const cuts = (change: Partial<SentryEvent>) =>
  inspectEvent(event(change), 1000, NOW).cuts.map(({ kind, path, limit, actual, unit }) => ({
    kind,
    path,
    limit,
    actual,
    unit,
  }));

/** `{key8: {key7: … {key1: 'max depth'}}}`. */
const nested = (depth: number): JsonValue => (depth === 0 ? 'max depth' : { [`key${depth}`]: nested(depth - 1) });

describe('inspectExtra: as Relay trims', () => {
  const brief = (extra: { readonly [key: string]: JsonValue }) =>
    inspectExtra(extra).cuts.map(({ path, limit, actual, unit }) => ({ path, limit, actual, unit }));

  it('turns the container on the seventh level into text (Relay: databag stripping)', () => {
    const extra = { key_1: 'value 1', key_2: nested(8), key_3: nested(5) };
    assert.deepEqual(brief(extra), [
      { path: '/extra/key_2/key8/key7/key6/key5/key4', limit: 7, actual: 10, unit: 'levels' },
    ]);
    assert.equal(inspectExtra(extra).levels, 10);
    assert.equal(inspectExtra({ key_3: nested(5) }).levels, 7);
  });

  it('tells once what is too deep in fifty records of one shape', () => {
    const records = Array.from({ length: 50 }, (_, row) => ({
      row,
      src: { a: { b: row === 7 ? { c: [1] } : { c: 1 } } },
    }));
    assert.deepEqual(inspectExtra({ metadata: { records, other: nested(8) } }).cuts, [
      {
        kind: 'cut',
        path: '/extra/metadata/other/key8/key7/key6/key5',
        what: 'Nested deeper than 7 levels: Sentry keeps it as JSON text.',
        limit: 7,
        actual: 11,
        unit: 'levels',
      },
      {
        kind: 'cut',
        path: '/extra/metadata/records/0/src/a/b',
        what: 'Nested deeper than 7 levels: Sentry keeps it as JSON text, in 50 places.',
        limit: 7,
        actual: 9,
        unit: 'levels',
      },
    ]);
  });

  it('turns an empty list on the seventh level into text too', () => {
    const extra = { a: { b: { c: { d: { e: { f: [] } } } } } };
    assert.deepEqual(brief(extra), [{ path: '/extra/a/b/c/d/e/f', limit: 7, actual: 8, unit: 'levels' }]);
  });

  it('keeps 16,381 of 50,000 characters and three dots (Relay: array stripping)', () => {
    assert.deepEqual(brief({ key_0: 'x'.repeat(50_000) }), [
      { path: '/extra/key_0', limit: 16_381, actual: 50_000, unit: 'characters' },
    ]);
  });

  it('keeps 8,192 of 200,000 small numbers (Relay: long arrays)', () => {
    assert.deepEqual(brief({ foo: new Array<number>(200_000).fill(1) }), [
      { path: '/extra/foo', limit: 8192, actual: 200_000, unit: 'items' },
    ]);
  });

  it('gives what is left to the next key, in the order of the keys (Relay: context trimming, at 16,384)', () => {
    assert.deepEqual(brief({ metadata: { foo: 'a'.repeat(9000), bar: 'a'.repeat(10_000), zoo: 1 } }), [
      { path: '/extra/metadata/foo', limit: 16_384 - 10_003 - 3, actual: 9000, unit: 'characters' },
      { path: '/extra/metadata', limit: 2, actual: 3, unit: 'items' },
    ]);
  });

  it('counts characters to compare and bytes to spend', () => {
    assert.deepEqual(brief({ text: 'ü'.repeat(16_384) }), []);
    assert.deepEqual(brief({ metadata: ['ü'.repeat(16_000), 'x'] }), [
      { path: '/extra/metadata', limit: 1, actual: 2, unit: 'items' },
    ]);
    assert.deepEqual(brief({ text: '🚗'.repeat(16_385) }), [
      { path: '/extra/text', limit: 16_381, actual: 16_385, unit: 'characters' },
    ]);
  });

  it('points at keys with slashes and tildes', () => {
    assert.equal(brief({ 'a/b~c': 'x'.repeat(20_000) })[0]?.path, '/extra/a~1b~0c');
  });

  it('measures the largest value, all of extra and the nesting', () => {
    const { longest, bytes, levels } = inspectExtra({ a: 'four', b: [1, true, null, 'ü'], c: {} });
    // b: 2 for 1, 5 for true, 1 for null, 5 for a text of two bytes; its brackets count in all of extra only.
    assert.deepEqual(
      { longest, bytes, levels },
      { longest: { path: '/extra/b', bytes: 13 }, bytes: 7 + 13 + 3 + 3, levels: 3 },
    );
  });

  it('finds nothing to cut exactly where the measures are within their limits', () => {
    for (const size of [16_380, 16_381, 16_382]) {
      const { longest, cuts: found } = inspectExtra({ metadata: { a: 'x'.repeat(size) } });
      assert.equal(longest.bytes, size + 3);
      // One text alone may be as long as what is left in characters: 16,384.
      assert.deepEqual(found, []);
      const two = inspectExtra({ metadata: { a: 'x'.repeat(size - 2), b: 1 } });
      assert.equal(two.cuts.length === 0, two.longest.bytes <= 16_384 + 1, `${two.longest.bytes}`);
    }
  });
});

describe('inspectEvent', () => {
  it('cuts nothing of an ordinary event and measures it', () => {
    const { cuts: found, measures } = inspectEvent(event(), 500, NOW);
    assert.deepEqual(found, []);
    assert.deepEqual(measures, {
      event: { actual: 500, limit: 1_048_576 },
      message: { actual: 69, limit: 8192 },
      longestValue: { path: '/extra/run_id', actual: 39, limit: 16_384 },
      extra: { actual: 74, limit: 262_144 },
      nesting: { actual: 3, limit: 7 },
      tags: 4,
    });
  });

  it('tells an event over 1 MiB as refused', () => {
    assert.deepEqual(inspectEvent(event(), 1_048_576, NOW).cuts, []);
    assert.deepEqual(
      inspectEvent(event(), 1_048_577, NOW).cuts.map(({ kind, path }) => ({ kind, path })),
      [{ kind: 'refused', path: '' }],
    );
  });

  it('tells a message over 8,192 characters', () => {
    assert.deepEqual(cuts({ message: 'x'.repeat(8192) }), []);
    assert.deepEqual(cuts({ message: 'x'.repeat(8193) }), [
      { kind: 'cut', path: '/message', limit: 8192, actual: 8193, unit: 'characters' },
    ]);
  });

  for (const [title, value, actual] of [
    ['is too long', 'x'.repeat(201), 201],
    ['has a line break', 'a\nb', 3],
    ['is blank', ' ', 0],
  ] as const) {
    it(`tells a tag that Sentry drops because it ${title}`, () => {
      assert.deepEqual(cuts({ tags: { oem: value } }), [
        { kind: 'cut', path: '/tags/oem', limit: 200, actual, unit: 'characters' },
      ]);
    });
  }

  it('takes a tag of 200 characters, counted as people count, with line breaks around it', () => {
    assert.deepEqual(cuts({ tags: { oem: `\n${'🚗'.repeat(200)}\n` } }), []);
  });

  for (const environment of ['', 'a/b', 'None', '..', 'x'.repeat(65), 'a\tb']) {
    it(`tells that Sentry drops the environment ${JSON.stringify(environment.slice(0, 10))}`, () => {
      assert.deepEqual(
        cuts({ environment }).map(({ path }) => path),
        ['/environment'],
      );
    });
  }

  it('takes an ordinary environment', () => {
    assert.deepEqual(cuts({ environment: 'firedrill-test' }), []);
  });

  it('tells an event that is over 30 days old or a minute ahead', () => {
    const at = (seconds: number) =>
      inspectEvent(event({ timestamp: LOGGED_AT }), 500, (LOGGED_AT + seconds) * 1000).cuts;
    assert.deepEqual([at(2_592_000), at(-60)], [[], []]);
    assert.deepEqual(
      at(2_592_001).map(({ path, what }) => ({ path, what })),
      [{ path: '/timestamp', what: 'The failure is over 30 days old: Sentry dates the event when it arrives.' }],
    );
    assert.deepEqual(
      at(-61).map(({ path, actual }) => ({ path, actual })),
      [{ path: '/timestamp', actual: 61 }],
    );
  });

  it('tells what is left of 50 wide records and of a long error', () => {
    const records = Array.from({ length: 50 }, (_, row) => ({ row, text: 'x'.repeat(500) }));
    const wide = renderEvent(checkFailure({ metadata: [metadata('records', records)] }), ID, settings).event;
    const found = inspectEvent(wide, 30_000, NOW);
    assert.ok(found.measures.longestValue.actual > 16_384);
    const list = found.cuts.find(({ path }) => path === '/extra/metadata/records');
    assert.ok(list !== undefined && list.limit < 50 && list.limit > 20, JSON.stringify(found.cuts));
    assert.match(list.what, /^50 items: Sentry keeps the first \d+, the value is over 16,384 bytes\.$/);

    const long = renderEvent(runFailure({ message: 'x'.repeat(200_000) }), ID, settings).event;
    assert.deepEqual(
      inspectEvent(long, 201_000, NOW).cuts.map(({ path, what }) => ({ path, what })),
      [{ path: '/extra/error', what: 'A text of 200,000 characters: Sentry keeps the first 16,381.' }],
    );
  });
});
