import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { CHECKS, type ManyFailures, manyFailures, RUNS } from './manyFailures.ts';
import { SyncedRecorder } from './syncedRecorder.ts';
import type { Launch, Place, Stop, Victim } from './victim.ts';

/** An instance with 2,000 new failures, a recorder, and a state that has met the instance before. */
export class Scene {
  readonly place: Place;
  readonly recorder: SyncedRecorder;
  readonly #many: ManyFailures;
  readonly #folder: string;
  readonly #victims: Victim[] = [];

  private constructor(many: ManyFailures, recorder: SyncedRecorder, folder: string, place: Place) {
    this.#many = many;
    this.#folder = folder;
    this.recorder = recorder;
    this.place = place;
  }

  /** The 2,000 failures are recorded with `record`. */
  static async set(launcher: Launch): Promise<Scene> {
    const many = await manyFailures();
    const recorder = await SyncedRecorder.start();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'firedrill-killed-'));
    const place = { home: many.home, stateFolder: path.join(folder, 'state'), workspace: folder, dsn: recorder.dsn };
    const scene = new Scene(many, recorder, folder, place);
    const first = scene.launch(launcher, null);
    await scene.until(() => scene.count('select history_listed as n from instance') === 1, first);
    await first.end('SIGTERM');
    // The failures were recorded when the history was made: Firedrill has to have met the instance before that.
    scene.#onState((state) => state.exec('update instance set met_at = 0'));
    return scene;
  }

  record(): void {
    this.#many.record();
  }

  launch(launcher: Launch, stop: Stop | null): Victim {
    const victim = launcher(this.place, stop);
    this.#victims.push(victim);
    return victim;
  }

  /** A number out of the state. */
  count(sql: string): number {
    return this.#onState((state) => Number(state.prepare(sql).get()?.n ?? 0)) ?? 0;
  }

  /** How many processes have the state open. */
  windows(): number {
    return readFolder(this.place.stateFolder).filter((name) => /^state-.*\.window-/.test(name)).length;
  }

  /** Who is sending at this moment. */
  senders(): string[] {
    const sql = "select distinct claim_owner as owner from outbox where state = 'sending'";
    return this.#onState((state) => state.prepare(sql).all())?.map(({ owner }) => String(owner)) ?? [];
  }

  /** Waits until it is so; fails after 60 s, or when the process ends before. */
  async until(isSo: () => boolean, victim: Victim): Promise<void> {
    for (const end = Date.now() + 60_000; !isSo(); await pause(50)) {
      if (Date.now() > end) assert.fail(`waited 60 s in vain; the last process said: ${victim.said}`);
    }
  }

  /**
   * Every failure arrived, each under one event id and with the same bytes whenever it came again, and the state knows
   * it. Answers how many requests were repeats.
   */
  assertWhole(): number {
    const arrivals = this.recorder.arrivals();
    const bodies = new Map<string, string>();
    for (const { event, sha256 } of arrivals) {
      assert.equal(bodies.get(event) ?? sha256, sha256, `event ${event} came with two contents`);
      bodies.set(event, sha256);
    }
    assert.equal(bodies.size, CHECKS + RUNS, 'every failure arrived, under one event id');
    assert.equal(this.count("select count(*) as n from failures where status = 'sent'"), CHECKS + RUNS);
    assert.equal(this.count("select count(*) as n from outbox where state = 'accepted'"), CHECKS + RUNS);
    assert.equal(this.count("select count(*) as n from outbox where state <> 'accepted'"), 0);
    return arrivals.length - bodies.size;
  }

  async clear(): Promise<void> {
    await Promise.all(this.#victims.map((victim) => victim.end('SIGKILL')));
    await this.recorder.stop();
    await this.#many.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #onState<T>(ask: (state: DatabaseSync) => T): T | null {
    const { stateFolder } = this.place;
    for (const name of readFolder(stateFolder).filter((file) => /^state-.*\.db$/.test(file))) {
      const state = new DatabaseSync(path.join(stateFolder, name), { timeout: 5_000 });
      try {
        if (!String(state.prepare('select id from instance').get()?.id).startsWith('no-instance')) return ask(state);
      } catch (error) {
        if (!(error instanceof Error && /no such table/.test(error.message))) throw error; // else it is being made
      } finally {
        state.close();
      }
    }
    return null;
  }
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not made yet
  }
}
