import assert from 'node:assert/strict';
import { envelopeParts, maskKey } from '../../../src/webview/preview/envelope.ts';
import { discrepancies, previewOf } from '../harness/samples.ts';

describe('an envelope, line by line', () => {
  it('is header, item header and payload, and leaves nothing out', () => {
    const { request } = previewOf(discrepancies);
    const parts = envelopeParts(request.body);
    assert.deepEqual(
      parts.map(({ label, payload }) => [label, payload]),
      [
        ['header', false],
        ['item header', false],
        ['item: event', true],
      ],
    );
    assert.equal(parts.map((part) => part.text).join('\n'), request.body);
    assert.equal(
      parts.reduce((sum, part) => sum + part.bytes + 1, -1),
      request.bytes,
    );
  });

  it('follows the length that an item header gives, in bytes', () => {
    const payload = 'é\n\n{"x":1}';
    const body = `{}\n{"type":"attachment","length":${Buffer.byteLength(payload)}}\n${payload}\n{"type":"event"}\n{}\n`;
    assert.deepEqual(
      envelopeParts(body).map(({ text }) => text),
      ['{}', `{"type":"attachment","length":${Buffer.byteLength(payload)}}`, payload, '{"type":"event"}', '{}'],
    );
  });

  it('shows what is no envelope as it stands', () => {
    assert.deepEqual(
      envelopeParts('not JSON\nat all').map(({ text }) => text),
      ['not JSON', 'at all'],
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
