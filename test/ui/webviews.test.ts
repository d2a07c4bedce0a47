import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import * as v from 'valibot';
import { asCurl } from '../../src/ui/preview/curl.ts';
import { fromPreview } from '../../src/ui/preview/messages.ts';
import { fromTicks } from '../../src/ui/ticks/messages.ts';
import { webviewHtml } from '../../src/ui/webviewHtml.ts';

describe('a webview’s page', () => {
  const html = webviewHtml({
    title: 'Payload <Preview>',
    language: 'en',
    nonce: 'N0nce',
    source: 'https://*.vscode-cdn.net',
    script: 'https://x/preview.js?a&b',
    styles: ['https://x/preview.css'],
    codicons: 'https://x/codicon.css',
    strings: { '"': "</script><script nonce='N0nce'>alert(1)</script>" },
    data: { kept: '{"text":"><script>"}' },
  });

  it('may load its own script, styles and font, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-N0nce'; style-src https://*.vscode-cdn.net 'nonce-N0nce'; font-src https://*.vscode-cdn.net",
    );
  });

  it('has one script, whatever its title, translations and data hold', () => {
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.ok(html.includes(' data-kept="{&quot;text&quot;:&quot;&gt;&lt;script&gt;&quot;}"'));
    assert.ok(html.includes('<title>Payload &lt;Preview&gt;</title>'));
    assert.ok(html.includes('src="https://x/preview.js?a&amp;b"'));
  });
});

describe('messages from a webview', () => {
  it('are taken when they are of the protocol', () => {
    assert.deepEqual(v.parse(fromPreview, { type: 'ready' }), { type: 'ready' });
    for (const act of [
      { type: 'send', target: 'inbox' },
      { type: 'retry', delivery: 7 },
      { type: 'copy', what: 'curl', copy: 1 },
      { type: 'copy-text', text: 'x', copy: 2 },
      { type: 'copy-value', path: '/extra/metadata/a~1b', copy: 3 },
      { type: 'open-json' },
      { type: 'open-run' },
      { type: 'open-failing-line' },
      { type: 'compare' },
      { type: 'open-in-dagster', what: { kind: 'asset', key: ['audi', 'prices'] } },
      { type: 'curl-with-key', copy: 4 },
      { type: 'show-issue' },
      { type: 'edit', fields: { kind: 'check', severity: 'WARN', partition: null, metadata: [], tags: { oem: null } } },
      { type: 'unread', unread: true },
      { type: 'show-failure' },
      { type: 'compare-failure' },
      { type: 'edit-copy' },
      { type: 'save-specimen' },
      { type: 'restore' },
      { type: 'set-dsn' },
      { type: 'switch-target', target: 'sentry' },
    ]) {
      for (const about of [
        { kind: 'failure', id: 'abc', target: 'default' },
        { kind: 'inbox', id: 7 },
      ]) {
        assert.deepEqual(v.parse(fromPreview, { ...act, about }), { ...act, about });
      }
      assert.ok(!v.is(fromPreview, act), `${act.type} of nothing`);
    }
    for (const message of [
      { type: 'ready' },
      { type: 'range', from: 1, to: 2 },
      { type: 'tick-now', sensor: 'asset_check_sentry_sensor' },
      { type: 'set-running', sensor: 'run_failure_sentry_sensor', running: false },
      { type: 'show-tick', tick: 3 },
      { type: 'preview', failure: 'abc' },
      { type: 'choose-instance' },
      { type: 'arranged', filtered: true, kept: { only: null } },
    ]) {
      assert.deepEqual(v.parse(fromTicks, message), message);
    }
  });

  it('are dropped when they are anything else', () => {
    for (const message of [
      null,
      'ready',
      { type: 'send' },
      { type: 'send', target: 'https://elsewhere' },
      { type: 'retry', delivery: 1.5 },
      { type: 'copy-text', text: 'x'.repeat(3_000_000), copy: 1 },
      { type: 'copy-text', text: 'x' },
      { type: 'copy-text', text: 'x', copy: '1' },
      { type: 'open-in-dagster', what: { kind: 'url', id: 'https://elsewhere' } },
      { type: 'edit', fields: { kind: 'check', severity: 'INFO', partition: null, metadata: [], tags: {} } },
      {
        type: 'edit',
        fields: { kind: 'check', severity: 'WARN', partition: null, metadata: [], tags: { severity: 'ERROR' } },
      },
      { type: 'unread' },
      { type: 'copy-value', path: 'x'.repeat(30_000), copy: 1 },
      { type: 'eval', code: '1' },
      { type: 'tick-now', sensor: 'other' },
      { type: 'range', from: Number.NaN, to: 1 },
      { type: 'preview', failure: { toString: 'x' } },
    ]) {
      const about = { kind: 'inbox', id: 7 };
      assert.ok(!v.is(fromPreview, message), JSON.stringify(message));
      assert.ok(!v.is(fromPreview, { ...Object(message), about }), JSON.stringify(message));
      assert.ok(!v.is(fromTicks, message), JSON.stringify(message));
    }
  });
});

describe('the request as cURL', () => {
  const run = promisify(execFile);

  it('hands a shell the very words, whatever they hold', async function () {
    this.timeout(20_000);
    const piece = fc.constantFrom("'", '"', '\\', '$(id)', '`id`', '\n', ' ', 'é', '{"a":1}', '!', '-');
    const words = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(words, words, async (header, body) => {
        const url = 'https://o1.ingest.sentry.io/api/42/envelope/';
        const command = asCurl({ url, headers: [['x-a', header]], body });
        const shown = command.replace(/^curl/, 'show() { printf "%s\\0" "$@"; }; show');
        const { stdout } = await run('/bin/sh', ['-c', shown]);
        assert.deepEqual(stdout.split('\0').slice(0, -1), [
          '-sS',
          '-X',
          'POST',
          '-H',
          `x-a: ${header}`,
          '--data-binary',
          body,
          url,
        ]);
      }),
      { numRuns: 40 },
    );
  });
});
