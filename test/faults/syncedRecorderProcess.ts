// See syncedRecorder.ts. Tells its port, then that it holds an answer back.
import { createHash } from 'node:crypto';
import { fsyncSync, openSync, writeSync } from 'node:fs';
import http from 'node:http';
import * as v from 'valibot';

const file = openSync(process.argv[2] ?? '', 'a');
const asked = v.object({ hold: v.number() });
/** Requests until the one that is left without an answer. */
let untilHeld = 0;

const server = http.createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return; // the sender was killed in the middle of it: nothing arrived
  }
  const body = Buffer.concat(chunks);
  const header = v.parse(v.object({ event_id: v.string() }), JSON.parse(body.toString('utf8').split('\n', 1)[0] ?? ''));
  const sha256 = createHash('sha256').update(body).digest('hex');
  writeSync(file, `${JSON.stringify({ event: header.event_id, sha256 })}\n`);
  fsyncSync(file);
  if (untilHeld > 0) {
    untilHeld -= 1;
    if (untilHeld === 0) {
      process.send?.({ holding: true });
      return;
    }
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: header.event_id }));
});
server.keepAliveTimeout = 60_000;
process.on('message', (message) => {
  untilHeld = v.parse(asked, message).hold;
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.send?.({ port: address.port });
});
