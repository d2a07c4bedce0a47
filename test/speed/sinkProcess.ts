/**
 * The endpoint of a speed measurement, in a process of its own and without an HTTP library, so that it is not what is
 * measured: counts requests and the event ids in them, and answers each as Sentry does, after a delay of its own
 * (`argv[2]`, ms). Prints one JSON line with its port; for each line on stdin one with what came until then.
 */
import net from 'node:net';
import { createInterface } from 'node:readline';

const delay = Number(process.argv[2] ?? 0);
const ANSWER_BODY = '{"id":"0"}';
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${ANSWER_BODY.length}\r\n\r\n${ANSWER_BODY}`;

let requests = 0;
const eventIds = new Set<string>();

const server = net.createServer({ noDelay: true }, (socket) => {
  let seen: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    for (let end = endOfFirst(seen); end > 0; end = endOfFirst(seen)) {
      requests += 1;
      eventIds.add(/"event_id":"([0-9a-f]+)"/.exec(seen.toString('latin1', 0, end))?.[1] ?? '');
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

const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  say({ port: address.port });
});
createInterface({ input: process.stdin })
  .on('line', () => say({ requests, events: eventIds.size }))
  .on('close', () => process.exit(0));
