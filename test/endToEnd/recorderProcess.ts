/**
 * A raw socket that records what arrives, in a process of its own and without an HTTP library: what it prints is what
 * was on the wire. Prints one JSON line with its port, then one for each request: `{"raw": <base64>}`. Answers each
 * request as Sentry does.
 */
import net from 'node:net';

const server = net.createServer((socket) => {
  let seen = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    seen = Buffer.concat([seen, chunk]);
    for (let whole = firstRequest(seen); whole !== null; whole = firstRequest(seen)) {
      process.stdout.write(`${JSON.stringify({ raw: whole.toString('base64') })}\n`);
      seen = seen.subarray(whole.length);
      const body = '{"id":"recorded"}';
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
  });
});

/** The bytes of the first complete request; null while it is not complete. */
function firstRequest(bytes: Buffer): Buffer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, end).toString('latin1'))?.[1];
  const total = end + 4 + Number(length ?? 0);
  return bytes.length < total ? null : bytes.subarray(0, total);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`${JSON.stringify({ port: address.port })}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
