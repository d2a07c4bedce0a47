import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exec } from '../../scripts/exec.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { DagsterInstance, fullHistory } from './dagsterInstance.ts';
import { type ManifestEntry, readManifest } from './manifest.ts';
import { pythonEnvironment } from './provoker.ts';

interface PythonLine {
  storage_id: number;
  kind: string;
  event: { message: string; level: string; tags: Record<string, string>; extra: Record<string, unknown> };
}

/** What the two Python sensors' helpers would send for every failure of an instance. */
async function pythonEvents(home: string): Promise<PythonLine[]> {
  const { python } = await pythonEnv();
  const program = path.join(import.meta.dirname, 'send_with_python.py');
  const ran = await exec(python, [program, '--home', home, '--print'], { env: pythonEnvironment(home) });
  assert.equal(ran.code, 0, ran.stderr);
  const lines = ran.stdout.trim().split('\n');
  return lines.map((line): PythonLine => JSON.parse(line));
}

/** Ids of the rows in a log that are failures. */
function failureRows(home: string): number[] {
  const database = new DatabaseSync(path.join(home, 'history', 'runs', 'index.db'), { readOnly: true });
  try {
    return database
      .prepare(
        `select id from event_logs where dagster_event_type = 'PIPELINE_FAILURE'
         or dagster_event_type = 'ASSET_CHECK_EVALUATION'
         and event ->> '$.dagster_event.event_specific_data.success' = 0 order by id`,
      )
      .all()
      .map((row) => Number(row.id));
  } finally {
    database.close();
  }
}

/** What the Python sensor cannot send as specified: JSON has no nan, inf and ints that big, asset keys are Python's. */
const otherInPython = new Set(['a_float_nan', 'a_float_inf', 'a_float_minus_inf', 'an_int_beyond_2_53', 'an_asset']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Both sides without the metadata that the Python sensor sends in another form; a table is its Python text there. */
function comparable(sent: Record<string, unknown>, expected: Record<string, unknown>): [unknown, unknown] {
  const known = Object.fromEntries(Object.entries(sent).filter(([field]) => Object.hasOwn(expected, field)));
  const { metadata } = expected;
  if (!isObject(metadata) || !isObject(known.metadata)) return [known, expected];
  const differs = ([name]: [string, unknown]) => {
    const value = metadata[name];
    return otherInPython.has(name) || (isObject(value) && Object.hasOwn(value, 'schema'));
  };
  const same = (values: object) => Object.fromEntries(Object.entries(values).filter((entry) => !differs(entry)));
  return [
    { ...known, metadata: same(known.metadata) },
    { ...expected, metadata: same(metadata) },
  ];
}

describe('the history of every failure', function () {
  this.timeout(180_000);
  let home: string;
  let manifest: ManifestEntry[];

  before(async () => {
    home = await fullHistory();
    manifest = await readManifest(home);
  });

  it('has a manifest entry for every failure in the log, and none beside', () => {
    assert.deepEqual(
      manifest.map((entry) => entry.storage_id).sort((a, b) => Number(a) - Number(b)),
      failureRows(home),
    );
  });

  it('holds what the Python sensors send for it, field by field', async () => {
    const events = new Map((await pythonEvents(home)).map((line) => [line.storage_id, line]));
    assert.equal(events.size, manifest.length);
    for (const { case: name, kind, storage_id, expected } of manifest) {
      const sent = events.get(storage_id ?? -1);
      assert.ok(sent, name);
      assert.equal(sent.kind, kind, name);
      const { message, level, tags, extra } = sent.event;
      assert.deepEqual(
        { message, level, tags },
        { message: expected.message, level: expected.level, tags: expected.tags },
        name,
      );
      assert.deepEqual(...comparable(extra, expected.extra), name);
      if (expected.error_starts !== undefined) assert.ok(String(extra.error).startsWith(expected.error_starts), name);
    }
  });
});

describe('a served instance', function () {
  this.timeout(60_000);

  it('makes failures one by one, quickly, and tells their storage ids', async () => {
    const instance = await DagsterInstance.empty();
    try {
      const provoker = await instance.serve();
      const [check] = await provoker.provoke('check-discrepancies');
      const start = performance.now();
      const [run, reported] = await provoker.provoke('run-exception', 'check-reported-instance');
      assert.ok(performance.now() - start < 5000);
      const ids = [check, run, reported].map((entry) => entry?.storage_id);
      assert.deepEqual(ids, failureRows(instance.home));
      await assert.rejects(provoker.provoke('no-such-case'), /unknown case no-such-case/);
      assert.deepEqual(await provoker.provoke('run-succeeds'), []);
    } finally {
      await instance.dispose();
    }
  });
});

describe('a failure that is made on purpose', function () {
  this.timeout(60_000);

  it('takes down the code location of its own instance, and no other that runs at the same time', async () => {
    const [dying, other] = await Promise.all([DagsterInstance.empty(), DagsterInstance.empty()]);
    try {
      await mkdir(path.join(dying.home, '.drill'));
      await writeFile(path.join(dying.home, '.drill', 'bmw_dies_at_import'), '');
      await assert.rejects(dying.serve(), /^Error: provoke ended without an answer \(code 1,/);
      assert.ok((await other.serve()).cases.length > 0);
    } finally {
      await Promise.all([dying.dispose(), other.dispose()]);
    }
  });
});
