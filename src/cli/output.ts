import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Line ends that JSON may hold as they are, but that readers of lines (Python's, Node's) break at. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** Whoever read the output has seen enough (`| head`): no error, but the end of the work. */
export class OutputClosed extends Error {}

/** Standard output as JSON lines, for as long as somebody reads it. */
export class Output {
  readonly #stream: Writable;
  /** Aborted when nobody reads any more. */
  readonly closed: AbortSignal;

  constructor(stream: Writable) {
    this.#stream = stream;
    const closing = new AbortController();
    this.closed = closing.signal;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      closing.abort();
    });
  }

  /**
   * Prints a value as one line of JSON that every reader takes as one line; resolves when there is room for more.
   * @throws OutputClosed when nobody reads any more.
   */
  async print(value: unknown): Promise<void> {
    if (this.closed.aborted) throw new OutputClosed();
    const escaped = (end: string): string => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const hasRoom = this.#stream.write(`${JSON.stringify(value).replace(LINE_ENDS, escaped)}\n`);
    if (!hasRoom) await once(this.#stream, 'drain', { signal: this.closed }).catch(() => undefined);
    if (this.closed.aborted) throw new OutputClosed();
  }
}
