import assert from 'node:assert/strict';
import { newestDagster } from '../../../scripts/python.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import { versionWarnings } from '../../../src/dagster/versionWarnings.ts';
import { evaluationJson, readAll, WrittenHome } from './home.ts';

const T0 = 1_795_000_000;

describe('a log that a Dagster to come has written', () => {
  let home: WrittenHome;
  beforeEach(() => {
    home = new WrittenHome();
  });
  afterEach(() => home.dispose());

  const event = (n: number, change: (text: string) => string): number =>
    home.event(`r${n}`, T0 + n, 'ASSET_CHECK_EVALUATION', change(evaluationJson(`r${n}`, T0 + n)));

  it('is read event by event: what is understood is found, the rest is named', async () => {
    home.index.exec('alter table event_logs add column tenant TEXT; create table event_shards (id INTEGER)');
    event(1, (text) => text);
    // Fields that are not known stay out of it.
    event(2, (text) => text.replace('"success":', '"confidence": {"__class__": "Confidence", "p": 0.9}, "success":'));
    event(3, (text) =>
      text.replace('"metadata": {}', '"metadata": {"n": {"__class__": "TensorMetadataValue", "shape": [2, 3]}}'),
    );
    event(4, (text) => text.replace('"__class__": "AssetCheckEvaluation"', '"__class__": "AssetCheckEvaluationV2"'));
    event(5, (text) => text.replace('AssetCheckSeverity.ERROR', 'AssetCheckSeverity.FATAL'));
    event(6, (text) => text.replace(/"path": \[[^\]]*\]/, '"segments": ["audi"]'));
    event(7, (text) => text.replace('"__class__": "EventLogEntry"', '"__class__": "LogRecord"'));
    home.event('r8', T0 + 8, 'ASSET_CHECK_EVALUATION', '\u0001\u0002 a packed form');
    home.event('r9', T0 + 9, 'ASSET_CHECK_FORECAST', '{"__class__": "SomethingElse"}'); // a type that is not read
    event(10, (text) => text);
    const log = await openEventLog(home.instance, { codeLocationOf: async () => null });
    try {
      const { entries, failures } = await readAll(log, 'check');
      assert.deepEqual(
        failures.map(({ runId }) => runId),
        ['r1', 'r2', 'r3', 'r10'],
      );
      const [, , third] = failures;
      assert.ok(third?.kind === 'check');
      assert.deepEqual(
        third.metadata.map(({ name, type }) => [name, type]),
        [['n', 'other']],
      );
      const named = entries.flatMap((entry) => (entry.outcome === 'unreadable' ? [[entry.runId, entry.reason]] : []));
      assert.deepEqual(
        named.map(([run]) => run),
        ['r4', 'r5', 'r6', 'r7', 'r8'],
      );
      for (const [index, words] of [
        /unknown class 'AssetCheckEvaluationV2'/,
        /field severity/,
        /field asset_key\.path/,
        /unknown class 'LogRecord'/,
        /JSON is broken/,
      ].entries()) {
        assert.match(String(named[index]?.[1]), words);
      }
    } finally {
      log.close();
    }
  });

  it('is named by its version, where that is newer than what was tested', () => {
    const [major, minor] = newestDagster.split('.').map(Number);
    assert.deepEqual(versionWarnings(newestDagster), []);
    assert.deepEqual(versionWarnings('1.8.13'), []);
    assert.deepEqual(versionWarnings(`${major}.${minor}.99`), []);
    assert.deepEqual(versionWarnings('1!0+dev'), []);
    const next = `${major}.${Number(minor) + 1}.0`;
    assert.equal(
      versionWarnings(next)[0],
      `Dagster ${next} is newer than ${major}.${minor}, the newest that this Firedrill was tested with. Events that it does not understand are skipped and named in their tick.`,
    );
    assert.equal(versionWarnings('2.0.0rc1').length, 1);
  });
});
