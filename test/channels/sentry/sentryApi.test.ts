import assert from 'node:assert/strict';
import type { ApiAnswer } from '../../../src/channels/sentry/apiAnswer.ts';
import { parseDsn } from '../../../src/channels/sentry/dsn.ts';
import { EventLookup, type SentryApi, sentryApiOf } from '../../../src/channels/sentry/sentryApi.ts';
import { eventId } from '../../../src/failure/ids.ts';

const EVENT = eventId('9999aaaaca8b46d797c23c6077c6ff01');
const KEY = '0123456789abcdef0123456789abcdef';

function apiOf(dsn: string): SentryApi | null {
  const parsed = parseDsn(dsn);
  return parsed.outcome === 'ok' ? sentryApiOf(parsed.dsn) : assert.fail(parsed.message);
}

const json = (body: unknown, status = 200): ApiAnswer => ({
  kind: 'answered',
  status,
  body: JSON.stringify(body),
  link: null,
});

/** Sentry's answers in the shape that its API reference records, shortened to a few of their fields. */
const PROJECT = {
  id: '42',
  slug: 'pump-station',
  name: 'Pump Station',
  organization: { id: '1', slug: 'the-interstellar-jurisdiction', name: 'The Interstellar Jurisdiction' },
};
const FOUND = {
  eventID: EVENT,
  id: EVENT,
  groupID: '1341191803',
  projectID: '42',
  title: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
  type: 'default',
  tags: [{ key: 'level', value: 'warning', _meta: null }],
  dateReceived: '2026-06-17T22:26:56.428721Z',
};
const NOT_FOUND = json({ detail: 'Event not found' }, 404);
const STATS = {
  start: '2026-06-17T22:00:00Z',
  end: '2026-06-17T23:00:00Z',
  intervals: ['2026-06-17T22:00:00Z'],
  groups: [
    { by: { outcome: 'accepted', reason: 'none' }, totals: { 'sum(quantity)': 7 }, series: { 'sum(quantity)': [7] } },
    { by: { outcome: 'filtered', reason: 'error-message' }, totals: { 'sum(quantity)': 3 }, series: {} },
    { by: { outcome: 'rate_limited', reason: 'key_quota' }, totals: { 'sum(quantity)': 0 }, series: {} },
  ],
};

