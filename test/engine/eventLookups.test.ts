import assert from 'node:assert/strict';
import { parseDsn } from '../../src/channels/sentry/dsn.ts';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import { EventLookups } from '../../src/engine/eventLookups.ts';
import { eventId } from '../../src/failure/ids.ts';
import { type Endpoint, openEndpoint, reply } from '../delivery/endpoint.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const TOKEN = 'sntrys_0123456789';

describe('looking events up', () => {
  let endpoint: Endpoint;
  before(async () => {
    endpoint = await openEndpoint();
  });
  after(() => endpoint.close());

  it('keeps neither the key nor the token that the server repeats in its refusal', async () => {
    endpoint.answer(reply(403, {}, JSON.stringify({ detail: `no ${TOKEN} for ${KEY}` })));
    const parsed = parseDsn(`http://${KEY}@127.0.0.1:${endpoint.port}/42`);
    assert.ok(parsed.outcome === 'ok');
    const client = new HttpClient({ proxy: NO_PROXY_SET, env: {} });
    try {
      const lookups = new EventLookups({
        targets: { dsnFor: async () => parsed.dsn },
        client: () => client,
        authToken: async () => TOKEN,
      });
      const lookup = await lookups.of({ kind: 'sentry', dsn: parsed.dsn.fingerprint, host: '', project: '42' });
      const seen = await lookup?.find(eventId('0'.repeat(32)));
      const said = JSON.stringify(seen);
      assert.match(said, /no •+ for •+/, 'its words are kept');
      assert.ok(!said.includes(KEY) && !said.includes(TOKEN), said);
    } finally {
      client.close();
    }
  });
});
