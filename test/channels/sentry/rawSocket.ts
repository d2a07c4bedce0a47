import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A request as it stood on the socket, byte for byte. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** In the order and case sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** Listens on a free port of 127.0.0.1, answers every request like Sentry and keeps what it saw. Close it after use. */
export async function listenRaw(): Promise<{
  readonly port: number;
  readonly requests: RawRequest[];
  close(): Promise<void>;
}> {
  const requests: RawRequest[] = [];
  const server = createServer((socket) => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      seen = Buffer.concat([seen, chunk]);
      const request = parse(seen);
      if (request === null) return;
      requests.push(request);
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** null until the request has come in whole. */
function parse(bytes: Buffer): RawRequest | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [line = '', ...rest] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = rest.map((header): [string, string] => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon), header.slice(colon + 1).trim()];
  });
  const header = (name: string): string | undefined => headers.find(([given]) => given.toLowerCase() === name)?.[1];
  const after = bytes.subarray(end + 4);
  const body =
    header('transfer-encoding') === 'chunked' ? unchunk(after) : whole(after, Number(header('content-length') ?? 0));
  return body === null ? null : { method, path, headers, body };
}

const whole = (bytes: Buffer, length: number): Buffer | null =>
  bytes.length < length ? null : bytes.subarray(0, length);

function unchunk(bytes: Buffer): Buffer | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return null;
    const size = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (bytes.length < end + 2 + size + 2) return null;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
