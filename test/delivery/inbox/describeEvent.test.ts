import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeEvent } from '../../../src/delivery/inbox/describeEvent.ts';
import type { JsonObject } from '../../../src/failure/json.ts';
import { awkwardJson } from '../../channels/sentry/awkwardJson.ts';

const nothing = { sdk: undefined, client: null, userAgent: null };
const title = (event: JsonObject): string => describeEvent(event, nothing).title;

describe('description of a received event', () => {
  it('takes the title where Sentry takes it', () => {
    assert.equal(title({ message: 'plain' }), 'plain');
    assert.equal(title({ message: { message: 'a %s', formatted: 'a b' } }), 'a b');
    assert.equal(title({ logentry: { message: 'raw', formatted: null } }), 'raw');
    assert.equal(
      title({
        exception: {
          values: [
            { type: 'A', value: 'first' },
            { type: 'B', value: 'last' },
          ],
        },
      }),
      'B: last',
    );
    assert.equal(title({ exception: [{ type: 'C' }], message: 'm' }), 'C');
    assert.equal(title({ exception: { type: 'D', value: 'd' } }), 'D: d');
    assert.equal(title({ transaction: 'GET /' }), 'GET /');
    assert.equal(title({}), '<unlabeled event>');
    assert.equal(title({ message: '\n  \n second line \n third' }), 'second line');
    assert.equal(title({ message: 'x'.repeat(500) }).length, 300);
  });

  it('takes the sender from the event, its envelope, the key or the user agent, in this order', () => {
    const from = { sdk: { name: 'envelope.sdk', version: '2' }, client: 'client/3', userAgent: 'agent/4' };
    assert.equal(describeEvent({ sdk: { name: 'event.sdk', version: '1' } }, from).sender, 'event.sdk 1');
    assert.equal(describeEvent({ sdk: { name: 'event.sdk' } }, from).sender, 'event.sdk');
    assert.equal(describeEvent({}, from).sender, 'envelope.sdk 2');
    assert.equal(describeEvent({}, { ...from, sdk: null }).sender, 'client/3');
    assert.equal(describeEvent({}, { ...from, sdk: 7, client: null }).sender, 'agent/4');
    assert.equal(describeEvent({}, nothing).sender, 'unknown sender');
  });

  it('reads level, id and run, and passes over what is of another type', () => {
    const good = { event_id: 'e', level: 'fatal', extra: { run_id: 'r' }, tags: { partition_date: 'p' } };
    assert.deepEqual(describeEvent(good, nothing), {
      eventId: 'e',
      title: '<unlabeled event>',
      level: 'fatal',
      sender: 'unknown sender',
      runId: 'r',
      partition: 'p',
      groupingKey: 'message ',
    });
    const bad = {
      event_id: 7,
      level: 'loud',
      extra: { run_id: [] },
      message: 9,
      exception: { values: 'x' },
      logentry: [],
    };
    assert.deepEqual(describeEvent(bad, nothing), {
      eventId: null,
      title: '<unlabeled event>',
      level: 'error',
      sender: 'unknown sender',
      runId: null,
      partition: null,
      groupingKey: 'message ',
    });
  });

  it('describes any JSON without failing', () => {
    const fields = [
      'event_id',
      'message',
      'logentry',
      'exception',
      'level',
      'sdk',
      'extra',
      'tags',
      'transaction',
      'fingerprint',
    ];
    fc.assert(
      fc.property(awkwardJson(...fields), (event) => {
        assert.notEqual(title(event), '');
      }),
      { numRuns: 1000 },
    );
  });
});
