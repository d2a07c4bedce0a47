import net from 'node:net';
import type { CanonicalRequest } from '../../src/channels/request.ts';

/** One request as its bytes came over the socket. */
export interface Captured {
  readonly method: string;
  readonly path: string;
  /** Names as sent, in the order sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** Answers a request by writing to its socket; a function that writes nothing hangs. */
export type Behaviour = (socket: net.Socket, request: Captured) => void;

export interface Endpoint {
  readonly port: number;
  readonly url: string;
  readonly received: Captured[];
  /** How the next requests are answered, one behaviour each; the last one stays. */
  answer(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

export function reply(status: number, headers: Record<string, string> = {}, body = ''): Behaviour {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return (socket) => socket.write(`HTTP/1.1 ${status} Said\r\n${lines.join('')}\r\n${body}`);
}
export const accepted: Behaviour = reply(200, { 'content-type': 'application/json' }, '{"id":"1"}');
export const hang: Behaviour = () => undefined;
export const reset: Behaviour = (socket) => socket.resetAndDestroy();

/** A server on a raw socket: it sees the very bytes, and can misbehave as no HTTP library lets one. */
export async function openEndpoint(): Promise<Endpoint> {
  const received: Captured[] = [];
  let behaviours: Behaviour[] = [accepted];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let parsed = parse(bytes); parsed !== null; parsed = parse(bytes)) {
        bytes = parsed.rest;
        received.push(parsed.request);
        const [behaviour = accepted] = behaviours;
        if (behaviours.length > 1) behaviours = behaviours.slice(1);
        behaviour(socket, parsed.request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}/api/42/envelope/`,
    received,
    answer: (...next) => {
      behaviours = next;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function parse(bytes: Buffer): { readonly request: Captured; readonly rest: Buffer } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const length = Number(headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0);
  const start = end + 4;
  if (bytes.length < start + length) return null;
  const [method = '', path = ''] = first.split(' ');
  const body = Buffer.from(bytes.subarray(start, start + length));
  return { request: { method, path, headers, body }, rest: bytes.subarray(start + length) };
}

/** The canonical request as a stranger would read it off the socket. */
export function canonicalOf(captured: Captured): Omit<CanonicalRequest, 'method'> & { readonly method: string } {
  const host = captured.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  const { method, path, headers, body } = captured;
  return { method, url: `http://${host}${path}`, headers, body };
}

/** Waits until a condition holds; fails with its description after a while. */
export async function until(what: string, holds: () => boolean, within = 5_000): Promise<void> {
  const end = Date.now() + within;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`Waited ${within} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
