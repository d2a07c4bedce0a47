import net from 'node:net';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; null where it is none. */
  readonly json: unknown;
}

/**
 * Writes raw parts to a socket and reads one answer. No HTTP library, so that every header and byte is the test's
 * own. A part that is a number waits that many ms.
 */
export function exchange(port: number, ...parts: (string | Buffer | number)[]): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let received = Buffer.alloc(0) as Buffer;
    const timer = setTimeout(() => finish(new Error(`No answer; so far: ${received.toString('latin1')}`)), 10_000);
    const finish = (result: Answered | Error): void => {
      clearTimeout(timer);
      socket.destroy();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answered = parseAnswer(received);
      if (answered) finish(answered);
    });
    socket.on('error', (error) => finish(parseAnswer(received) ?? error));
    socket.on('close', () => finish(parseAnswer(received) ?? new Error('closed without an answer')));
    void write(socket, parts);
  });
}

async function write(socket: net.Socket, parts: readonly (string | Buffer | number)[]): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return;
    if (typeof part === 'number') await new Promise((resolve) => setTimeout(resolve, part));
    else await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
}

function parseAnswer(bytes: Buffer): Answered | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return null;
  const text = body.toString();
  return { status: Number(first.split(' ')[1]), headers, text, json: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The text of a request with these headers and this body. */
export function post(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): [head: string, body: Buffer] {
  const bytes = Buffer.from(body);
  const all = { host: '127.0.0.1', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return [`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, bytes];
}
