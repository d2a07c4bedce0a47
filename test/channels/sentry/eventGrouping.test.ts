import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupingKeyOfEvent, groupingOfEvent } from '../../../src/channels/sentry/eventGrouping.ts';
import { groupingOf } from '../../../src/channels/sentry/grouping.ts';
import type { JsonObject } from '../../../src/failure/json.ts';
import { awkwardJson } from './awkwardJson.ts';

const same = (a: JsonObject, b: JsonObject) => assert.equal(groupingKeyOfEvent(a), groupingKeyOfEvent(b));
const other = (a: JsonObject, b: JsonObject) => assert.notEqual(groupingKeyOfEvent(a), groupingKeyOfEvent(b));
const thrown = (type: string, value: string, functions: readonly string[] = []): JsonObject => ({
  exception: {
    values: [
      {
        type,
        value,
        ...(functions.length > 0 && {
          stacktrace: {
            frames: functions.map((name) => ({ module: 'prices', function: name, in_app: name !== 'run' })),
          },
        }),
      },
    ],
  },
});

describe('the issue of an event that anybody sent', () => {
  it('is that of its message, as Sentry compares it, whichever field holds it', () => {
    same({ message: 'discrepancies on audi/2024/prices' }, { message: 'discrepancies on audi/2025/prices' });
    same({ message: 'a 1' }, { logentry: { message: 'a 2' } });
    same({ message: { message: 'a %s', formatted: 'a b' } }, { message: { message: 'a %s', formatted: 'a c' } });
    other({ message: 'integrity on audi' }, { message: 'discrepancies on audi' });
    other({ message: 'a' }, thrown('a', ''));
  });

  it('says by what it is, what it is called, and which failures would join it', () => {
    const message = 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)';
    const { key: failureKey } = groupingOf(message);
    const title = 'discrepancies on audi/…/prices (WARN)';
    assert.deepEqual(groupingOfEvent({ message }), {
      key: `message ${failureKey}`,
      title,
      ignored: ['2024'],
      by: 'message',
      failureKey,
    });
    const { by, title: named } = groupingOfEvent({ message, fingerprint: ['{{ default }}', 'night'] });
    assert.deepEqual([by, named], ['fingerprint', `${title}, night`]);
    const raised = groupingOfEvent(thrown('ValueError', 'no price', ['load']));
    assert.deepEqual([raised.by, raised.title, raised.failureKey], ['exception', 'ValueError: no price', null]);
  });

  it('is that of the sender’s fingerprint, in which {{ default }} stands for its own', () => {
    same({ message: 'a', fingerprint: ['x'] }, { message: 'b', fingerprint: ['x'] });
    other({ message: 'a', fingerprint: ['{{ default }}', 'x'] }, { message: 'b', fingerprint: ['{{ default }}', 'x'] });
    same({ message: 'a', fingerprint: [] }, { message: 'a' });
    same({ message: 'a', fingerprint: [{ toString: [] }, null] }, { message: 'a' });
    same({ message: 'a', fingerprint: [['x'], 'y', 7] }, { message: 'b', fingerprint: ['y', '7'] });
  });

  it('is that of the exception’s own frames, else of its type and value', () => {
    same(thrown('E', 'one', ['run', 'load']), thrown('E', 'two', ['load']));
    other(thrown('E', 'one', ['load']), thrown('E', 'one', ['save']));
    same(thrown('E', 'row 7'), thrown('E', 'row 8'));
    other(thrown('E', 'no prices'), thrown('E', 'no options'));
    other(thrown('E', 'x'), thrown('F', 'x'));
  });

  it('is found for any JSON object', () => {
    fc.assert(
      fc.property(awkwardJson('message', 'logentry', 'exception', 'fingerprint', 'values', 'stacktrace'), (event) => {
        assert.equal(typeof groupingKeyOfEvent(event), 'string');
      }),
      { numRuns: 1000 },
    );
  });
});
