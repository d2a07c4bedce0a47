import type { Readable } from 'node:stream';

/**
 * Calls back with each line of a stream, as JSON lines have them: ended by a newline alone. Node's own readline also ends
 * a line at U+2028 and U+2029, which stand as they are inside a JSON text.
 */
export function onLine(stream: Readable, hear: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}
