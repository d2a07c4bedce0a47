import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskSecrets } from '../../src/ui/mask.ts';

const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.join(''));

describe('masking', () => {
  it('takes the key out of a DSN, wherever it stands, and leaves host and project', () => {
    fc.assert(
      fc.property(hex, fc.constantFrom('', ':secret'), fc.lorem(), (key, secret, words) => {
        const text = maskSecrets(`${words} "https://${key}${secret}@o1.ingest.sentry.io/42", ${words}`);
        assert.ok(!text.includes(key) && !text.includes('secret'), text);
        assert.ok(text.includes('@o1.ingest.sentry.io/42"'), text);
      }),
    );
  });

  it('takes the key out of an address, a header and JSON', () => {
    const masked = maskSecrets(
      'POST /api/42/envelope/?sentry_key=abc123&v=7 X-Sentry-Auth: Sentry sentry_version=7, sentry_key=abc123 {"sentry_key":"abc123"} Authorization: Bearer abc123',
    );
    assert.ok(!masked.includes('abc123'), masked);
    assert.ok(masked.includes('&v=7'), masked);
  });

  it('leaves other text alone', () => {
    const text = 'see https://docs.sentry.io/a?b=c@d, write to ada@example.com, asset audi/2024@prices';
    assert.equal(maskSecrets(text), text);
  });
});
