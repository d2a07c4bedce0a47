import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import * as l10n from '@vscode/l10n';
import { errorCode, messageOf } from '../../failure/messageOf.ts';
import { type Answer, Refusal } from './answer.ts';
import { drain } from './body.ts';

/** ms that a sender may take; a slow or silent one must not hold a connection for ever. */
export interface SenderTimes {
  readonly headers: number;
  /** Headers and body together. */
  readonly request: number;
}
export const SENDER_TIMES: SenderTimes = { headers: 10_000, request: 30_000 };
const MOST_CONNECTIONS = 200;
/** ms that the rest of a refused request is still read. */
const DRAIN = 1_000;

/** An HTTP server whose answers come from `handle`; a Refusal that it throws becomes the answer. */
export function makeServer(
  handle: (request: IncomingMessage) => Promise<Answer>,
  fault: (error: unknown) => void,
  times: SenderTimes,
): http.Server {
  const server = http.createServer(
    {
      headersTimeout: times.headers,
      requestTimeout: times.request,
      connectionsCheckingInterval: Math.min(1_000, times.headers),
      keepAliveTimeout: 10_000,
    },
    (request, response) => {
      request.on('error', () => undefined); // the sender has gone; the body's reader tells it
      void answer(request, response, handle, fault);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: IncomingMessage) => Promise<Answer>,
  fault: (error: unknown) => void,
): Promise<void> {
  let said: Answer;
  try {
    said = await handle(request);
  } catch (error) {
    if (!(error instanceof Refusal)) fault(error);
    said = error instanceof Refusal ? error.answer : { status: 500, body: { detail: 'the inbox failed, see its log' } };
  }
  if (!request.complete) {
    response.shouldKeepAlive = false;
    await drain(request, DRAIN);
  }
  if (response.destroyed) return;
  const plain = typeof said.body === 'string';
  const body = plain ? said.body : JSON.stringify(said.body);
  response.writeHead(said.status, {
    'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(String(body)),
    ...said.headers,
  });
  response.end(body);
}

/**
 * Listens on 127.0.0.1 at the first of these ports that can be had. `refused` is the system's word on the first port,
 * e.g. EADDRINUSE; null when that one was had.
 */
export async function listenAtFirst(
  server: http.Server,
  ports: readonly number[],
): Promise<{ readonly port: number; readonly refused: string | null }> {
  let refused: string | null = null;
  let last: unknown;
  for (const wanted of ports) {
    try {
      return { port: await listenAt(server, wanted), refused };
    } catch (error) {
      last = error;
      refused ??= errorCode(error) ?? String(error);
    }
  }
  throw new Error(l10n.t('The inbox cannot listen on 127.0.0.1 ({0}).', messageOf(last)), {
    cause: last,
  });
}

function listenAt(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Ends a server: what is under way gets `grace` ms. */
export async function closeServer(server: http.Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}
