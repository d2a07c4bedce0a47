import assert from 'node:assert/strict';
import { deliveryGroup } from '../../src/delivery/delivery.ts';
import type { EventMatch, Try } from '../../src/engine/api.ts';
import { english } from '../../src/ui/l10n.ts';
import { bySender } from '../../src/ui/sent/inboxGroups.ts';
import { eventOfIssueRow, inboxEventRow, issueRow, senderRow } from '../../src/ui/sent/inboxRows.ts';
import { deliveryRow, inboxRow, titleParts } from '../../src/ui/sent/rows.ts';
import { deliveryTooltip, inboxEventTooltip, inboxTooltip } from '../../src/ui/sent/tooltips.ts';
import { AT, delivery, inboxEvent, overview, row } from './samples.ts';

describe('an alert’s title as a row', () => {
  it('is the check and its asset, or the asset path or job and the error class', () => {
    const parts = (title: string) => Object.values(titleParts(title));
    assert.deepEqual(parts('Dagster asset check failure: discrepancies on audi/2024/prices (WARN)'), [
      'discrepancies',
      'audi/2024/prices',
    ]);
    assert.deepEqual(parts('Dagster run failure: audi/2024/options (ValueError)'), ['audi/2024/options', 'ValueError']);
    assert.deepEqual(parts('Something else (entirely)'), ['Something else', 'entirely']);
    assert.deepEqual(parts('Hello'), ['Hello', '']);
  });
});

