import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import * as v from 'valibot';

const hello = v.object({ port: v.number() });
const counted = v.object({ requests: v.number(), events: v.number() });

/** A fast endpoint in another process that counts what it gets. */
export class Sink {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface, port: number) {
    this.#child = child;
    this.#lines = lines;
    this.port = port;
  }

  /** @param delay ms that it takes for each request. */
  static async start(delay: number): Promise<Sink> {
    const program = path.join(import.meta.dirname, 'sinkProcess.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, String(delay)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const [first] = await once(lines, 'line');
    return new Sink(child, lines, v.parse(hello, JSON.parse(String(first))).port);
  }

  /** Requests so far, and how many different events were in them. */
  async counted(): Promise<v.InferOutput<typeof counted>> {
    this.#child.stdin?.write('\n');
    const [line] = await once(this.#lines, 'line');
    return v.parse(counted, JSON.parse(String(line)));
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }
}
