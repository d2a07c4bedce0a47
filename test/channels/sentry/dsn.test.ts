import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type Dsn, describeDsn, envelopeUrl, parseDsn } from '../../../src/channels/sentry/dsn.ts';

const KEY = '0123456789abcdef0123456789abcdef';

function parsed(text: string): Dsn {
  const result = parseDsn(text);
  if (result.outcome === 'malformed') assert.fail(`${text}: ${result.message}`);
  return result.dsn;
}

function problem(text: string): string {
  const result = parseDsn(text);
  return result.outcome === 'malformed' ? result.message : assert.fail(`${text} was taken`);
}

describe('parseDsn', () => {
  for (const [text, url, people] of [
    [
      `https://${KEY}@o4507.ingest.us.sentry.io/450812`,
      'https://o4507.ingest.us.sentry.io/api/450812/envelope/',
      'Sentry project 450812 on o4507.ingest.us.sentry.io',
    ],
    [`http://${KEY}@127.0.0.1:9999/1`, 'http://127.0.0.1:9999/api/1/envelope/', 'Sentry project 1 on 127.0.0.1:9999'],
    [
      `https://${KEY}@errors.example.org/sentry/eu/7`,
      'https://errors.example.org/sentry/eu/api/7/envelope/',
      'Sentry project 7 on errors.example.org',
    ],
    [
      `https://${KEY}:0ldSecret@sentry.example.org/2`,
      'https://sentry.example.org/api/2/envelope/',
      'Sentry project 2 on sentry.example.org',
    ],
    [
      `https://${KEY}@Sentry.Example.ORG:443/3`,
      'https://sentry.example.org/api/3/envelope/',
      'Sentry project 3 on sentry.example.org',
    ],
    [`http://${KEY}@[::1]:8080/4`, 'http://[::1]:8080/api/4/envelope/', 'Sentry project 4 on [::1]:8080'],
  ] as const) {
    it(`takes ${text.replace(KEY, '<key>')}`, () => {
      const dsn = parsed(text);
      assert.equal(envelopeUrl(dsn), url);
      assert.equal(describeDsn(dsn), people);
    });
  }

  for (const [title, text, message] of [
    ['nothing', '', /is empty/],
    ['blanks', ' \n', /is empty/],
    ['a space at its end', `https://${KEY}@sentry.io/1 `, /space or line break/],
    ['a line break inside', `https://${KEY}@sentry.io\n/1`, /space or line break/],
    ['quotation marks around it', `"https://${KEY}@sentry.io/1"`, /quotation marks/],
    ['the specification’s placeholder', 'https://<key>@<org>.ingest.sentry.io/<project-id>', /placeholder/],
    ['the specification’s example', 'https://...', /placeholder/],
    ['an unresolved reference', 'https://$SENTRY_KEY@sentry.io/1', /placeholder/],
    ['a key alone', KEY, /does not start with https/],
    ['the name of the variable with it', `SENTRY_DSN=https://${KEY}@sentry.io/1`, /unknown protocol/],
    ['another protocol', `ftp://${KEY}@sentry.io/1`, /unknown protocol/],
    ['no key', 'https://o1.ingest.sentry.io/1', /has no key/],
    ['an empty key', 'https://@sentry.io/1', /has no key/],
    ['an empty key with a secret', 'https://:secret@sentry.io/1', /has no key/],
    ['a key with a dash', 'https://ab-cd@sentry.io/1', /character in its key/],
    ['no host', `https://${KEY}@/1`, /has no host/],
    ['a host with a comma', `https://${KEY}@sentry,io/1`, /character in its host/],
    ['a host that is no address', `https://${KEY}@1.2.3.999/1`, /no valid address/],
    ['a port that is none', `https://${KEY}@sentry.io:https/1`, /port/],
    ['a port beyond 65535', `https://${KEY}@sentry.io:65536/1`, /port/],
    ['no project', `https://${KEY}@sentry.io`, /no project number/],
    ['a slash for a project', `https://${KEY}@sentry.io/`, /no project number/],
    ['a slash after the project', `https://${KEY}@sentry.io/1/`, /no project number/],
    ['a project that only begins with digits', `https://${KEY}@sentry.io/12abc`, /digits only/],
    ['a project’s name', `https://${KEY}@sentry.io/prices`, /digits only/],
    ['a query behind the project', `https://${KEY}@sentry.io/1?x=1`, /digits only/],
    ['dots in its path', `https://${KEY}@sentry.io/../1`, /path before its project/],
  ] as const) {
    it(`refuses ${title}, says so, and keeps the key to itself`, () => {
      assert.match(problem(text), message);
      assert.doesNotMatch(problem(text), new RegExp(KEY));
    });
  }

  it('writes nothing to the console, whatever it is given', () => {
    const written: unknown[] = [];
    const before = { error: console.error, warn: console.warn, log: console.log };
    const note = (...args: unknown[]): void => void written.push(args);
    Object.assign(console, { error: note, warn: note, log: note });
    try {
      const part = fc.oneof(
        fc.constantFrom('https', '://', '@', ':', '/', '[', ']', '.', '1', 'a', '<', ' ', '%', '?', '#'),
        fc.string({ unit: 'binary' }),
      );
      fc.assert(
        fc.property(
          fc.array(part).map((parts) => parts.join('')),
          (text) => void parseDsn(text),
        ),
        { numRuns: 3000 },
      );
    } finally {
      Object.assign(console, before);
    }
    assert.deepEqual(written, []);
  });

  it('says nothing of the text it refuses', () => {
    const messages = new Set<string>();
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (noise) => {
        const result = parseDsn(`https://${noise}`);
        if (result.outcome === 'malformed') messages.add(result.message);
      }),
      { numRuns: 2000 },
    );
    assert.ok(messages.size < 20, `${messages.size} different messages`);
  });
});

describe('Dsn', () => {
  const dsn = parsed(`https://${KEY}:0ldSecret@o1.ingest.sentry.io/7`);

  it('shows its key nowhere', () => {
    const shown = [
      JSON.stringify(dsn),
      inspect(dsn, { showHidden: true, depth: 9, getters: true }),
      String(dsn),
      JSON.stringify(structuredClone({ ...dsn })),
      JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(dsn))),
      describeDsn(dsn),
      envelopeUrl(dsn),
    ];
    for (const text of shown) {
      assert.doesNotMatch(text, new RegExp(KEY));
      assert.doesNotMatch(text, /0ldSecret/);
    }
  });

  it('gives it out in the authentication header only', () => {
    assert.equal(
      dsn.authHeader('firedrill/1.2.3'),
      `Sentry sentry_version=7, sentry_client=firedrill/1.2.3, sentry_key=${KEY}`,
    );
  });

  it('masks it in other people’s words', () => {
    assert.equal(dsn.mask(`no such key ${KEY}; ${KEY}`), 'no such key ••••••••; ••••••••');
  });

  it('has a fingerprint that tells every part apart and does not hold the key', () => {
    const texts = [
      `https://${KEY}@a.io/1`,
      `http://${KEY}@a.io/1`,
      `https://${KEY}0@a.io/1`,
      `https://${KEY}@b.io/1`,
      `https://${KEY}@a.io:8443/1`,
      `https://${KEY}@a.io/2`,
      `https://${KEY}@a.io/x/1`,
    ];
    const prints = texts.map((text) => parsed(text).fingerprint);
    assert.equal(new Set(prints).size, texts.length);
    assert.equal(parsed(texts[0] ?? '').fingerprint, prints[0]);
    for (const print of prints) assert.match(print, /^[0-9a-f]{64}$/);
  });
});
