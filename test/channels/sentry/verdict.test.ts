import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EndpointAnswer } from '../../../src/channels/channel.ts';
import { endpointWords } from '../../../src/channels/sentry/endpointWords.ts';
import { rateLimitUntil } from '../../../src/channels/sentry/rateLimit.ts';
import { verdictOf } from '../../../src/channels/sentry/verdict.ts';

const NOW = Date.UTC(2026, 4, 1, 12, 0, 0);
const answer = (status: number, headers: Record<string, string> = {}, body = ''): EndpointAnswer => ({
  status,
  headers,
  body,
});
const limits = (text: string, status = 200) => rateLimitUntil(answer(status, { 'x-sentry-rate-limits': text }), NOW);
const in_ = (seconds: number): number => NOW + seconds * 1000;

describe('rateLimitUntil', () => {
  for (const [text, until] of [
    ['60:error:organization:quota', in_(60)],
    ['60:default:organization', in_(60)],
    ['60:transaction;error;security:key', in_(60)],
    ['60::organization', in_(60)],
    ['60', in_(60)],
    ['60:transaction:organization', null],
    ['60:transaction:key, 2700:default;error;security:organization', in_(2700)],
    ['2700:error:organization, 60:error:key', in_(2700)],
    ['60:error:organization,120::key', in_(120)],
    ['nonsense:error:key', in_(60)],
    ['0:error:key', null],
    ['-5:error:key', null],
    ['', null],
    [',,', null],
    ['99999999999:error:key', in_(86_400)],
  ] as const) {
    it(`reads X-Sentry-Rate-Limits ${JSON.stringify(text)}`, () => assert.equal(limits(text), until));
  }

  for (const [text, until] of [
    ['120', in_(120)],
    ['Fri, 01 May 2026 12:05:00 GMT', in_(300)],
    ['Fri, 01 May 2026 11:00:00 GMT', null],
    ['soon', in_(60)],
    ['0', null],
  ] as const) {
    it(`reads Retry-After ${JSON.stringify(text)}`, () => {
      assert.equal(rateLimitUntil(answer(429, { 'retry-after': text }), NOW), until);
    });
  }

  it('lets X-Sentry-Rate-Limits win over Retry-After', () => {
    assert.equal(
      rateLimitUntil(answer(429, { 'x-sentry-rate-limits': '30:error:key', 'retry-after': '900' }), NOW),
      in_(30),
    );
  });

  it('takes a 429’s Retry-After where the limits are for others only', () => {
    const headers = { 'x-sentry-rate-limits': '30:transaction:key', 'retry-after': '900' };
    assert.equal(rateLimitUntil(answer(429, headers), NOW), in_(900));
    assert.equal(rateLimitUntil(answer(200, headers), NOW), null);
  });

  it('is null where the endpoint says nothing', () => assert.equal(rateLimitUntil(answer(200), NOW), null));
});