describe('a delivery’s row', () => {
  const description = (...[state, changes]: Parameters<typeof delivery>) => {
    const whole = deliveryRow(delivery(state, changes), AT + 1000, english).description;
    assert.ok(whole.startsWith('audi/2024/prices · 2026-05-05 · '), whole);
    return whole.slice('audi/2024/prices · 2026-05-05 · '.length);
  };

  it('says of what it tells, where it stands as far as its group does not, then where it goes', () => {
    const accepted = { kind: 'accepted', at: AT, status: 200, durationMs: 34, mayRepeat: false } as const;
    assert.equal(description(accepted), '19:12 · Sentry 450812');
    assert.equal(
      deliveryRow(delivery(accepted), AT + 1000, english).spoken,
      'Dagster asset check failure: discrepancies on audi/2024/prices (WARN), partition 2026-05-05, accepted, 19:12, to Sentry 450812',
    );
    assert.equal(
      description({ ...accepted, confirmation: { kind: 'unseen', at: AT, words: '' } }),
      '19:12 · not seen in Sentry yet · Sentry 450812',
    );
    assert.equal(
      description({ ...accepted, confirmation: { kind: 'confirmed', at: AT, issueUrl: null } }),
      'confirmed 19:12 · Sentry 450812',
    );
    assert.equal(
      description({ ...accepted, mayRepeat: true }, { target: { kind: 'inbox' } }),
      '19:12 · may repeat · inbox',
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

  it('tells on hover the event id, the project, and each try with the endpoint’s own words', () => {
    const words = '<b>project</b> is\ndisabled $(flame)';
    const text = deliveryTooltip(
      delivery({ kind: 'failed', at: AT, status: 403, reason: words }),
      [
        { at: AT - 2000, durationMs: 10_003.4, outcome: 'unknown', status: null, words: 'no answer within 10 s' },
        { at: AT, durationMs: 12, outcome: 'refused', status: 403, words },
      ],
      AT + 1000,
      english,
    );
    assert.match(text, /^To Sentry project 450812 on o4507\.ingest\.us\.sentry\.io · sent by hand · queued 19:12$/m);
    assert.match(text, /^Event 04ca1f238da2b000d80c04cb081079c4$/m);
    assert.match(text, /^19:12:28\.220 · no answer · 10003 ms · no answer within 10 s$/m);
    assert.match(text, /^Failed at 19:12:30\.220: <b>project<\/b> is disabled \$\(flame\)$/m);
    assert.match(text, /^19:12:30\.220 · refused \(403\) · 12 ms$/m, 'what it said stands above');
  });

  it('tells on hover until when it waits and why, and counts the tries that it does not list', () => {
    const made = { at: AT, durationMs: 3, outcome: 'later', status: 429, words: 'rate limited' } as const;
    const text = deliveryTooltip(
      delivery({ kind: 'waiting', until: AT, reason: 'rate limited' }),
      Array.from({ length: 11 }, () => made),
      AT,
      english,
    );
    assert.match(text, /^Waits until 19:12:30: rate limited$/m);
    assert.match(text, /^3 earlier tries$/m);
    assert.equal(text.match(/to be tried again \(429\)/g)?.length, 8);
    assert.equal(text.match(/rate limited/g)?.length, 1, 'said once');
  });

  it('tells on hover what came of each try once: words that repeat, and a single acceptance, only there', () => {
    const made = (at: number, words: string) => ({ at, durationMs: 3, outcome: 'later', status: 502, words }) as const;
    const ok = { at: AT, durationMs: 34, outcome: 'accepted', status: 200, words: '' } as const;
    const state = { kind: 'accepted', at: AT, status: 200, durationMs: 34, mayRepeat: false } as const;
    const last = (tries: readonly Try[]) => deliveryTooltip(delivery(state), tries, AT, english).split('\n\n').at(-1);
    assert.equal(last([ok]), 'Accepted at 19:12:30.220 with HTTP 200, in 34 ms');
    assert.deepEqual(last([made(AT - 3000, 'down'), made(AT - 2000, 'down'), ok])?.split('\n'), [
      '19:12:27.220 · to be tried again (502) · 3 ms · down',
      '19:12:28.220 · to be tried again (502) · 3 ms',
      '19:12:30.220 · accepted (200) · 34 ms',
    ]);
  });
});

describe('the inbox', () => {
  it('lists what it received by sender, and below by the issue that Sentry would make, the latest first', () => {
    const senders = bySender([
      inboxEvent({ id: 1, receivedAt: AT, sender: 'a' }),
      inboxEvent({ id: 2, receivedAt: AT + 1, sender: 'b' }),
      inboxEvent({ id: 3, receivedAt: AT + 2, sender: 'a', groupingKey: 'other' }),
      inboxEvent({ id: 4, receivedAt: AT + 3, sender: 'a' }),
    ]);
    assert.deepEqual(
      senders.map(({ name, issues }) => [name, issues.map(({ events }) => events.map(({ id }) => id))]),
      [
        ['a', [[4, 1], [3]]],
        ['b', [[2]]],
      ],
    );
    assert.equal(senders[0] && senderRow(senders[0], AT + 1000, english).description, '3 events · 19:12');
    const issue = senders[0]?.issues[0];
    assert.ok(issue);
    assert.deepEqual(
      [issueRow(issue, AT + 1000, english).label, issueRow(issue, AT + 1000, english).description],
      ['audi/2024/options', 'ValueError · 2 events · 19:12 · error'],
    );
  });

  it('shows an event below its issue by what tells it apart', () => {
    const latest = inboxEvent({});
    const title = 'Dagster run failure: audi/2025/options (ValueError)';
    const other = inboxEvent({ id: 2, title, runId: '5d1f0c22-7', partition: '2026-05-05' });
    const issue = { key: 'a', events: [latest, other], latest };
    assert.deepEqual(
      [eventOfIssueRow(latest, issue, english), eventOfIssueRow(other, issue, english)].map((each) => [
        each.label,
        each.description,
      ]),
      [
        ['19:12:30', ''],
        ['19:12:30', 'audi/2025/options · 2026-05-05 · run 5d1f0c22'],
      ],
    );
  });

  it('says which failure an event tells of, how that is known, and why it is not', () => {
    const words = (match: EventMatch, runId: string | null = null) =>
      inboxEventTooltip(inboxEvent({ runId }), match, english).split('\n').at(-1);
    assert.equal(
      words({ by: 'run', rows: [row()] }),
      'Tells of discrepancies on audi/2024/prices · partition 2026-05-05 · pending: the same run.',
    );
    assert.match(words({ by: 'event', rows: [row()] }) ?? '', /^Firedrill made it of discrepancies on/);
    assert.match(words({ by: 'message', rows: [row()] }) ?? '', /, by its message\.$/);
    assert.equal(words({ by: 'run', rows: [row(), row()] }), 'Tells of one of 2 failures of its run.');
    assert.match(words({ by: 'none', rows: [] }, '5d1f0c22-7') ?? '', /^No failure of its run 5d1f0c22 is known here/);
    assert.equal(words({ by: 'none', rows: [] }), 'It names no run, and no failure here has its message.');
  });

  it('says its port, or that it is off and why', () => {
    const { inbox } = overview();
    assert.deepEqual(
      [inboxRow(inbox, 1, english).label, inboxRow(inbox, 1, english).description],
      ['Inbox 127.0.0.1:8969', '1 sender'],
    );
    assert.equal(inboxRow(inbox, 0, english).description, 'nothing received');
    const off = { state: 'off', message: 'Port 8969 and the next ten are taken.' } as const;
    assert.equal(inboxRow(off, 0, english).description, `off · ${off.message}`);
    assert.equal(inboxRow(off, 0, english).folder, null);
    assert.equal(inboxTooltip(off, english), off.message);
  });

  it('does not show its key on hover', () => {
    assert.ok(!inboxTooltip(overview().inbox, english).includes('key@'));
  });

  it('shows an event by title, partition, time and level', () => {
    const row = inboxEventRow(inboxEvent({ level: 'warning', partition: '2026-05-05' }), english);
    assert.deepEqual(
      [row.label, row.description, row.icon?.name],
      ['audi/2024/options', 'ValueError · 2026-05-05 · 19:12:30 · warning', 'warning'],
    );
  });
});
