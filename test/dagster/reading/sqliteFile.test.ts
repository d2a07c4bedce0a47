import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventLogError, type EventLogFault } from '../../../src/dagster/eventLog.ts';
import { SqliteFile } from '../../../src/dagster/sqliteFile.ts';
import { newFolder, removeFolder } from './home.ts';

const rows = (file: SqliteFile): number =>
  Number(file.read((database) => database.prepare('select count(*) as n from t').get())?.n);

function faultOf(run: () => unknown): { fault: EventLogFault; message: string } {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof EventLogError, String(error));
    return { fault: error.fault, message: error.message };
  }
  return assert.fail('nothing was thrown');
}

describe('reading a SQLite file of Dagster', () => {
  let folder: string;
  let at: string;
  let file: SqliteFile;
  let writer: DatabaseSync;

  beforeEach(() => {
    folder = newFolder();
    at = path.join(folder, 'index.db');
    writer = new DatabaseSync(at);
    writer.exec('PRAGMA journal_mode=WAL; create table t (n); insert into t values (1)');
    file = new SqliteFile(at, { snapshot: false });
  });
  afterEach(() => {
    file.close();
    if (writer.isOpen) writer.close();
    removeFolder(folder);
  });

  it('leaves nothing beside a closed database', () => {
    writer.close();
    assert.deepEqual(readdirSync(folder), ['index.db']);
    assert.equal(rows(file), 1);
    assert.deepEqual(readdirSync(folder), ['index.db']);
  });

  it('sees what a writer commits, at once and without closing', () => {
    assert.equal(rows(file), 1);
    for (let n = 2; n < 30; n += 1) {
      writer.exec('insert into t values (1)');
      assert.equal(rows(file), n);
    }
    writer.close();
    assert.equal(rows(file), 29);
    assert.deepEqual(readdirSync(folder), ['index.db']);
  });

  it('sees a commit of a writer that opens and closes for each, as Dagster does', () => {
    writer.close();
    for (let n = 2; n < 60; n += 1) {
      const once = new DatabaseSync(at);
      once.exec('insert into t values (1)');
      once.close();
      assert.equal(rows(file), n);
    }
  });

  it('reads what a killed writer left in its log, and leaves no more files than it left', () => {
    writer.exec('insert into t values (1)');
    const left = path.join(folder, 'left');
    mkdirSync(left);
    for (const end of ['', '-wal']) copyFileSync(at + end, path.join(left, `index.db${end}`));
    const killed = new SqliteFile(path.join(left, 'index.db'), { snapshot: false });
    assert.equal(rows(killed), 2);
    killed.close();
    assert.deepEqual(readdirSync(left).sort(), ['index.db', 'index.db-wal']);
  });

  it('as a snapshot never opens beside the writer', () => {
    const snapshot = new SqliteFile(at, { snapshot: true });
    assert.equal(rows(snapshot), 1);
    writer.exec('insert into t values (1)');
    assert.equal(rows(snapshot), 2);
    snapshot.close();
  });

  it('repeats a read that a writer overtook', () => {
    writer.close();
    let reads = 0;
    const seen = file.read((database) => {
      reads += 1;
      if (reads === 1) {
        const other = new DatabaseSync(at);
        other.exec('insert into t values (1)');
        other.close();
      }
      return database.prepare('select count(*) as n from t').get()?.n;
    });
    assert.deepEqual([seen, reads], [2, 2]);
  });

  it('tells a missing, empty, other and table-less file, each in plain words', () => {
    writer.close();
    const missing = new SqliteFile(path.join(folder, 'none.db'), { snapshot: false });
    assert.equal(faultOf(() => rows(missing)).fault, 'gone');
    truncateSync(at, 0);
    const empty = faultOf(() => rows(file));
    assert.equal(empty.fault, 'no-tables');
    assert.match(empty.message, /index\.db holds no Dagster event log \(the file is empty\)/);
    writeFileSync(at, 'this is a text file, and not a short one either, so that it has a header'.repeat(20));
    const other = faultOf(() => rows(file));
    assert.equal(other.fault, 'not-a-database');
    assert.match(other.message, /is not an SQLite database/);
    rmSync(at);
    const fresh = new DatabaseSync(at);
    fresh.exec('PRAGMA journal_mode=WAL; create table other (n)');
    fresh.close();
    assert.equal(faultOf(() => rows(new SqliteFile(at, { snapshot: false }))).fault, 'no-tables');
  });

  it('tells a damaged file', () => {
    writer.exec(
      'insert into t select hex(randomblob(2000)) from (select 1 union select 2 union select 3 union select 4)',
    );
    writer.close();
    truncateSync(at, 4096 * 2);
    const { fault, message } = faultOf(() => rows(file));
    assert.equal(fault, 'other');
    assert.match(message, /index\.db is damaged/);
  });

  it('tells a locked file without waiting long, and reads it when it is free', () => {
    writer.exec('PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE');
    const began = performance.now();
    const { fault, message } = faultOf(() => rows(file));
    assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`);
    assert.equal(fault, 'locked');
    assert.match(message, /is locked by another program/);
    writer.exec('COMMIT');
    assert.equal(rows(file), 1);
  });

  it('is not held up by a writer in its transaction', () => {
    writer.exec('BEGIN EXCLUSIVE; insert into t values (1)');
    assert.equal(rows(file), 1);
    writer.exec('COMMIT');
    assert.equal(rows(file), 2);
  });

  it('tells a file that is gone and one that was replaced', () => {
    writer.close();
    assert.equal(rows(file), 1);
    const away = path.join(folder, 'away.db');
    renameSync(at, away);
    assert.equal(faultOf(() => rows(file)).fault, 'gone');
    copyFileSync(away, at);
    assert.equal(faultOf(() => rows(file)).fault, 'replaced');
    renameSync(away, at);
    assert.equal(rows(file), 1);
  });

  it('tells a file that was made anew under the same inode', async () => {
    writer.close();
    assert.equal(rows(file), 1);
    rmSync(at);
    const anew = new DatabaseSync(at); // file systems give the freed inode again at once
    anew.exec('PRAGMA journal_mode=WAL; create table t (n)');
    anew.close();
    assert.equal(faultOf(() => rows(file)).fault, 'replaced');
  });

  it('reads in a folder that this user cannot write, with and without a write-ahead log', async () => {
    writer.exec('insert into t values (1)');
    const closed = path.join(folder, 'closed');
    const left = path.join(folder, 'left');
    for (const place of [closed, left]) mkdirSync(place);
    for (const end of ['', '-wal']) copyFileSync(at + end, path.join(left, `index.db${end}`));
    writer.close();
    copyFileSync(at, path.join(closed, 'index.db'));
    for (const place of [closed, left]) {
      for (const name of readdirSync(place)) chmodSync(path.join(place, name), 0o444);
      chmodSync(place, 0o555);
    }
    chmodSync(folder, 0o755);
    assert.equal(await rowsAsOtherUser(path.join(closed, 'index.db')), '2');
    assert.equal(await rowsAsOtherUser(path.join(left, 'index.db')), '2');
    assert.ok(!existsSync(path.join(left, 'index.db-shm')));
    for (const place of [closed, left]) chmodSync(place, 0o755);
  });
});

/** Counts the rows in a process that permissions bind: root reads and writes everything. */
async function rowsAsOtherUser(file: string): Promise<string> {
  const module = path.resolve(import.meta.dirname, '../../../src/dagster/sqliteFile.ts');
  const program = `const { SqliteFile } = await import(${JSON.stringify(`file://${module}`)});
    const file = new SqliteFile(${JSON.stringify(file)}, { snapshot: false });
    console.log(file.read((database) => database.prepare('select count(*) as n from t').get()).n);
    file.close();`;
  const isRoot = process.getuid?.() === 0;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
  });
  let said = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, complaint);
  return said.trim();
}
