import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server on a free port of 127.0.0.1. */
export async function answering(handler: http.RequestListener): Promise<Served> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}
