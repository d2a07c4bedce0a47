import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { Arrivals, watchLine } from '../../scripts/demo/arrivals.ts';
import { summary } from '../../scripts/demo/headless.ts';
import { onLine } from '../../scripts/demo/lines.ts';
import type { ManifestEntry } from './manifest.ts';

const message = 'Dagster run failure: audi/failing/plain (ValueError)';
const entry: ManifestEntry = {
  case: 'run-exception',
  kind: 'run',
  storage_id: 12,
  run_id: 'r',
  expected: { message, level: 'error', tags: {}, extra: {} },
};

const failure = { type: 'failure', id: 'f', storageId: 12, title: message, timestamp: 1_800_000_000.25 };
const delivery = { type: 'delivery', failureId: 'f', eventId: 'e', state: { kind: 'waiting', reason: 'inbox is off' } };
const received = { type: 'received', eventId: 'e', title: message, level: 'error', receivedAt: 1_800_000_000_300 };

/** What the demo says of the entry after these lines of `cli watch`. */
function lackAfter(...lines: object[]): string | undefined {
  const arrivals = new Arrivals();
  for (const line of lines) {
    const heard = watchLine(JSON.stringify(line));
    assert.ok(heard, JSON.stringify(line));
    arrivals.hear(heard);
  }
  return arrivals.missing([entry])[0]?.lack;
}

describe("the headless demo's ledger", () => {
  it('says how far a failure came that has not arrived', () => {
    assert.equal(lackAfter(), 'NOT FOUND by the sensors');
    assert.equal(lackAfter(failure), 'found, NOT QUEUED for the inbox');
    assert.equal(lackAfter(failure, delivery), 'queued, NOT RECEIVED (inbox is off)');
  });

  it('counts a failure as arrived only with the specified message and level, of its own delivery', () => {
    assert.equal(lackAfter(failure, delivery, received), undefined);
    assert.match(lackAfter(failure, delivery, { ...received, title: 'another' }) ?? '', /NOT AS/);
    assert.match(lackAfter(failure, delivery, { ...received, level: 'warning' }) ?? '', /NOT error/);
    assert.match(lackAfter(failure, delivery, { ...received, eventId: 'other' }) ?? '', /NOT RECEIVED/);
    assert.match(lackAfter({ ...failure, storageId: 13 }, delivery, received) ?? '', /NOT FOUND/);
  });

  it('ends with 1 and the names of what is missing, with 0 when nothing is', () => {
    const said: string[] = [];
    const { log, error } = console;
    console.log = () => {};
    console.error = (text: string) => said.push(text);
    try {
      const arrivals = new Arrivals();
      assert.equal(summary([entry], arrivals), 1);
      assert.deepEqual(said, ['firedrill: missing: run-exception (12)']);
      for (const line of [failure, delivery, received]) {
        const heard = watchLine(JSON.stringify(line));
        if (heard) arrivals.hear(heard);
      }
      assert.equal(summary([entry], arrivals), 0);
      assert.equal(said.length, 1);
    } finally {
      Object.assign(console, { log, error });
    }
  });

  it('measures from the event log to the inbox', () => {
    const arrivals = new Arrivals();
    for (const line of [failure, delivery, received]) {
      const heard = watchLine(JSON.stringify(line));
      if (heard) arrivals.hear(heard);
    }
    assert.equal(arrivals.delay(entry), 50);
  });

  it('takes U+2028 inside a line for what it is', async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    onLine(stream, (line) => lines.push(line));
    stream.write('{"a":"one\u2028two');
    stream.end('"}\n{"b":1}\n');
    for await (const _ of stream);
    assert.deepEqual(lines, ['{"a":"one\u2028two"}', '{"b":1}']);
  });
});
