import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { exec } from '../../../scripts/exec.ts';
import { type DagsterVersion, pythonEnv } from '../../../scripts/python.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import type { CheckFailure, DagsterError, Failure, RunFailure } from '../../../src/failure/failure.ts';
import { assetKeyText } from '../../../src/failure/failure.ts';
import { DagsterInstance, fullHistory, oldHistory } from '../dagsterInstance.ts';
import { type ManifestEntry, readManifest } from '../manifest.ts';
import { pythonEnvironment } from '../provoker.ts';
import { contentsOf } from './contents.ts';
import { instanceIn, newFolder, readAll, removeFolder } from './home.ts';

async function failuresIn(home: string): Promise<Failure[]> {
  const log = await openEventLog(instanceIn(home), { codeLocationOf: async () => null });
  try {
    const read = [await readAll(log, 'check'), await readAll(log, 'run')];
    assert.deepEqual(
      read.flatMap(({ entries }) => entries.filter((entry) => entry.outcome === 'unreadable')),
      [],
    );
    assert.deepEqual(
      read.flatMap(({ notes }) => notes),
      [],
    );
    return read.flatMap(({ failures }) => failures);
  } finally {
    log.close();
  }
}

const storageIdOf = (failure: Failure) => (failure.origin.kind === 'recorded' ? failure.origin.storageId : null);

/** Types whose value is Dagster's text form; the manifest has a shape of its own for them. */
const TEXT_FORMS = new Set(['job', 'python_artifact', 'table_schema', 'table_column_lineage']);

function compareCheck(failure: CheckFailure, { expected }: ManifestEntry): void {
  const asset = assetKeyText(failure.assetKey);
  assert.equal(`Dagster asset check failure: ${failure.checkName} on ${asset} (${failure.severity})`, expected.message);
  assert.equal(failure.partition ?? undefined, expected.tags.partition_date);
  const metadata = expected.extra.metadata as Record<string, unknown>;
  assert.deepEqual(
    failure.metadata.map(({ name }) => name),
    Object.keys(metadata).sort(),
  );
  for (const { name, type, value } of failure.metadata) {
    if (TEXT_FORMS.has(type)) assert.equal(typeof value, 'string', name);
    else assert.deepEqual(firstRecords(value), firstRecords(metadata[name]), name);
  }
}

/** Cutting to the specified 50 is not the log's work. */
function firstRecords(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 50);
  if (typeof value !== 'object' || value === null || !('records' in value)) return value;
  return { ...value, records: firstRecords(value.records) };
}

function compareRun(failure: RunFailure, { expected }: ManifestEntry): void {
  const [, where, errorClass] = /^Dagster run failure: (.+) \((\w+)\)$/s.exec(expected.message) ?? [];
  assert.equal(failure.jobName, expected.tags.job_name);
  assert.equal(failure.partition ?? undefined, expected.tags.partition_date);
  assert.equal(failure.willRetry, expected.will_retry ?? false);
  const error = failure.step ? failure.step.error : failure.error;
  const classes = chainOf(error).map(({ className }) => className);
  if (errorClass === 'UnknownError') assert.equal(error, null);
  else assert.ok(classes.slice(0, 2).includes(errorClass ?? ''), `${classes} has no ${errorClass}`);
  if (failure.step) assert.equal(failure.step.key.replaceAll('__', '/'), where);
  else assert.ok(where?.endsWith(`/${failure.jobName}`), where);
  const text = expected.extra.error;
  if (typeof text === 'string') {
    const messages = error ? chainOf(error).map(({ message }) => message.replace(/\n$/, '')) : [failure.message];
    assert.ok(messages.includes(text), `${messages[0]?.slice(0, 200)} is not ${text.slice(0, 200)}`);
  }
}

const chainOf = (error: DagsterError | null): DagsterError[] => (error ? [error, ...chainOf(error.cause)] : []);

describe('the failures of a real history', () => {
  it('are those of the manifest, each with its parts, for every way to fail', async () => {
    const home = await fullHistory();
    const failures = new Map<number | null, Failure>((await failuresIn(home)).map((each) => [storageIdOf(each), each]));
    const manifest = await readManifest(home);
    assert.ok(manifest.length > 50);
    assert.deepEqual([...failures.keys()].sort(), manifest.map((entry) => entry.storage_id).sort());
    for (const entry of manifest) {
      const failure = failures.get(entry.storage_id);
      assert.equal(failure?.kind, entry.kind, entry.case);
      assert.equal(failure?.runId ?? null, entry.run_id, entry.case);
      try {
        if (failure?.kind === 'check') compareCheck(failure, entry);
        else if (failure) compareRun(failure, entry);
      } catch (error) {
        throw new Error(`${entry.case}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }
    const blocked = [...failures.values()].filter((failure) => failure.kind === 'run' && failure.causedByCheck);
    assert.equal(
      blocked.length,
      manifest.filter((entry) => entry.case === 'check-blocking' && entry.kind === 'run').length,
    );
    assert.equal(new Set([...failures.values()].map(({ id }) => id)).size, manifest.length);
  });

  it('are read without a trace: no file appears, none changes', async () => {
    const instance = await DagsterInstance.withHistory();
    try {
      const before = contentsOf(instance.home);
      await failuresIn(instance.home);
      assert.deepEqual(contentsOf(instance.home), before);
    } finally {
      await instance.dispose();
    }
  });

  it('of Dagster 1.8 are found where it keeps them, and beside those of a later Dagster after an upgrade', async () => {
    const manifest = await readManifest(await oldHistory());
    const instance = await DagsterInstance.withOldHistory();
    try {
      const before = contentsOf(instance.home);
      const old = await failuresIn(instance.home);
      assert.deepEqual(contentsOf(instance.home), before);
      compareAll(old, manifest);
      const added = await instance.provoke('check-integrity', 'run-exception');
      compareAll(await failuresIn(instance.home), [...manifest, ...added]);
      const again = new Set((await failuresIn(instance.home)).map(({ id }) => id));
      assert.ok(
        old.every(({ id }) => again.has(id)),
        'an identity changed with the upgrade',
      );
    } finally {
      await instance.dispose();
    }
  });

  for (const version of ['1.13.27', '1.8.13'] satisfies DagsterVersion[]) {
    it(`carry metadata as Dagster ${version} itself tells the values`, async () => {
      const { python } = await pythonEnv(version);
      const home = newFolder();
      writeFileSync(path.join(home, 'dagster.yaml'), 'telemetry:\n  enabled: false\n');
      try {
        const program = path.join(import.meta.dirname, 'python', 'metadata_texts.py');
        const ran = await exec(python, [program, '--home', home], { env: pythonEnvironment(home) });
        assert.equal(ran.code, 0, ran.stderr);
        const expected = JSON.parse(ran.stdout) as Record<string, unknown>;
        const [failure] = await failuresIn(home);
        assert.equal(failure?.kind, 'check');
        assert.deepEqual(Object.fromEntries(failure.metadata.map(({ name, value }) => [name, value])), expected);
      } finally {
        removeFolder(home);
      }
    });
  }
});

/** By what both sides know of every failure. */
function compareAll(failures: readonly Failure[], manifest: readonly ManifestEntry[]): void {
  const ours = failures.map(
    (failure) => `${failure.kind} ${storageIdOf(failure)} ${failure.runId} ${failure.partition ?? ''}`,
  );
  const theirs = manifest.map((m) => `${m.kind} ${m.storage_id} ${m.run_id} ${m.expected.tags.partition_date ?? ''}`);
  assert.deepEqual(ours.sort(), theirs.sort());
}
