import assert from 'node:assert/strict';
import { deliveryId } from '../../src/delivery/delivery.ts';
import type { InboxEvent } from '../../src/engine/api.ts';
import { type Comparable, offersFor } from '../../src/ui/comparable.ts';
import { english } from '../../src/ui/l10n.ts';
import { eventOfFailure, eventReceived, type NamedEvent } from '../../src/ui/namedEvent.ts';
import { AT, delivery, inboxEvent, row, runRow } from './samples.ts';

const nothing: Comparable = {
  own: [],
  related: { delivery: null, failures: [] },
  deliveries: [],
  failures: [],
  received: [],
};
const received = (changes: Partial<InboxEvent>): InboxEvent =>
  inboxEvent({ eventId: null, title: row().title, level: 'warning', ...changes });
const offered = (event: NamedEvent, among: Partial<Comparable>) =>
  offersFor(event, { ...nothing, ...among }, AT + 60_000, english).map(({ label, list }) => [
    label,
    ...list.map(({ other: { source } }) => `${source.kind} ${source.id}`),
  ]);

describe('what an event can be compared with', () => {
  const shown = row();
  const event = eventOfFailure(shown);
  const [earlier, other] = [row(), runRow()];
  const accepted = { kind: 'accepted', at: AT, status: 200, durationMs: 34, mayRepeat: false } as const;
  const own = delivery(accepted);
  const foreign = delivery(accepted, { id: deliveryId(6) });

  it('is first what has to do with it, then all else by what it is, each once and never itself', () => {
    const failures = [other, shown, earlier];
    const [ofRun, elsewhere] = [received({ id: 7, runId: shown.runId }), received({ id: 8, runId: 'another' })];
    assert.deepEqual(
      offered(event, {
        related: { delivery: own, failures: [earlier] },
        deliveries: [foreign, own],
        failures,
        received: [elsewhere, ofRun],
      }),
      [
        ['same failure, check or issue', `delivery ${own.id}`, 'inbox 7', `failure ${earlier.id}`],
        ['other deliveries', `delivery ${foreign.id}`],
        ['other failures', `failure ${other.id}`],
        ['received by the inbox', 'inbox 8'],
      ],
    );
  });

  it('has no part for what there is none of, and takes no message without a run for the same failure’s', () => {
    assert.deepEqual(offered(event, {}), []);
    assert.deepEqual(offered({ ...event, runId: null }, { received: [received({})] }), [
      ['received by the inbox', 'inbox 1'],
    ]);
  });

  it('is for a received event the failure that it tells of before what has to do with that', () => {
    assert.deepEqual(
      offered(eventReceived(received({})), { own: [shown], related: { delivery: own, failures: [earlier] } }),
      [['same failure, check or issue', `delivery ${own.id}`, `failure ${shown.id}`, `failure ${earlier.id}`]],
    );
  });

  it('says in one word what became of a delivery, and never in the endpoint’s', () => {
    const words = [
      delivery({ kind: 'waiting', until: AT, reason: 'The endpoint cannot take it now (502)' }),
      delivery({ kind: 'sending' }),
      own,
      delivery({ ...accepted, confirmation: { kind: 'confirmed', at: AT, issueUrl: null } }),
      delivery({ kind: 'failed', at: AT, status: 403, reason: 'event submission rejected' }),
    ].map((one) => offersFor(event, { ...nothing, deliveries: [one] }, AT, english)[0]?.list[0]?.description);
    assert.deepEqual(
      words,
      ['waiting', 'sending', 'accepted', 'confirmed', 'refused'].map(
        (word) => `${word} · 19:12 · Sentry 450812 · 2026-05-05`,
      ),
    );
  });
});
