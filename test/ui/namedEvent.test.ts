import assert from 'node:assert/strict';
import { deliveryId } from '../../src/delivery/delivery.ts';
import { english } from '../../src/ui/l10n.ts';
import {
  comparedTitle,
  eventOfDelivery,
  eventOfFailure,
  eventReceived,
  type NamedEvent,
} from '../../src/ui/namedEvent.ts';
import { AT, delivery, row, runRow } from './samples.ts';

const titleOf = (left: NamedEvent, right: NamedEvent) => comparedTitle(left, right, AT, english);
const NAME = 'discrepancies on audi/2024/prices (WARN)';

describe('the title of two compared events', () => {
  it('is their two names where these differ', () => {
    assert.equal(titleOf(eventOfFailure(row()), eventOfFailure(runRow())), `${NAME} ↔ audi/2024/options (ValueError)`);
  });

  it('tells events of one name apart by kind and time', () => {
    const sent = eventOfDelivery({ ...delivery({ kind: 'sending' }), title: row().title, queuedAt: AT + 120_000 });
    assert.equal(titleOf(sent, eventOfFailure(row())), `${NAME}: sent 19:14 ↔ failure of 19:12`);
  });

  it('is as exact as it takes, and names partition and run where they differ', () => {
    const one = eventOfFailure(row({ partition: '2026-05-01' }));
    const later = eventOfFailure(row({ timestamp: (AT + 3000) / 1000, runId: '0a0b0c0d-1', partition: '2026-05-02' }));
    assert.equal(
      titleOf(one, later),
      `${NAME}: failure of 19:12:30 · partition 2026-05-01 · run 5d1f0c22 ↔ failure of 19:12:33 · partition 2026-05-02 · run 0a0b0c0d`,
    );
    const soon = eventOfFailure(row({ timestamp: (AT + 5) / 1000 }));
    assert.equal(titleOf(eventOfFailure(row()), soon), `${NAME}: failure of 19:12:30.220 ↔ failure of 19:12:30.225`);
  });

  it('never says the same of both', () => {
    const received = {
      receivedAt: AT,
      runId: null,
      partition: null,
      title: row().title,
      eventId: null,
      level: 'error',
    } as const;
    const event = { ...received, sender: 'x', groupingKey: 'a', bytes: 1 };
    assert.equal(
      titleOf(eventReceived({ ...event, id: 1 }), eventReceived({ ...event, id: 2 })),
      `${NAME}: received 19:12:30 · #1 ↔ received 19:12:30 · #2`,
    );
    const [a, b] = [1, 2].map((id) => eventOfDelivery({ ...delivery({ kind: 'sending' }), id: deliveryId(id) }));
    assert.ok(a && b);
    const sides = titleOf(a, b).split(' ↔ ');
    assert.notEqual(sides[0]?.split(': ').at(-1), sides[1]);
  });
});