describe("Sentry's API", () => {
  const asked: string[] = [];
  beforeEach(() => void asked.splice(0));
  /** Answers each path with the next of its answers; the last one stays. */
  function lookup(dsn: string, answers: Record<string, ApiAnswer[]>): EventLookup {
    const api = apiOf(dsn) ?? assert.fail('must not be asked');
    return new EventLookup(api, async (url) => {
      asked.push(url);
      const { pathname } = new URL(url);
      const left = answers[pathname] ?? assert.fail(`asked for ${url}`);
      return (left.length > 1 ? left.shift() : left[0]) ?? assert.fail();
    });
  }
  const SAAS = `https://${KEY}@o1.ingest.us.sentry.io/42`;
  const saas = (...events: ApiAnswer[]): EventLookup =>
    lookup(SAAS, {
      '/api/0/projects/1/42/': [json(PROJECT)],
      [`/api/0/projects/the-interstellar-jurisdiction/pump-station/events/${EVENT}/`]: events,
      '/api/0/organizations/the-interstellar-jurisdiction/stats_v2/': [json(STATS)],
    });

  it("is found from a DSN: Sentry's own by organization and region, another server at its own address", () => {
    const of = (dsn: string): unknown => {
      const api = apiOf(dsn);
      return api && [api.base, api.tokenHost, api.organization, api.project];
    };
    assert.deepEqual(of(SAAS), ['https://us.sentry.io', 'sentry.io', '1', '42']);
    assert.deepEqual(of(`https://${KEY}@o7.ingest.sentry.io/5`), ['https://sentry.io', 'sentry.io', '7', '5']);
    assert.deepEqual(of(`https://${KEY}@errors.example.org/base/5`), [
      'https://errors.example.org/base',
      'errors.example.org',
      null,
      '5',
    ]);
    assert.deepEqual(of(`http://${KEY}@127.0.0.1:8000/5`), ['http://127.0.0.1:8000', '127.0.0.1:8000', null, '5']);
    assert.deepEqual(of(`https://${KEY}@o7.ingest.sentry.io.example.org/5`), [
      'https://o7.ingest.sentry.io.example.org',
      'o7.ingest.sentry.io.example.org',
      null,
      '5',
    ]);
  });

  it('is not asked where the token would go over the network in the clear', () => {
    assert.equal(apiOf(`http://${KEY}@errors.example.org/5`), null);
  });

  it('says that an event is not there yet, then that it is, in which issue; the slugs are learned once', async () => {
    const api = saas(NOT_FOUND, json(FOUND));
    assert.deepEqual(await api.find(EVENT), { kind: 'not-there' });
    assert.deepEqual(await api.find(EVENT), {
      kind: 'seen',
      issueUrl: `https://us.sentry.io/organizations/the-interstellar-jurisdiction/issues/1341191803/events/${EVENT}/`,
    });
    assert.equal(asked.filter((url) => url.endsWith('/projects/1/42/')).length, 1);
  });

  it('learns the slugs of a server of its own from the projects that the token may see', async () => {
    const other = { ...PROJECT, id: '41', slug: 'other' };
    const api = lookup(`https://${KEY}@sentry.example.org/42`, {
      '/api/0/projects/': [json([other, PROJECT])],
      [`/api/0/projects/the-interstellar-jurisdiction/pump-station/events/${EVENT}/`]: [json(FOUND)],
    });
    assert.equal((await api.find(EVENT)).kind, 'seen');
  });

  it('looks through all pages of projects, at the address of the DSN whatever an answer names', async () => {
    const link = (results: boolean, cursor: string): string =>
      `<https://evil.example/?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", ` +
      `<https://evil.example/?cursor=${cursor}>; rel="next"; results="${results}"; cursor="${cursor}"`;
    const other = { ...PROJECT, id: '41', slug: 'other' };
    const page = (projects: unknown, next: string): ApiAnswer => ({
      kind: 'answered',
      status: 200,
      body: JSON.stringify(projects),
      link: next,
    });
    const pages = (): ApiAnswer[] => [page([other], link(true, '0:100:0')), page([PROJECT], link(false, '0:200:0'))];
    const events = { [`/api/0/projects/the-interstellar-jurisdiction/pump-station/events/${EVENT}/`]: [json(FOUND)] };
    const api = lookup(`https://${KEY}@sentry.example.org/42`, { '/api/0/projects/': pages(), ...events });
    assert.equal((await api.find(EVENT)).kind, 'seen');
    assert.deepEqual(asked.slice(0, 2), [
      'https://sentry.example.org/api/0/projects/',
      'https://sentry.example.org/api/0/projects/?cursor=0%3A100%3A0',
    ]);
    const absent = lookup(`https://${KEY}@sentry.example.org/43`, { '/api/0/projects/': pages() });
    assert.equal((await absent.find(EVENT)).kind, 'impossible');
    asked.splice(0);
    const endless = lookup(`https://${KEY}@sentry.example.org/43`, {
      '/api/0/projects/': [page([other], link(true, '0:100:0'))],
    });
    const seen = await endless.find(EVENT);
    assert.match(seen.kind === 'impossible' ? seen.words : '', /not among the first 2000/);
    assert.equal(asked.length, 20);
  });

  it('says that the token sees no such project', async () => {
    const api = lookup(`https://${KEY}@sentry.example.org/43`, { '/api/0/projects/': [json([PROJECT])] });
    const seen = await api.find(EVENT);
    assert.match(seen.kind === 'impossible' ? seen.words : '', /may not see project 43/);
  });

  it('takes an event that is too large to read as seen', async () => {
    const cut: ApiAnswer = { kind: 'answered', status: 200, body: JSON.stringify(FOUND).slice(0, 60), link: null };
    assert.deepEqual(await saas(cut).find(EVENT), { kind: 'seen', issueUrl: null });
  });

  it('puts what the server calls an issue into the path, and nothing else', async () => {
    const seen = await saas(json({ ...FOUND, groupID: '../../evil?x=#' })).find(EVENT);
    const url = new URL(seen.kind === 'seen' ? (seen.issueUrl ?? '') : '');
    assert.equal(url.origin, 'https://us.sentry.io');
    assert.match(url.pathname, /\/issues\/\.\.%2F\.\.%2Fevil%3Fx%3D%23\/events\//);
  });

  const others: readonly (readonly [string, ApiAnswer, string, RegExp])[] = [
    [
      'a token that is not valid',
      json({ detail: 'Invalid token' }, 401),
      'impossible',
      /not valid \(401\).*Invalid token/,
    ],
    ['a token without the scope', json({ detail: 'No permission' }, 403), 'impossible', /scope project:read \(403\)/],
    ['a rate limit', json({ detail: 'Slow down' }, 429), 'later', /429.*Slow down/],
    [
      'a server that is down',
      { kind: 'answered', status: 502, body: '<html><title>Bad Gateway</title>', link: null },
      'later',
      /502.*Bad Gateway/,
    ],
    ['no answer', { kind: 'no-answer', words: 'Nobody listens.' }, 'later', /Nobody listens/],
  ];
  for (const [what, answer, kind, words] of others) {
    it(`tells of ${what}`, async () => {
      const seen = await saas(answer).find(EVENT);
      assert.equal(seen.kind, kind);
      assert.match('words' in seen ? seen.words : '', words);
    });
  }

  it('tells what was dropped in a time, where the token may ask', async () => {
    const api = saas(NOT_FOUND);
    assert.equal(await api.dropped(0, 1), null);
    await api.find(EVENT);
    assert.equal(await api.dropped(Date.UTC(2026, 5, 17, 22), Date.UTC(2026, 5, 17, 23)), '3 filtered (error-message)');
    const query = new URL(asked.at(-1) ?? '').searchParams;
    assert.deepEqual([query.get('project'), query.getAll('groupBy')], ['42', ['outcome', 'reason']]);
  });

  it('says of a server that has neither this API nor the one of Bugsink that it cannot be asked', async () => {
    const nothing: ApiAnswer = { kind: 'answered', status: 404, body: 'nothing here', link: null };
    const api = lookup(`https://${KEY}@glitch.example.org/42`, {
      '/api/0/projects/': [nothing],
      '/api/canonical/0/events/lookup/': [nothing],
    });
    const seen = await api.find(EVENT);
    assert.match(seen.kind === 'impossible' ? seen.words : '', /glitch\.example\.org has no API/);
  });
});
