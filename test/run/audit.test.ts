import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Audit, audit } from '../../scripts/auditing.ts';

const SHIPPED = [
  { name: 'lit', version: '3.3.3' },
  { name: 'axios', version: '1.0.0' },
  { name: 'axios', version: '1.21.1' },
];
const ADVISORY = {
  id: 1,
  url: 'https://example.org/advisory',
  title: 'It leaks',
  severity: 'high',
  vulnerable_versions: '<1.2.0',
};

describe('the audit of what is shipped', function () {
  this.timeout(20_000);

  it('names a known vulnerability', async () => {
    const { result, asked } = await auditAt(200, { axios: [ADVISORY] });
    assert.deepEqual(asked, { lit: ['3.3.3'], axios: ['1.0.0', '1.21.1'] }, 'asks for these packages alone');
    assert.deepEqual(result, {
      outcome: 'vulnerable',
      findings: ['axios: It leaks (high) https://example.org/advisory'],
    });
  });

  it('passes where none is known', async () => {
    assert.deepEqual((await auditAt(200, {})).result, { outcome: 'clean' });
  });

  it('tells a registry that does not answer such questions from a clean one', async () => {
    const { result } = await auditAt(405, { error: 'not here' });
    assert.equal(result.outcome, 'not asked');
    assert.match(result.outcome === 'not asked' ? result.why : '', /405/);
  });

  it('tells a registry that is not there from a clean one', async () => {
    assert.equal((await audit(SHIPPED, { npm_config_registry: 'http://127.0.0.1:9' })).outcome, 'not asked');
  });
});

/** Asks a registry of this test that answers so. */
async function auditAt(status: number, answer: object): Promise<{ result: Audit; asked: unknown }> {
  const cache = await mkdtemp(path.join(os.tmpdir(), 'firedrill-npm-'));
  let asked: unknown;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const isQuestion = request.url?.endsWith('/advisories/bulk');
    if (isQuestion) asked = JSON.parse(String(sent[0] === 0x1f ? gunzipSync(sent) : sent));
    const versions = { '1.0.0': { name: 'axios', version: '1.0.0' }, '1.21.1': { name: 'axios', version: '1.21.1' } };
    const known = { name: 'axios', 'dist-tags': { latest: '1.21.1' }, versions };
    response.writeHead(isQuestion ? status : request.url === '/axios' ? 200 : 404, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(isQuestion ? answer : known));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const result = await audit(SHIPPED, {
      npm_config_registry: `http://127.0.0.1:${port}`,
      npm_config_cache: cache,
      npm_config_update_notifier: 'false',
    });
    return { result, asked };
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(cache, { recursive: true, force: true });
  }
}
