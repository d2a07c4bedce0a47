import http from 'node:http';
import type { CanonicalRequest } from '../src/channels/request.ts';
import { parseDsn } from '../src/channels/sentry/dsn.ts';
import { authorize, envelopeTarget } from '../src/channels/sentry/envelope.ts';
import { renderAlert } from '../src/channels/sentry/render.ts';
import { HttpClient } from '../src/delivery/httpClient.ts';
import { NO_PROXY_SET } from '../src/delivery/proxy.ts';
import { backlogFailure } from '../test/speed/backlog.ts';
import { Sink } from '../test/speed/sink.ts';

export type BareKind = 'client' | 'node:http';

/**
 * Requests a second of a loop that does nothing but send: the same requests as a backlog's, ready made, on as many
 * connections, with Firedrill's own HTTP client or with `node:http` alone.
 */
export async function bareLoop(
  kind: BareKind,
  options: { readonly requests: number; readonly connections: number; readonly delay: number },
): Promise<number> {
  const sink = await Sink.start(options.delay);
  const requests = await requestsFor(sink.port, options.requests);
  const { send, close } = kind === 'client' ? ownClient() : nodeClient(options.connections);
  try {
    const began = performance.now();
    const next = requests.values();
    const worker = async (): Promise<void> => {
      for (const request of next) await send(request);
    };
    await Promise.all(Array.from({ length: options.connections }, worker));
    const seconds = (performance.now() - began) / 1000;
    const { requests: came } = await sink.counted();
    if (came !== options.requests) throw new Error(`${came} of ${options.requests} requests came`);
    return options.requests / seconds;
  } finally {
    close();
    await sink.stop();
  }
}

/** With the header of the key, as they go to the socket. */
async function requestsFor(port: number, count: number): Promise<CanonicalRequest[]> {
  const parsed = parseDsn(`http://0123456789abcdef0123456789abcdef@127.0.0.1:${port}/42`);
  if (parsed.outcome === 'malformed') throw new Error(parsed.message);
  const settings = { version: '0.0.0', oemPattern: /^ai_(.+)$/u, environment: null, testEnvironment: 'test' };
  const target = envelopeTarget(parsed.dsn);
  return Array.from({ length: count }, (_, n) => {
    const { request } = renderAlert({
      failure: backlogFailure('check', n),
      target,
      settings,
      resend: 0,
      now: Date.now(),
    });
    return { ...request, headers: authorize(request, parsed.dsn) };
  });
}

interface Client {
  readonly send: (request: CanonicalRequest) => Promise<void>;
  readonly close: () => void;
}

function ownClient(): Client {
  const client = new HttpClient({ proxy: NO_PROXY_SET, env: {} });
  return {
    send: async (request) => {
      const sent = await client.send(request);
      if (sent.outcome !== 'answered' || sent.answer.status !== 200) throw new Error(`not accepted: ${sent.outcome}`);
    },
    close: () => client.close(),
  };
}

function nodeClient(connections: number): Client {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: ({ url, headers, body }) =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', agent, headers: Object.fromEntries(headers) }, (answer) => {
          answer.resume().on('end', resolve).on('error', reject);
        });
        request.on('error', reject).end(body);
      }),
    close: () => agent.destroy(),
  };
}
