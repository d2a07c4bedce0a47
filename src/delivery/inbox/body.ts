import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { messageOf } from '../../failure/messageOf.ts';
import { unpacker } from '../unpacker.ts';
import { Refusal } from './answer.ts';
import { LIMITS } from './limits.ts';

/** A request's body. */
export interface Body {
  /** As it came over the socket. */
  readonly raw: Buffer;
  /** Decompressed. */
  readonly content: Buffer;
}

/** Bytes that requests under way hold together. */
export class Budget {
  #used = 0;
  take(bytes: number): void {
    if (this.#used + bytes > LIMITS.underWay) throw new Refusal(503, 'the service is overloaded');
    this.#used += bytes;
  }
  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}

/**
 * Reads a body and decompresses it as it comes; stops at once where either form becomes too large, so that a small
 * request cannot fill the memory. `release` gives the memory back to the budget.
 */
export async function readBody(
  request: IncomingMessage,
  budget: Budget,
): Promise<Body & { readonly release: () => void }> {
  const unpack = decompressor(request.headers['content-encoding']);
  const held = new Held(budget);
  try {
    if (Number(request.headers['content-length'] ?? 0) > LIMITS.compressed) throw overflow('compressed');
    const raw = held.list('compressed');
    // The request itself is never destroyed here: the answer goes over its socket.
    const arriving = request.iterator({ destroyOnReturn: false });
    if (unpack === null) {
      for await (const chunk of arriving) raw.add(chunk);
      const content = raw.join();
      return { raw: content, content, release: () => held.release() };
    }
    const content = held.list('decompressed');
    const unpacked = (async () => {
      for await (const chunk of unpack) content.add(chunk);
    })();
    const packed = (async () => {
      for await (const chunk of arriving) {
        if (unpack.destroyed) continue; // refused already: read on, so that the sender sees the answer
        raw.add(chunk);
        if (!unpack.write(chunk)) await room(unpack);
      }
      unpack.end();
    })();
    packed.catch((error: Error) => unpack.destroy(error));
    await Promise.all([unpacked, packed]);
    return { raw: raw.join(), content: content.join(), release: () => held.release() };
  } catch (error) {
    held.release();
    throw asRefusal(error);
  } finally {
    unpack?.destroy();
  }
}

const room = (stream: Transform): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });

/** Reads the rest of a refused request for a short while: a sender that is still writing would not see the answer. */
export async function drain(request: IncomingMessage, ms: number): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    request.once('close', resolve).once('end', resolve).resume();
    request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  });
}

/** Chunks of one form of a body, within its limit and the common budget. */
class Held {
  readonly #budget: Budget;
  #taken = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  list(form: 'compressed' | 'decompressed'): { add(chunk: Buffer): void; join(): Buffer } {
    const chunks: Buffer[] = [];
    let size = 0;
    return {
      add: (chunk) => {
        size += chunk.length;
        if (size > LIMITS[form]) throw overflow(form);
        this.#budget.take(chunk.length);
        this.#taken += chunk.length;
        chunks.push(chunk);
      },
      join: () => Buffer.concat(chunks),
    };
  }

  release(): void {
    this.#budget.giveBack(this.#taken);
    this.#taken = 0;
  }
}

function decompressor(encoding: string | undefined): Transform | null {
  const unpack = unpacker(encoding);
  if (unpack === 'unknown') throw new Refusal(415, `unsupported content-encoding; send gzip, deflate, br or identity`);
  return unpack === 'none' ? null : unpack;
}

const overflow = (form: 'compressed' | 'decompressed'): Refusal =>
  new Refusal(413, 'failed to read request body', [
    `a payload reached its size limit: ${LIMITS[form] / 1_000_000} MB ${form}`,
  ]);

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(400, 'failed to read request body', [messageOf(error)]);
}
