import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Delivery, FailureRow } from '../../src/engine/api.ts';
import { HostedEngine } from '../engine/hostedEngine.ts';
import { type Bugsink, startBugsink } from './bugsink/bugsink.ts';

/**
 * Bugsink takes Sentry's envelopes, so it proves that a server not made for Firedrill keeps what is sent. Its API
 * differs from Sentry's: `/api/0/projects/…` is not there (404 with a text); an event is found by
 * `/api/canonical/0/events/lookup/?project=&event_id=`; its answer has `issue` and its own `id` (UUIDs) where Sentry's
 * has `groupID`; its pages are `/issues/issue/<issue>/event/<id>/`. Nothing tells what it dropped. Sentry's own API is
 * tested with recorded answers in sentryApi.test.ts.
 */
describe('a Sentry-compatible server that is not made for Firedrill (Bugsink)', function () {
  this.timeout(60_000);
  let bugsink: Bugsink;
  let hosted: HostedEngine;
  before(async () => {
    bugsink = await startBugsink();
    hosted = await HostedEngine.start({ approvedDsns: 'all' }, { env: { SENTRY_DSN: bugsink.dsn } });
  });
  after(async () => {
    await hosted?.dispose();
    await bugsink?.stop();
  });

  async function sent(row: FailureRow): Promise<Delivery> {
    const result = await hosted.engine.send(row.id, 'sentry', false);
    assert.equal(result.outcome, 'queued');
    return becomes(row, (delivery) => delivery.state.kind === 'accepted');
  }
  async function becomes(row: FailureRow, is: (delivery: Delivery) => boolean): Promise<Delivery> {
    for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const [delivery] = (await hosted.engine.preview(row.id, 'sentry')).deliveries;
      if (delivery && is(delivery)) return delivery;
    }
    throw new Error(JSON.stringify((await hosted.engine.preview(row.id, 'sentry')).deliveries));
  }
  const stored = v.object({ data: v.record(v.string(), v.unknown()), issue: v.string() });
  async function inBugsink(eventId: string): Promise<v.InferOutput<typeof stored>> {
    const url = `${bugsink.url}/api/canonical/0/events/lookup/?project=${bugsink.project}&event_id=${eventId}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${bugsink.token}` } });
    return v.parse(stored, await answer.json());
  }

  it('accepts a check failure and keeps its message, level, time, tags and all records', async () => {
    const row = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    const { event } = await hosted.engine.preview(row.id, 'sentry');
    const delivery = await sent(row);
    const { data } = await inBugsink(delivery.eventId);
    for (const name of [
      'event_id',
      'message',
      'level',
      'timestamp',
      'platform',
      'environment',
      'tags',
      'extra',
      'sdk',
    ]) {
      assert.deepEqual(data[name], event[name], name);
    }
    assert.match(JSON.stringify(data.extra), /"records":\[\{/);
  });

  it('accepts a run failure, in an issue of its own', async () => {
    const check = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    const run = await hosted.engine.makeTest({ kind: 'test', failureKind: 'run', codeLocation: 'ai_audi' });
    const [first, second] = [await sent(check), await sent(run)];
    const [one, other] = [await inBugsink(first.eventId), await inBugsink(second.eventId)];
    assert.notEqual(one.issue, other.issue);
    const { extra, tags } = (await hosted.engine.preview(run.id, 'sentry')).event;
    assert.deepEqual([other.data.extra, other.data.tags], [extra, tags]);
  });

  it('is asked nothing without a token, and with one a receipt becomes confirmed, with the page of its issue', async () => {
    const before = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    await sent(before);
    const host = new URL(bugsink.url).host;
    hosted.tokens.set(host, bugsink.token);
    const row = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    await sent(row);
    const confirmed = await becomes(
      row,
      ({ state }) => state.kind === 'accepted' && state.confirmation?.kind === 'confirmed',
    );
    const url = await hosted.engine.issueUrl(confirmed.id);
    const { issue } = await inBugsink(confirmed.eventId);
    assert.match(url ?? '', new RegExp(`^${bugsink.url}/issues/issue/${issue}/event/[0-9a-f-]{36}/$`));
    // The page is there: it asks for a login.
    assert.match((await fetch(url ?? '')).url, /login/);
    const [unasked] = (await hosted.engine.preview(before.id, 'sentry')).deliveries;
    assert.equal(unasked?.state.kind === 'accepted' && unasked.state.confirmation, undefined);
  });

  it('is asked about what was accepted before a token was set', async () => {
    const host = new URL(bugsink.url).host;
    hosted.tokens.delete(host);
    const row = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    await sent(row);
    hosted.tokens.set(host, bugsink.token);
    await hosted.engine.authTokensChanged();
    await becomes(row, ({ state }) => state.kind === 'accepted' && state.confirmation?.kind === 'confirmed');
  });

  it('refuses a wrong token: the receipt stays accepted and says why', async () => {
    hosted.tokens.set(new URL(bugsink.url).host, 'f'.repeat(40));
    const row = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    await sent(row);
    const { state } = await becomes(row, ({ state }) => state.kind === 'accepted' && state.confirmation !== undefined);
    assert.ok(state.kind === 'accepted' && state.confirmation?.kind === 'unseen');
    assert.match(state.confirmation.words, /auth token is not valid \(401\)/);
    assert.equal(hosted.logged.join('\n').includes('f'.repeat(40)), false);
  });

  it('has no API of Sentry: that is how it is told from one', async () => {
    const answer = await fetch(`${bugsink.url}/api/0/projects/`, {
      headers: { authorization: `Bearer ${bugsink.token}` },
    });
    assert.equal(answer.status, 404);
  });
});
