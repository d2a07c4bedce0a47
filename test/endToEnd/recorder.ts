import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';

/** One request as it was on the socket. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  /** In the order sent, names as sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

const line = v.union([v.object({ port: v.number() }), v.object({ raw: v.string() })]);

/** A Sentry-like endpoint in another process that keeps the raw bytes of every request. */
export class Recorder {
  readonly port: number;
  /** For a `.env`: with a key that can be recognised wherever it turns up. */
  readonly dsn: string;
  readonly requests: Recorded[] = [];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.dsn = `http://${RECORDER_KEY}@127.0.0.1:${port}/450812`;
  }

  static async start(): Promise<Recorder> {
    const program = path.join(import.meta.dirname, 'recorderProcess.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    let recorder: Recorder | undefined;
    const [first] = await once(lines, 'line');
    const hello = v.parse(line, JSON.parse(String(first)));
    if (!('port' in hello)) throw new Error('the recorder began with a request');
    recorder = new Recorder(child, hello.port);
    lines.on('line', (text) => {
      const said = v.parse(line, JSON.parse(text));
      if ('raw' in said) recorder.requests.push(parsed(Buffer.from(said.raw, 'base64')));
    });
    return recorder;
  }

  /** Resolves with all requests when there are at least this many. */
  async atLeast(count: number, timeout = 15_000): Promise<readonly Recorded[]> {
    for (const end = Date.now() + timeout; this.requests.length < count; await pause(20)) {
      if (Date.now() > end) throw new Error(`${this.requests.length} of ${count} requests arrived in ${timeout} ms`);
    }
    return this.requests;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }
}

export const RECORDER_KEY = 'f1dde1f0000000000000000000c0ffee';

function parsed(raw: Buffer): Recorded {
  const end = raw.indexOf('\r\n\r\n');
  const [start = '', ...lines] = raw.subarray(0, end).toString('utf8').split('\r\n');
  const [method = '', target = ''] = start.split(' ');
  const headers = lines.map((text): [string, string] => {
    const colon = text.indexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1).trim()];
  });
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  return { method, url: `http://${host}${target}`, headers, body: raw.subarray(end + 4) };
}

/**
 * The hash that Firedrill documents for a request (see `canonicalHash`), computed here from the captured bytes alone,
 * without Firedrill's code: parts as netstrings, headers in lower case and sorted, the connection's and the key's left
 * out, an empty part before the body.
 */
export function hashOfRecorded({ method, url, headers, body }: Recorded): string {
  const leftOut = new Set(['host', 'connection', 'content-length', 'x-sentry-auth']);
  const kept = headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !leftOut.has(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const parts: (string | Buffer)[] = [method, url, ...kept.flat(), '', body];
  const hash = createHash('sha256');
  for (const part of parts)
    hash
      .update(`${Buffer.byteLength(part)}:`)
      .update(part)
      .update(',');
  return hash.digest('hex');
}

/** The event in a recorded envelope: its third line. */
export function eventOf({ body }: Recorded): Record<string, unknown> {
  const [, , event = '{}'] = body.toString('utf8').split('\n');
  return v.parse(v.record(v.string(), v.unknown()), JSON.parse(event));
}
