// PROVISIONAL (lead): in-memory stand-in until the real inbox lands; replace this whole file.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { canonicalHash } from '../../channels/canonicalHash.ts';
import type { JsonObject } from '../../failure/json.ts';
import type { InboxEvent } from '../delivery.ts';

export interface ReceivedEvent {
  readonly event: JsonObject;
  readonly headers: readonly (readonly [string, string])[];
  readonly sha256: string;
}
export interface Inbox {
  readonly port: number;
  readonly dsn: string;
  readonly note: string | null;
  onReceived(listener: (event: InboxEvent) => void): void;
  list(limit: number): InboxEvent[];
  get(id: number): ReceivedEvent | null;
  clear(): void;
  close(): Promise<void>;
}
export async function openInbox(o: { folder: string; port: number; now: () => number }): Promise<Inbox> {
  const key = randomBytes(16).toString('hex');
  const got: (InboxEvent & ReceivedEvent)[] = [];
  const ls: ((e: InboxEvent) => void)[] = [];
  const server = http.createServer((q, r) => {
    const chunks: Buffer[] = [];
    q.on('data', (c) => chunks.push(c));
    q.on('end', () => {
      const body = Buffer.concat(chunks);
      const event = JSON.parse(body.toString().split('\n')[2] ?? '{}');
      const headers = Object.entries(q.headers).map(([n, v]): [string, string] => [n, String(v)]);
      const e = {
        id: got.length + 1,
        receivedAt: o.now(),
        eventId: event.event_id,
        title: event.message,
        level: event.level,
        sender: `${event.sdk?.name} ${event.sdk?.version}`,
        runId: event.extra?.run_id ?? null,
        bytes: body.length,
        event,
        headers,
        sha256: canonicalHash({ method: 'POST', url: `http://${q.headers.host}${q.url}`, headers, body }),
      };
      got.unshift(e);
      for (const l of ls) l(e);
      r.setHeader('content-type', 'application/json');
      r.end(`{"id":"${event.event_id}"}`);
    });
  });
  const listen = (p: number) =>
    new Promise<void>((ok, no) => {
      server.once('error', no);
      server.listen(p, '127.0.0.1', ok);
    });
  await listen(o.port).catch(() => listen(0));
  const port = (server.address() as { port: number }).port;
  return {
    port,
    dsn: `http://${key}@127.0.0.1:${port}/1`,
    note: null,
    onReceived: (l) => void ls.push(l),
    list: (n) => got.slice(0, n),
    get: (id) => got.find((e) => e.id === id) ?? null,
    clear: () => void (got.length = 0),
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
