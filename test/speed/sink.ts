import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';

const hello = v.object({ port: v.number() });
const counted = v.object({ requests: v.number(), events: v.number(), connections: v.number(), lastAt: v.number() });
const arrived = v.object({ at: v.number(), message: v.string(), runId: v.nullable(v.string()) });
const line = v.union([hello, counted, arrived]);

/** What came until now, on how many connections; `lastAt` is the last request's time in ms since 1970. */
export type Counted = v.InferOutput<typeof counted>;
/** One event: when it came (ms since 1970) and what it says. */
export type Arrived = v.InferOutput<typeof arrived>;

/** A fast endpoint in another process that counts what it gets. */
export class Sink {
  /** Filled only where the sink was started to tell. */
  readonly arrived: Arrived[] = [];
  readonly #child: ChildProcess;
  #port = 0;
  #answer: (counted: Counted) => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /**
   * @param delay ms that it takes for each request.
   * @param tells whether each event is told, which takes some time for each.
   */
  static async start(delay: number, tells = false): Promise<Sink> {
    const program = path.join(import.meta.dirname, 'sinkProcess.ts');
    const args = ['--disable-warning=ExperimentalWarning', program, String(delay), ...(tells ? ['tell'] : [])];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const sink = new Sink(child);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (text) => sink.#hear(v.parse(line, JSON.parse(text))));
    await once(lines, 'line');
    return sink;
  }

  get port(): number {
    return this.#port;
  }

  counted(): Promise<Counted> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#child.stdin?.write('\n');
    });
  }

  /** Resolves when this many requests have come; asks so seldom that it costs the sink nothing. */
  async atLeast(requests: number, timeout = 300_000): Promise<Counted> {
    for (const end = Date.now() + timeout; ; await pause(20)) {
      const now = await this.counted();
      if (now.requests >= requests) return now;
      if (Date.now() > end) throw new Error(`${now.requests} of ${requests} requests came in ${timeout} ms`);
    }
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }

  #hear(said: v.InferOutput<typeof line>): void {
    if ('port' in said) this.#port = said.port;
    else if ('requests' in said) this.#answer(said);
    else this.arrived.push(said);
  }
}
