import assert from 'node:assert/strict';
import { envelopeParts, maskKey } from '../../../src/webview/preview/envelope.ts';
import { received } from '../harness/receivedSamples.ts';
import { discrepancies, previewOf } from '../harness/samples.ts';

describe('an envelope, line by line', () => {
  it('is header, item header and payload, each with its size', () => {
    const { request } = previewOf(discrepancies);
    const parts = envelopeParts(request.envelope);
    assert.deepEqual(
      parts.map(({ label, payload }) => [label, payload]),
      [
        ['header', false],
        ['item header', false],
        ['item: event', true],
      ],
    );
    assert.equal(
      parts.reduce((sum, part) => sum + part.bytes + 1, -1),
      request.bytes,
    );
  });

  it('names every item of what was received by its type', () => {
    assert.deepEqual(
      envelopeParts(received().envelope).map(({ label }) => label),
      ['header', 'item header', 'item: event', 'item header', 'item: attachment'],
    );
  });
});

describe('the key in a header', () => {
  it('is as many dots whatever it was', () => {
    const header = (key: string) => `Sentry sentry_version=7, sentry_key=${key}, sentry_client=x/1`;
    assert.equal(maskKey(header('a')), maskKey(header('0123456789abcdef0123456789abcdef')));
    assert.equal(maskKey(header('••••••••')), header('••••••••'));
    assert.ok(!maskKey(header('secretsecret')).includes('secret'));
    assert.ok(maskKey(header('k')).endsWith('sentry_client=x/1'));
  });
});
