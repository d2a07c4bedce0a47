import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { unpacker } from './unpacker.ts';

const UTF8 = new TextDecoder();

/**
 * The first `limit` bytes of an answer's body as text, unpacked; the rest is not read. A body that breaks off gives
 * what came of it: the status has come and says what happened.
 */
export function readStart(answer: IncomingMessage, limit: number): Promise<string> {
  const body = unpacked(answer);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (): void => resolve(UTF8.decode(Buffer.concat(chunks).subarray(0, limit)));
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size < limit) return;
      answer.destroy();
      body.destroy();
    });
    body.once('end', end);
    body.once('close', end);
    body.on('error', end);
  });
}

/** Firedrill asks for no packing; something on the way may pack all the same. */
function unpacked(answer: IncomingMessage): Readable {
  const unpack = unpacker(answer.headers['content-encoding']);
  return typeof unpack === 'string' ? answer : pipeline(answer, unpack, () => undefined); // a fault ends the body
}
