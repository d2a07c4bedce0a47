import assert from 'node:assert/strict';
import type { InboxEvent } from '../../src/engine/api.ts';
import { english } from '../../src/ui/l10n.ts';
import {
  bySender,
  deliveryGroup,
  deliveryRow,
  deliveryTooltip,
  inboxEventRow,
  inboxRow,
  inboxTooltip,
  senderRow,
  shortTitle,
} from '../../src/ui/sent/rows.ts';
import { AT, delivery, overview } from './samples.ts';

const event = (changes: Partial<InboxEvent>): InboxEvent => ({
  id: 1,
  receivedAt: AT,
  eventId: '04ca1f238da2b000d80c04cb081079c4',
  title: 'Dagster run failure: audi/2024/options (ValueError)',
  level: 'error',
  sender: 'sentry.python 2.75.0',
  runId: null,
  bytes: 1234,
  ...changes,
});

describe('an alert’s short title', () => {
  it('is the check, the asset path or the job', () => {
    assert.equal(shortTitle('Dagster asset check failure: discrepancies on audi/2024/prices (WARN)'), 'discrepancies');
    assert.equal(shortTitle('Dagster run failure: audi/2024/options (ValueError)'), 'audi/2024/options');
    assert.equal(shortTitle('Dagster run failure: ai_bmw/__ASSET_JOB (UnknownError)'), 'ai_bmw/__ASSET_JOB');
    assert.equal(shortTitle('Something else (entirely)'), 'Something else');
    assert.equal(shortTitle('Hello'), 'Hello');
  });
});

describe('a delivery’s row', () => {
  const description = (...args: Parameters<typeof delivery>) =>
    deliveryRow(delivery(...args), AT + 1000, english).description;

  it('says where it stands, then where it goes', () => {
    assert.equal(
      description({ kind: 'accepted', at: AT, status: 200, durationMs: 34, mayRepeat: false }),
      'accepted 19:12 · Sentry 450812',
    );
    assert.equal(
      description(
        { kind: 'accepted', at: AT, status: 200, durationMs: 34, mayRepeat: true },
        { target: { kind: 'inbox' } },
      ),
      'accepted 19:12 · may repeat · inbox',
    );
    assert.equal(
      description({ kind: 'waiting', until: AT, reason: 'rate limited' }),
      'until 19:12 · rate limited · Sentry 450812',
    );
    assert.equal(description({ kind: 'waiting', until: null, reason: null }), 'about to go · Sentry 450812');
    assert.equal(description({ kind: 'sending' }), 'sending · Sentry 450812');
    assert.equal(
      description({ kind: 'failed', at: AT, status: 413, reason: 'too large' }, { tries: 2 }),
      '413 too large · 19:12 · 2 tries · Sentry 450812',
    );
    assert.equal(
      description({ kind: 'failed', at: AT, status: 401, reason: '401 unauthorized' }),
      '401 unauthorized · 19:12 · Sentry 450812',
    );
  });

  it('lies in the group that its state belongs to, and tells menus so', () => {
    const failed = delivery({ kind: 'failed', at: AT, status: null, reason: 'hangs' });
    assert.equal(deliveryGroup(failed), 'failed');
    assert.equal(deliveryRow(failed, AT, english).context, 'delivery failed');
    assert.equal(deliveryGroup(delivery({ kind: 'sending' })), 'waiting');
  });

  it('tells on hover the event id, the project and the endpoint’s own words', () => {
    const text = deliveryTooltip(
      delivery({ kind: 'failed', at: AT, status: 403, reason: 'project is disabled' }),
      english,
    );
    assert.match(text, /^To Sentry project 450812 on o4507\.ingest\.us\.sentry\.io$/m);
    assert.match(text, /^Event 04ca1f238da2b000d80c04cb081079c4$/m);
    assert.match(text, /project is disabled/);
  });
});

describe('the inbox', () => {
  it('lists what it received by sender, the latest sender first', () => {
    const senders = bySender([
      event({ id: 1, receivedAt: AT, sender: 'a' }),
      event({ id: 2, receivedAt: AT + 1, sender: 'b' }),
      event({ id: 3, receivedAt: AT + 2, sender: 'a' }),
    ]);
    assert.deepEqual(
      senders.map(({ name, events }) => [name, events.map(({ id }) => id)]),
      [
        ['a', [3, 1]],
        ['b', [2]],
      ],
    );
    assert.equal(senders[0] && senderRow(senders[0], AT + 1000, english).description, '2 events · 19:12');
  });

  it('says its port, or that it is off and why', () => {
    const { inbox } = overview();
    assert.deepEqual(
      [inboxRow(inbox, 1, english).label, inboxRow(inbox, 1, english).description],
      ['Inbox 127.0.0.1:8969', '1 sender'],
    );
    const off = { state: 'off', message: 'Port 8969 and the next ten are taken.' } as const;
    assert.equal(inboxRow(off, 0, english).description, `off · ${off.message}`);
    assert.equal(inboxRow(off, 0, english).folder, null);
    assert.equal(inboxTooltip(off, english), off.message);
  });

  it('does not show its key on hover', () => {
    assert.ok(!inboxTooltip(overview().inbox, english).includes('key@'));
  });

  it('shows an event by title, time and level', () => {
    const row = inboxEventRow(event({ level: 'warning' }), english);
    assert.deepEqual(
      [row.label, row.description, row.icon?.name],
      ['audi/2024/options', '19:12:30 · warning', 'warning'],
    );
  });
});
