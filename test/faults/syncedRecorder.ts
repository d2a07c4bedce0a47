import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';

const said = v.union([v.object({ port: v.number() }), v.object({ holding: v.literal(true) })]);
const kept = v.object({ event: v.string(), sha256: v.string() });

/** One request that arrived. */
export type Arrival = v.InferOutput<typeof kept>;

/** A Sentry-like endpoint in another process that syncs each request to disk before it answers. */
export class SyncedRecorder {
  readonly dsn: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.dsn = `http://${'a'.repeat(32)}@127.0.0.1:${port}/450812`;
  }

  static async start(): Promise<SyncedRecorder> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'firedrill-recorder-'));
    const child = fork(path.join(import.meta.dirname, 'syncedRecorderProcess.ts'), [path.join(folder, 'arrived')], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const [first] = await once(child, 'message');
    const hello = v.parse(said, first);
    if (!('port' in hello)) throw new Error('the recorder began without a port');
    return new SyncedRecorder(child, folder, hello.port);
  }

  /** Leaves one request without an answer: the how manieth from now. Resolves when it is on disk. */
  async hold(nth: number): Promise<void> {
    this.#child.send({ hold: nth });
    await once(this.#child, 'message');
  }

  /** All that arrived, in order. */
  arrivals(): Arrival[] {
    const lines = readFileSync(path.join(this.#folder, 'arrived'), 'utf8').split('\n');
    return lines.filter((text) => text !== '').map((text) => v.parse(kept, JSON.parse(text)));
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
