import type { Readable } from 'node:stream';

/** The first `limit` bytes of a body as text; the rest is not read. A body that breaks off gives what came of it. */
export async function readStart(body: Readable, limit: number, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (): void => void body.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size >= limit) break; // leaving the loop destroys the stream
    }
  } catch {
    // The status has come and says what happened; the words are lost.
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, limit));
}
