import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HostApi } from '../../src/engine/api.ts';
import { Engine } from '../../src/engine/engine.ts';
import { WrittenHome } from '../dagster/reading/home.ts';
import { DEFAULTS, until } from './hostedEngine.ts';

const RECORDED = 8_000;

describe('an engine that is stopped while it reads a long history', () => {
  let home: WrittenHome;
  let stateFolder: string;

  before(() => {
    home = new WrittenHome();
    const now = Math.floor(Date.now() / 1000);
    home.index.exec('begin');
    for (let n = 0; n < RECORDED; n++) home.evaluation(`run ${n}`, now - 3_600 + n / 10);
    home.index.exec('commit');
    stateFolder = mkdtempSync(path.join(os.tmpdir(), 'firedrill-stopping-'));
  });
  after(() => {
    home?.dispose();
    rmSync(stateFolder, { recursive: true, force: true });
  });

  /** How many failures the state of the followed instance has. */
  const listed = (): number => {
    const file = readdirSync(stateFolder).find((name) => /^state-.*\.db$/.test(name) && isOfInstance(name));
    return file === undefined ? 0 : ask(file, 'select count(*) as n from failures');
  };
  const isOfInstance = (name: string): boolean =>
    ask(name, "select count(*) as n from instance where id not like 'no-instance%'") > 0;
  const ask = (name: string, sql: string): number => {
    const state = new DatabaseSync(path.join(stateFolder, name), { readOnly: true });
    try {
      return Number(state.prepare(sql).get()?.n);
    } catch {
      return 0; // its tables are being made
    } finally {
      state.close();
    }
  };

  it('stops within a second, and the next one lists the rest', async function () {
    this.timeout(30_000);
    const host: HostApi = {
      secretDsn: async () => null,
      authToken: async () => null,
      changed: () => undefined,
      notify: () => undefined,
      log: () => undefined,
    };
    const begin = async (): Promise<Engine> => {
      const engine = new Engine({ stateFolder, version: '0.0.0-test', env: {} }, host);
      await engine.configure({ ...DEFAULTS, dagsterHome: home.home });
      return engine;
    };
    const engine = await begin();
    await until(() => listed() > 0, 'the history to be read');
    const began = performance.now();
    await engine.stop();
    const took = performance.now() - began;
    assert.ok(took < 1_000, `${took} ms`);
    const before = listed();
    assert.ok(before < RECORDED, `${before} were listed already`);
    const next = await begin();
    await until(() => listed() === RECORDED, 'the rest');
    await next.stop();
  });
});
