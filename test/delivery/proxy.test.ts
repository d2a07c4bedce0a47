import assert from 'node:assert/strict';
import { proxyFor } from '../../src/delivery/proxy.ts';

const choose = (
  url: string,
  noProxy: string[] = [],
  env: Record<string, string> = {},
  set: string | null = 'http://proxy:3128',
) => proxyFor(new URL(url), { url: set, strictSsl: true, noProxy }, env)?.href ?? null;

describe('choice of a proxy', () => {
  it('uses the setting, with or without a scheme', () => {
    assert.equal(choose('https://sentry.io/'), 'http://proxy:3128/');
    assert.equal(choose('https://sentry.io/', [], {}, 'proxy.corp:8080'), 'http://proxy.corp:8080/');
    assert.equal(choose('https://sentry.io/', [], {}, 'https://secure-proxy'), 'https://secure-proxy/');
  });

  it('uses the environment when none is set, by the scheme of the address', () => {
    const env = { HTTPS_PROXY: 'http://s:1', http_proxy: 'http://h:2' };
    assert.equal(choose('https://sentry.io/', [], env, null), 'http://s:1/');
    assert.equal(choose('http://sentry.io/', [], env, null), 'http://h:2/');
    assert.equal(choose('http://sentry.io/', [], { ALL_PROXY: 'http://a:3' }, null), 'http://a:3/');
    assert.equal(choose('http://sentry.io/', [], { HTTP_PROXY: '', ALL_PROXY: 'http://a:3' }, null), null);
    assert.equal(choose('https://sentry.io/', [], {}, null), null);
  });

  it('reaches this machine without a proxy', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'app.localhost']) {
      assert.equal(choose(`http://${host}:8969/api/1/envelope/`), null, host);
    }
    assert.notEqual(choose('http://128.0.0.1/'), null);
  });

  const covered: readonly (readonly [string, string, boolean])[] = [
    ['*', 'https://sentry.io/', true],
    ['sentry.io', 'https://sentry.io/', true],
    ['sentry.io', 'https://o1.ingest.sentry.io/', true],
    ['.sentry.io', 'https://o1.ingest.sentry.io/', true],
    ['*.sentry.io', 'https://o1.ingest.sentry.io/', true],
    ['SENTRY.io', 'https://sentry.io/', true],
    ['sentry.io', 'https://notsentry.io/', false],
    ['sentry.io:443', 'https://sentry.io/', true],
    ['sentry.io:9000', 'https://sentry.io/', false],
    ['sentry.io:9000', 'http://sentry.io:9000/', true],
    ['10.0.0.0/8', 'http://10.20.30.40:9000/', true],
    ['10.0.0.0/8', 'http://11.0.0.1/', false],
    ['10.0.0.7', 'http://10.0.0.7/', true],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['[fd12::1]:80', 'http://[fd12::1]/', true],
    ['10.0.0.0/99', 'http://10.0.0.1/', false],
    ['', 'https://sentry.io/', false],
  ];
  for (const [entry, url, direct] of covered) {
    it(`reaches ${url} ${direct ? 'directly' : 'through the proxy'} with "${entry}" in the list`, () => {
      assert.equal(choose(url, [entry]), direct ? null : 'http://proxy:3128/');
      assert.equal(choose(url, [], { NO_PROXY: ` other.org, ${entry}` }), direct ? null : 'http://proxy:3128/');
    });
  }

  it('goes nowhere, rather than round a proxy that is set and cannot be used; its password is not told', () => {
    for (const set of ['socks5://ada:secret@proxy:1080', 'http://'])
      assert.throws(() => choose('https://sentry.io/', [], {}, set), /^Error: The proxy in http\.proxy cannot be used/);
    assert.throws(() => choose('https://sentry.io/', [], { https_proxy: 'socks5://ada:secret@proxy' }, null), {
      message: 'The proxy in https_proxy cannot be used: its address must begin with http:// or https://.',
    });
    assert.equal(choose('http://127.0.0.1:9000/', [], {}, 'socks5://proxy:1080'), null, 'this machine needs none');
  });
});
