import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import type { CanonicalRequest } from '../../src/channels/request.ts';

const request: CanonicalRequest = {
  method: 'POST',
  url: 'https://sentry.example.org/api/1/envelope/',
  headers: [
    ['user-agent', 'firedrill/1.2.3'],
    ['content-type', 'application/x-sentry-envelope'],
  ],
  body: new TextEncoder().encode('{}\nü'),
};

describe('canonicalHash', () => {
  it('is the SHA-256 of the documented framing', () => {
    const framed =
      '4:POST,42:https://sentry.example.org/api/1/envelope/,' +
      '12:content-type,29:application/x-sentry-envelope,10:user-agent,15:firedrill/1.2.3,0:,5:{}\nü,';
    assert.equal(canonicalHash(request), createHash('sha256').update(framed).digest('hex'));
  });

  it('is the same for what the socket saw: other order and case, connection headers and the key', () => {
    const seen = {
      ...request,
      headers: [
        ['Host', 'sentry.example.org'],
        ['X-Sentry-Auth', 'Sentry sentry_key=0123'],
        ['Content-Type', ' application/x-sentry-envelope '],
        ['Content-Length', '5'],
        ['User-Agent', 'firedrill/1.2.3'],
        ['Connection', 'keep-alive'],
      ],
    } as const;
    assert.equal(canonicalHash(seen), canonicalHash(request));
  });

  it('changes with every part', () => {
    const others: readonly Parameters<typeof canonicalHash>[0][] = [
      { ...request, method: 'PUT' },
      { ...request, url: 'http://sentry.example.org/api/1/envelope/' },
      { ...request, headers: request.headers.slice(1) },
      { ...request, headers: [...request.headers, ['accept', '*/*']] },
      { ...request, headers: [['user-agent', 'firedrill/1.2.4'], ...request.headers.slice(1)] },
      { ...request, headers: [['user-agenu', 'firedrill/1.2.3'], ...request.headers.slice(1)] },
      { ...request, body: new TextEncoder().encode('{}\nu') },
      { ...request, body: new Uint8Array() },
    ];
    const hashes = [request, ...others].map(canonicalHash);
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('never takes a header for a part of another or of the body', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ':', ',', '0', '1', '\n'), maxLength: 5 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '1', '0'), minLength: 1, maxLength: 3 });
    const requests = fc.record({
      method: fc.constant('POST'),
      url: text,
      headers: fc.uniqueArray(
        fc.tuple(
          name,
          text.map((value) => value.trim()),
        ),
        { selector: ([key]) => key, maxLength: 3 },
      ),
      body: text.map((value) => new TextEncoder().encode(value)),
    });
    const plain = ({ url, headers, body }: { url: string; headers: [string, string][]; body: Uint8Array }): string =>
      JSON.stringify([url, headers.toSorted(([a], [b]) => (a < b ? -1 : 1)), [...body]]);
    fc.assert(
      fc.property(requests, requests, (a, b) => {
        assert.equal(canonicalHash(a) === canonicalHash(b), plain(a) === plain(b));
      }),
      { numRuns: 2000 },
    );
  });
});
