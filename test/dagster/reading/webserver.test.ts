import assert from 'node:assert/strict';
import type http from 'node:http';
import net from 'node:net';
import { Webserver } from '../../../src/dagster/webserver.ts';
import { answering, type Served } from './serving.ts';

describe('a webserver that is asked', () => {
  let served: Served | undefined;
  afterEach(async () => {
    await served?.stop();
    served = undefined;
  });

  const outcomeOf = async (handler: http.RequestListener, timeout = 1_000) => {
    served = await answering(handler);
    const answer = await new Webserver(served.url, { timeout }).storage();
    return { outcome: answer.outcome, message: 'message' in answer ? answer.message : '' };
  };
  const json = (status: number, body: unknown) => (_: unknown, response: http.ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  it('that is down is told so', async () => {
    const { url, stop } = await answering(() => undefined);
    await stop();
    const answer = await new Webserver(url).storage();
    assert.equal(answer.outcome, 'down');
    assert.match('message' in answer ? answer.message : '', /^Nothing listens at http:\/\/127\.0\.0\.1:\d+\.$/);
  });

  it('that is something else is told so: a page, an error page, text, other JSON, nothing', async () => {
    const cases: [http.RequestListener, RegExp][] = [
      [
        (_, response) => response.end('<!doctype html><title>Grafana</title>'),
        /no Dagster webserver \(status 200, an HTML page\)/,
      ],
      [(_, response) => response.writeHead(502).end('<html>Bad gateway</html>'), /status 502, an HTML page/],
      [(_, response) => response.writeHead(404).end('Not found'), /status 404, plain text/],
      [json(200, { hello: 'there' }), /status 200, other JSON/],
      [(_, response) => response.end(), /an empty answer/],
      [json(200, { data: { version: 7 } }), /in a form that Firedrill does not know \(field version\)/],
      [
        json(400, { data: null, errors: [{ message: "Cannot query field 'version' on type 'Query'." }] }),
        /speaks GraphQL, but not Dagster's/,
      ],
    ];
    for (const [handler, told] of cases) {
      const { outcome, message } = await outcomeOf(handler);
      assert.equal(outcome, 'not-dagster');
      assert.match(message, told);
      await served?.stop();
    }
  });

  it('that speaks no HTTP, or breaks off, is told so', async () => {
    for (const reply of ['SSH-2.0-OpenSSH_9.6\r\n', '']) {
      const server = net.createServer((socket) => socket.once('data', () => socket.end(reply)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as net.AddressInfo;
      const answer = await new Webserver(`http://127.0.0.1:${port}`).storage();
      assert.equal(answer.outcome, reply === '' ? 'down' : 'not-dagster');
      server.close();
    }
  });

  it('that hangs, at once or in the middle of its answer, is given up in time', async () => {
    const began = performance.now();
    assert.equal((await outcomeOf(() => undefined, 150)).outcome, 'timeout');
    await served?.stop();
    const { outcome, message } = await outcomeOf((_, response) => void response.write('{"data": '), 150);
    assert.equal(outcome, 'timeout');
    assert.match(message, /does not answer within 0\.15 s/);
    assert.ok(performance.now() - began < 2_000);
  });

  it('can be cancelled', async () => {
    served = await answering(() => undefined);
    const answer = await new Webserver(served.url, { timeout: 10_000 }).storage(AbortSignal.timeout(50));
    assert.equal(answer.outcome, 'cancelled');
  });

  it('that cannot carry out the query is told with its own words', async () => {
    const { outcome, message } = await outcomeOf(
      json(200, { data: null, errors: [{ message: 'database is locked' }] }),
    );
    assert.equal(outcome, 'failed');
    assert.match(message, /says: database is locked$/);
  });

  it('is asked below its path prefix and links there', async () => {
    let asked = '';
    served = await answering((request, response) => {
      asked = request.url ?? '';
      json(200, { data: { version: '1.13.27', instance: { info: null } } })(request, response);
    });
    const webserver = new Webserver(`${served.url}/dagster/`);
    assert.deepEqual(await webserver.storage(), {
      outcome: 'answered',
      value: { version: '1.13.27', home: null },
    });
    assert.equal(asked, '/dagster/graphql');
    assert.equal(webserver.runUrl('a b'), `${served.url}/dagster/runs/a%20b`);
    assert.equal(webserver.assetUrl(['audi', 'in/out']), `${served.url}/dagster/assets/audi/in%2Fout`);
  });

  it("remembers an asset's code location for a minute, and that none is known for a moment", async () => {
    let now = 0;
    let calls = 0;
    let location: string | null = null;
    served = await answering((request, response) => {
      calls += 1;
      const node =
        location === null
          ? { __typename: 'AssetNotFoundError' }
          : { __typename: 'AssetNode', repository: { location: { name: location } } };
      json(200, { data: { assetNodeOrError: node } })(request, response);
    });
    const webserver = new Webserver(served.url, { now: () => now });
    assert.equal(await webserver.codeLocationOf(['audi', 'prices']), null);
    location = 'ai_audi';
    assert.equal(await webserver.codeLocationOf(['audi', 'prices']), null);
    now = 6_000;
    assert.equal(await webserver.codeLocationOf(['audi', 'prices']), 'ai_audi');
    now = 60_000;
    assert.equal(await webserver.codeLocationOf(['audi', 'prices']), 'ai_audi');
    assert.equal(calls, 2);
  });

  it('is waited for once, not for each asset, when it hangs', async () => {
    let now = 0;
    let calls = 0;
    let hangs = true;
    served = await answering((request, response) => {
      calls += 1;
      const node = { __typename: 'AssetNode', repository: { location: { name: 'ai_audi' } } };
      if (!hangs) json(200, { data: { assetNodeOrError: node } })(request, response);
    });
    const webserver = new Webserver(served.url, { now: () => now });
    const began = performance.now();
    for (let n = 0; n < 50; n += 1) assert.equal(await webserver.codeLocationOf(['asset', String(n)]), null);
    const took = performance.now() - began;
    assert.ok(took > 400 && took < 1_500, `${took} ms`);
    assert.equal(calls, 1);
    hangs = false;
    now = 10_000;
    assert.equal(await webserver.codeLocationOf(['asset', '0']), 'ai_audi');
  });
});
