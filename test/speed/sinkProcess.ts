/**
 * The endpoint of a speed measurement, in a process of its own and without an HTTP library, so that it is not what is
 * measured: counts requests and the event ids in them, and answers each as Sentry does, after a delay of its own
 * (`argv[2]`, ms). Prints one JSON line with its port; for each line on stdin one with what came until then. With
 * `argv[3]` = `tell`, one line for each event as well: when it came, what it says.
 */
import net from 'node:net';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';

const delay = Number(process.argv[2] ?? 0);
const tells = process.argv[3] === 'tell';
const ANSWER_BODY = '{"id":"0"}';
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${ANSWER_BODY.length}\r\n\r\n${ANSWER_BODY}`;

let requests = 0;
let connections = 0;
/** ms since 1970. */
let lastAt = 0;
const eventIds = new Set<string>();

const now = (): number => performance.timeOrigin + performance.now();

const server = net.createServer({ noDelay: true }, (socket) => {
  connections += 1;
  let seen: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    for (let end = endOfFirst(seen); end > 0; end = endOfFirst(seen)) {
      lastAt = now();
      requests += 1;
      const id = /"event_id":"([0-9a-f]+)"/.exec(seen.toString('latin1', 0, end))?.[1];
      if (id !== undefined) eventIds.add(id);
      if (tells) tell(lastAt, seen.subarray(0, end));
      seen = seen.subarray(end);
      if (delay === 0) socket.write(ANSWER);
      else setTimeout(() => socket.write(ANSWER), delay);
    }
  });
});

/** Where the first request ends; 0 while it is not complete. */
function endOfFirst(bytes: Buffer): number {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  const total = head + 4 + Number(length ?? 0);
  return bytes.length < total ? 0 : total;
}

/** The Python SDK compresses, and may put several items into one envelope. */
function tell(at: number, request: Buffer): void {
  const head = request.indexOf('\r\n\r\n');
  const packed = /\r\ncontent-encoding: *gzip/i.test(request.toString('latin1', 0, head));
  const body = request.subarray(head + 4);
  for (const line of (packed ? gunzipSync(body) : body).toString('utf8').split('\n')) {
    if (!line.includes('"message"')) continue;
    const { message, extra } = JSON.parse(line);
    say({ at, message, runId: extra?.run_id ?? null });
  }
}

const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  say({ port: address.port });
});
createInterface({ input: process.stdin })
  .on('line', () => say({ requests, events: eventIds.size, connections, lastAt }))
  .on('close', () => process.exit(0));
