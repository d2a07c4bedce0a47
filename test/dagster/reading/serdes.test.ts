import assert from 'node:assert/strict';
import { decodeEvaluation, decodeRunFailure, SerdesError } from '../../../src/dagster/serdes.ts';
import { evaluationJson } from './home.ts';

/** A stored evaluation with something replaced. */
const changed = (from: string, to: string): string => {
  const text = evaluationJson('run-1', 1795220881.993024);
  assert.ok(text.includes(from), from);
  return text.replace(from, to);
};

const reasonOf = (text: string): string => {
  try {
    decodeEvaluation(text);
  } catch (error) {
    assert.ok(error instanceof SerdesError);
    return error.message;
  }
  return assert.fail('it was decoded');
};

describe("Dagster's stored events", () => {
  it('give an evaluation with its fields', () => {
    const { metadata, ...evaluation } = decodeEvaluation(
      evaluationJson('run-1', 1795220881.993024, {
        partition: '2026-05-01|de',
        metadata: '{"count": {"__class__": "IntMetadataEntryData", "value": 3}}',
      }),
    );
    assert.deepEqual(evaluation, {
      runId: 'run-1',
      timestamp: 1795220881.993024,
      assetKey: ['audi', '2024', 'prices'],
      checkName: 'integrity',
      passed: false,
      severity: 'ERROR',
      description: null,
      blocking: false,
      partition: '2026-05-01|de',
    });
    assert.deepEqual(metadata(), [{ name: 'count', type: 'int', value: 3 }]);
  });

  it('are read under the older names of their class', () => {
    for (const name of ['EventRecord', 'DagsterEventRecord', 'LogMessageRecord']) {
      assert.equal(decodeEvaluation(changed('"EventLogEntry"', `"${name}"`)).checkName, 'integrity');
    }
  });

  it('of Dagster 1.8 have neither blocking nor partition', () => {
    const old = evaluationJson('run-1', 1).replace('"blocking": false, ', '').replace('"partition": null, ', '');
    const { blocking, partition } = decodeEvaluation(old);
    assert.deepEqual([blocking, partition], [false, null]);
  });

  it('keep metadata under names that JavaScript knows otherwise', () => {
    const entry = (n: number) => `{"__class__": "IntMetadataEntryData", "value": ${n}}`;
    const names = ['__proto__', 'constructor', 'hasOwnProperty', ''];
    const metadata = `{${names.map((name, i) => `${JSON.stringify(name)}: ${entry(i)}`).join(', ')}}`;
    assert.deepEqual(
      decodeEvaluation(evaluationJson('r', 1, { metadata })).metadata(),
      names.map((name, value) => ({ name, type: 'int', value })),
    );
  });

  it('say what is unknown or broken', () => {
    assert.match(reasonOf('{"__class__": "EventLogEn'), /^its JSON is broken \(.+\)$/);
    assert.equal(reasonOf('[]'), 'its EventLogEntry is no object');
    assert.equal(
      reasonOf(changed('"EventLogEntry"', '"NewEntry"')),
      "its EventLogEntry is of the unknown class 'NewEntry'",
    );
    assert.equal(
      reasonOf(changed('"AssetCheckEvaluation"', '"AssetCheckEvaluationV2"')),
      "its AssetCheckEvaluation is of the unknown class 'AssetCheckEvaluationV2'",
    );
    assert.match(
      reasonOf(changed('"success": false', '"success": "no"')),
      /^the field success of its AssetCheckEvaluation/,
    );
    assert.match(
      reasonOf(changed('"timestamp": 1795220881.993024', '"timestamp": NaN')),
      /^the field timestamp of its/,
    );
    assert.equal(
      reasonOf(changed('"ASSET_CHECK_EVALUATION"', '"PIPELINE_START"')),
      'it stands in the log as ASSET_CHECK_EVALUATION but is a PIPELINE_START',
    );
  });

  it('give a run failure with its chain of causes', () => {
    const error = (cls: string, cause: string) =>
      `{"__class__": "SerializableErrorInfo", "cause": ${cause}, "cls_name": "${cls}", "context": null, "message": "${cls}: text\\n", "stack": ["  File x\\n"]}`;
    const entry = (data: string, message = '"failed"') =>
      `{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": ${data}, "event_type_value": "PIPELINE_FAILURE", "message": ${message}, "pipeline_name": "nightly", "step_key": null}, "pipeline_name": "nightly", "run_id": "r", "timestamp": 2.5, "user_message": "said"}`;
    const step = `{"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepFailureData", "error": ${error('Inner', 'null')}}, "step_key": "a__b"}`;
    const data = `{"__class__": "PipelineFailureData", "error": ${error('Outer', error('Inner', 'null'))}, "failure_reason": {"__enum__": "RunFailureReason.STEP_FAILURE"}, "first_step_failure_event": ${step}}`;
    const inner = { className: 'Inner', message: 'Inner: text\n', stack: ['  File x\n'], cause: null };
    assert.deepEqual(decodeRunFailure(entry(data)), {
      runId: 'r',
      timestamp: 2.5,
      jobName: 'nightly',
      message: 'failed',
      failureReason: 'STEP_FAILURE',
      error: { className: 'Outer', message: 'Outer: text\n', stack: ['  File x\n'], cause: inner },
      firstStep: { key: 'a__b', error: inner },
    });
    // Marked as failed from outside the execution context: no data at all.
    const outside = decodeRunFailure(entry('null', 'null'));
    assert.deepEqual(
      [outside.error, outside.firstStep, outside.failureReason, outside.message],
      [null, null, null, 'said'],
    );
  });

  it('of 10 MB are decoded in well under a second, also with a NaN in them', function () {
    this.timeout(10_000);
    for (const extra of ['1', 'NaN']) {
      const records = Array.from({ length: 60_000 }, (_, i) => ({
        vin: `WAUZZZ${i}`,
        price: i,
        text: 'x'.repeat(120),
      }));
      const data = JSON.stringify({ records }).replace(/\}$/, `, "n": ${extra}}`);
      const text = evaluationJson('r', 1, {
        metadata: `{"m": {"__class__": "JsonMetadataEntryData", "data": ${data}}}`,
      });
      assert.ok(text.length > 9e6, `${text.length}`);
      const began = performance.now();
      const [entry] = decodeEvaluation(text).metadata();
      const took = performance.now() - began;
      assert.equal(entry?.type, 'json');
      assert.ok(took < 2_000, `${extra}: ${took} ms`);
    }
  });
});