describe('verdictOf', () => {
  for (const status of [200, 201, 202, 204]) {
    it(`accepts on ${status}`, () =>
      assert.deepEqual(verdictOf(answer(status, {}, '{"id":"1"}'), NOW), { kind: 'accepted' }));
  }

  it('accepts on a 200 that limits the next ones', () => {
    const limited = answer(200, { 'x-sentry-rate-limits': '60:error:key' });
    assert.deepEqual(verdictOf(limited, NOW), { kind: 'accepted' });
    assert.equal(rateLimitUntil(limited, NOW), in_(60));
  });

  it('waits on a 429 as long as it says, a minute where it does not', () => {
    assert.deepEqual(
      verdictOf(answer(429, { 'retry-after': '7' }, '{"detail":"Sentry dropped data due to a quota"}'), NOW),
      {
        kind: 'later',
        reason: 'Rate limited by Sentry (429). It says: Sentry dropped data due to a quota',
        notBefore: in_(7),
      },
    );
    assert.deepEqual(verdictOf(answer(429), NOW), {
      kind: 'later',
      reason: 'Rate limited by Sentry (429).',
      notBefore: in_(60),
    });
  });

  for (const status of [408, 500, 502, 503, 504, 599]) {
    it(`tries again later on ${status}, at the sender’s own pace`, () => {
      assert.deepEqual(verdictOf(answer(status), NOW), {
        kind: 'later',
        reason: `The endpoint could not take it (${status}).`,
        notBefore: null,
      });
    });
  }

  it('obeys a 503’s Retry-After', () => {
    const verdict = verdictOf(answer(503, { 'retry-after': '5' }), NOW);
    assert.equal(verdict.kind === 'later' && verdict.notBefore, in_(5));
  });

  for (const [status, headers, body, reason] of [
    [
      400,
      {},
      '{"detail":"bad sentry DSN public key","causes":["invalid key","no hex"]}',
      'Refused (400). Sentry did not understand the request; the key in the DSN may be wrong. It says: bad sentry DSN public key; invalid key; no hex',
    ],
    [401, {}, '', 'Refused (401). Sentry does not know the key in the DSN.'],
    [
      403,
      { 'x-sentry-error': 'ProjectId' },
      '{"detail":"event submission rejected with_reason: ProjectId"}',
      'Refused (403). Sentry does not take events for this key and project. It says: ProjectId; event submission rejected with_reason: ProjectId',
    ],
    [
      404,
      { 'content-type': 'text/html; charset=utf-8' },
      '<!DOCTYPE html><html><head><title>\n Page &amp; not <b>found</title></head>…',
      'Refused (404). There is no such project at this address; check host and project in the DSN. It says: Page & not',
    ],
    [413, {}, 'Payload Too Large', 'Refused (413). The event is too large for Sentry. It says: Payload Too Large'],
    [418, {}, '', 'Refused (418).'],
    [0, {}, '', 'Refused (0).'],
  ] as const) {
    it(`keeps ${status} as refused, in the endpoint’s words`, () => {
      assert.deepEqual(verdictOf(answer(status, headers, body), NOW), { kind: 'refused', reason });
    });
  }

  it('does not take a web page for an acceptance', () => {
    const verdict = verdictOf(answer(200, {}, '<html><title>Sign in to Wi-Fi</title></html>'), NOW);
    assert.deepEqual(verdict, {
      kind: 'refused',
      reason:
        'Answered with a web page (200): this is no Sentry endpoint; check the host in the DSN. It says: Sign in to Wi-Fi',
    });
  });

  it('says where a redirect leads, without its path, and that it is not followed', () => {
    const verdict = verdictOf(answer(301, { location: 'https://login.example.org/x?token=1' }), NOW);
    assert.deepEqual(verdict, {
      kind: 'refused',
      reason:
        'Redirected (301) to https://login.example.org. Redirects are not followed, because the key would go with them; put the right address in the DSN.',
    });
    assert.match(JSON.stringify(verdictOf(answer(302, { location: '/x' }), NOW)), /Redirected \(302\)\. /);
  });
});

describe('endpointWords', () => {
  it('says a thing once, on one line, without control characters, at most 300 characters', () => {
    const text = endpointWords(answer(400, { 'x-sentry-error': 'no\u001b[31m \n way' }, '{"detail":"no [31m way"}'));
    assert.equal(text, 'no [31m way');
    assert.equal([...(endpointWords(answer(400, {}, '🚗'.repeat(400))) ?? '')].length, 300);
  });

  it('reads what other servers write', () => {
    assert.equal(endpointWords(answer(400, {}, '{"error":"nope"}')), 'nope');
    assert.equal(endpointWords(answer(400, {}, '{"message":"nope"}')), 'nope');
    assert.equal(endpointWords(answer(400, {}, '"nope"')), 'nope');
    assert.equal(endpointWords(answer(400, {}, '{"detail":{"deep":1}}')), '{"detail":{"deep":1}}');
  });

  it('takes any answer, and never answers more than one short line', () => {
    const headers = fc.dictionary(
      fc.constantFrom('x-sentry-error', 'content-type', 'location', 'retry-after', 'x-sentry-rate-limits'),
      fc.string({ unit: 'binary' }),
    );
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.string().map((text) => `<html><title>${text}`),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), headers, body, (status, given, text) => {
        const verdict = verdictOf(answer(status, given, text), NOW);
        if (verdict.kind === 'accepted') return;
        assert.ok(verdict.reason.length < 1000);
        assert.doesNotMatch(verdict.reason, /\p{Cc}/u);
        if (verdict.kind === 'later') assert.ok(verdict.notBefore === null || verdict.notBefore > NOW);
      }),
      { numRuns: 1000 },
    );
  });
});
