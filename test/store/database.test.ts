import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exec } from '../../scripts/exec.ts';
import { instanceId } from '../../src/failure/ids.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openStateStore, StateStoreError } from '../../src/store/stateStore.ts';
import { alertFor, checkFailure, clockAt, found, INSTANCE, openIn, START, tempFolder, tickPage } from './samples.ts';

const open = (folder: string) => openStateStore({ folder, instance: INSTANCE, now: () => START });

describe('state database', () => {
  let folder: ReturnType<typeof tempFolder>;
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => folder.remove());

  it('makes its folder and keeps when the instance was met over a restart', () => {
    const inside = path.join(folder.path, 'not', 'there');
    const clock = clockAt();
    const first = openStateStore({ folder: inside, instance: INSTANCE, now: clock.now });
    assert.deepEqual(first.notes, []);
    assert.equal(first.store.since(), START);
    first.store.close();
    clock.pass(3_600_000);
    const again = openStateStore({ folder: inside, instance: INSTANCE, now: clock.now });
    assert.equal(again.store.since(), START);
    again.store.close();
  });

  it('gives each instance a file of its own inside the folder, whatever its id holds', () => {
    for (const id of ['../../../etc/passwd', 'CON', '', 'a/b', INSTANCE]) {
      const { store } = openStateStore({ folder: folder.path, instance: instanceId(id), now: () => START });
      assert.equal(path.dirname(store.file), folder.path);
      store.close();
    }
    assert.equal(readdirSync(folder.path).filter((name) => name.endsWith('.db')).length, 5);
  });

  for (const [what, damage] of [
    ['is no database', (): Buffer => Buffer.from('this is not a database, it is a long text\n'.repeat(400))],
    ['was cut', (good: Buffer): Buffer => good.subarray(0, Math.floor(good.length / 2))],
    [
      'has overwritten pages',
      (good: Buffer): Buffer => {
        const bad = Buffer.from(good);
        bad.fill(0xa5, 8192, 8192 * 12);
        return bad;
      },
    ],
  ] as const) {
    it(`sets a file aside that ${what}, says so, and begins a new one`, () => {
      const before = open(folder.path).store;
      before.commitTick(tickPage({ found: Array.from({ length: 50 }, (_, n) => found(checkFailure(n))) }));
      before.close();
      const bytes = damage(readFileSync(before.file));
      writeFileSync(before.file, bytes);

      const { store, notes } = open(folder.path);
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? '', /was damaged.*set aside as state-.*\.damaged-2026-05-01T08-00-00/s);
      assert.equal(store.failureLists.page({ status: 'all', group: null, limit: 9, before: null }).total, 0);
      store.failures.add([found(checkFailure(1))]);
      store.close();
      const aside = readdirSync(folder.path).find((name) => name.includes('.damaged-') && !name.match(/-(wal|shm)$/));
      assert.deepEqual(readFileSync(path.join(folder.path, aside ?? '')), bytes);
    });
  }

  it('sets a file aside that is too large to be read whole at every start, once damage in it was met', function () {
    this.timeout(20_000);
    const file = path.join(folder.path, 'large.db');
    const schema = ['create table large (x blob not null)'];
    const opened = openDatabase(file, schema, () => START).database;
    opened.write('quick', () =>
      opened
        .prepare(
          'with recursive n (i) as (select 1 union all select i + 1 from n where i < 9000) insert into large select zeroblob(8000) from n',
        )
        .run(),
    );
    opened.close();
    const size = statSync(file).size;
    assert.ok(size > 65 * 1024 * 1024, `${size} bytes`);
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(64 * 1024, 0xff), 0, 64 * 1024, 30 * 1024 * 1024);
    closeSync(handle);

    const damaged = openDatabase(file, schema, () => START);
    assert.deepEqual(damaged.notes, [], 'it was not read whole');
    const all = damaged.database.prepare('select sum(length(x)) as n, max(x) from large');
    assert.throws(() => damaged.database.read(() => all.get()), StateStoreError);
    damaged.database.close();

    const again = openDatabase(file, schema, () => START);
    assert.match(again.notes[0] ?? '', /was damaged/);
    again.database.close();
    const fresh = openDatabase(file, schema, () => START);
    assert.deepEqual(fresh.notes, []);
    fresh.database.close();
  });

  it('sets a SQLite file aside that holds other tables', () => {
    const { store } = open(folder.path);
    store.close();
    const foreign = path.join(folder.path, 'state-aaaaaaaa.db');
    const other = new DatabaseSync(foreign);
    other.exec('create table mine (x); insert into mine values (7)');
    other.close();
    const opened = openStateStore({ folder: folder.path, instance: instanceId('aaaaaaaa'), now: () => START });
    opened.store.close();
    assert.equal(opened.notes.length, 1);
    const aside = readdirSync(folder.path).find((name) => name.startsWith('state-aaaaaaaa.db.damaged'));
    const kept = new DatabaseSync(path.join(folder.path, aside ?? ''), { readOnly: true });
    assert.equal(kept.prepare('select x from mine').get()?.x, 7);
    kept.close();
  });

  it('says what a damaged file means for the failures that were pending in it', () => {
    const { store } = open(folder.path);
    store.close();
    writeFileSync(store.file, 'no database at all, but long enough to be looked at\n'.repeat(20));
    const again = open(folder.path);
    again.store.close();
    assert.match(again.notes[0] ?? '', /last 24 hours are listed again.*older ones.*are lost to Firedrill/);
  });

  it('migrates as a whole or not at all', () => {
    const file = path.join(folder.path, 'some.db');
    const first = 'create table kept (x); insert into kept values (7)';
    openDatabase(file, [first], () => START).database.close();
    const bad = [first, 'create table more (y); insert into more values (1)', 'alter table nowhere add column z'];
    assert.throws(() => openDatabase(file, bad, () => START), /no such table: nowhere/);
    const after = new DatabaseSync(file);
    assert.deepEqual(
      after
        .prepare('select name from sqlite_schema')
        .all()
        .map(({ name }) => name),
      ['kept'],
    );
    assert.equal(after.prepare('pragma user_version').get()?.user_version, 1);
    after.close();
    const { database } = openDatabase(file, [first, 'create table more (y)'], () => START);
    assert.equal(database.prepare('select x from kept').get()?.x, 7);
    database.close();
  });

  it('lets nobody else read the state, where files have such rights', () => {
    if (process.platform === 'win32') return;
    const inside = path.join(folder.path, 'state');
    const { store } = open(inside);
    store.failures.add([found(checkFailure(1))]);
    assert.equal(statSync(inside).mode & 0o777, 0o700);
    const modes = readdirSync(inside).map((name) => [name, statSync(path.join(inside, name)).mode & 0o777] as const);
    assert.ok(modes.length >= 4, 'the file, its WAL and shared memory, the sign of life');
    for (const [name, mode] of modes) assert.equal(mode, 0o600, name);
    store.close();
    chmodSync(store.file, 0o644); // as an earlier one may have left it
    open(inside).store.close();
    assert.equal(statSync(store.file).mode & 0o777, 0o600);
  });

  it('leaves the state of a newer Firedrill alone', () => {
    const { store } = open(folder.path);
    store.close();
    const newer = new DatabaseSync(store.file);
    newer.exec('pragma user_version = 99');
    newer.close();
    const bytes = readFileSync(store.file);
    assert.throws(
      () => open(folder.path),
      (error) =>
        error instanceof StateStoreError && /newer Firedrill \(schema 99.*Update the extension/.test(error.message),
    );
    assert.deepEqual(readFileSync(store.file), bytes);
  });

  it('says which folder cannot be made', () => {
    const file = path.join(folder.path, 'file');
    writeFileSync(file, '');
    assert.throws(
      () => open(path.join(file, 'state')),
      (error) =>
        error instanceof StateStoreError && error.message.includes(file) && /cannot be written/.test(error.message),
    );
  });

  it('says when the file is locked by another program', function () {
    this.timeout(20_000);
    const { store } = open(folder.path);
    const other = new DatabaseSync(store.file);
    other.exec('begin immediate');
    assert.throws(
      () => store.failures.add([found(checkFailure(1))]),
      (error) => error instanceof StateStoreError && /locked by another program/.test(error.message),
    );
    other.exec('rollback');
    other.close();
    assert.equal(store.failures.add([found(checkFailure(1))]).length, 1);
    store.close();
  });

  it('tells changes of another window from its own', () => {
    const mine = openIn(folder.path);
    const other = openIn(folder.path);
    const before = mine.dataVersion();
    mine.failures.add([found(checkFailure(1))]);
    assert.equal(mine.dataVersion(), before);
    other.failures.add([found(checkFailure(2))]);
    assert.notEqual(mine.dataVersion(), before);
    mine.close();
    other.close();
  });

  it('undoes all of a transaction whose work throws, and goes on working', () => {
    const store = openIn(folder.path);
    assert.throws(
      () =>
        store.decide(() => {
          store.failures.add([found(checkFailure(1))]);
          store.outbox.insert(alertFor(checkFailure(1)));
          throw new Error('changed my mind');
        }),
      /changed my mind/,
    );
    assert.equal(store.failures.find(checkFailure(1).id), null);
    assert.deepEqual(store.outbox.page(null, 10, null), []);
    assert.equal(store.failures.add([found(checkFailure(1))]).length, 1);
    store.close();
  });

  it('can be opened by several processes at once while it does not exist yet', async function () {
    this.timeout(30_000);
    const script = `
      import { openIn } from ${JSON.stringify(path.join(import.meta.dirname, 'samples.ts'))};
      openIn(${JSON.stringify(folder.path)}).close();`;
    const args = ['--input-type=module-typescript', '-e', script];
    const ran = await Promise.all([1, 2, 3, 4].map(() => exec(process.execPath, args)));
    assert.deepEqual(
      ran.map(({ code, stderr }) => (code === 0 ? 0 : stderr)),
      [0, 0, 0, 0],
    );
  });

  it('keeps what was committed when its process is killed', async function () {
    this.timeout(30_000);
    const script = `
      import { checkFailure, found, openIn, tickPage } from ${JSON.stringify(path.join(import.meta.dirname, 'samples.ts'))};
      const store = openIn(${JSON.stringify(folder.path)});
      store.commitTick(tickPage({ found: [found(checkFailure(7))] }));
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'ignore' });
    const signal = await new Promise((resolve) => child.on('exit', (_code, by) => resolve(by)));
    assert.equal(signal, 'SIGKILL');
    const store = openIn(folder.path);
    assert.notEqual(store.failures.find(checkFailure(7).id), null);
    assert.equal(store.cursor('asset_check_sentry_sensor').cursor, '1');
    store.close();
  });
});
