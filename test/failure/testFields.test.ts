import assert from 'node:assert/strict';
import * as v from 'valibot';
import { renderAlert } from '../../src/channels/sentry/render.ts';
import type { Failure } from '../../src/failure/failure.ts';
import { failureId, runId, storageId } from '../../src/failure/ids.ts';
import { failureOfSpecimen, specimenOf, specimenSchema } from '../../src/failure/specimen.ts';
import { testCheckFailure, testRunFailure } from '../../src/failure/testFailure.ts';
import {
  type CheckFields,
  fieldsOf,
  type RunFields,
  testFieldsSchema,
  withFields,
} from '../../src/failure/testFields.ts';
import { settings, target } from '../channels/sentry/failures.ts';

const input = { id: failureId('test/1'), runId: runId('r1'), now: Date.UTC(2026, 4, 1), codeLocation: 'ai_audi' };
const eventOf = (failure: Failure) => renderAlert({ failure, target, settings, resend: 0, now: input.now }).event;
const changed: CheckFields = {
  kind: 'check',
  severity: 'ERROR',
  partition: '2026-06-01|de',
  metadata: [{ name: 'count', type: 'int', value: 12 }],
  tags: { oem: 'bmw', check_name: null, drill: 'night-shift' },
};
const changedRun: RunFields = {
  kind: 'run',
  partition: null,
  jobName: 'nightly',
  stepKey: 'audi__2024__prices',
  errorClass: 'TimeoutError',
  errorText: 'no answer:\n  after 30 s',
  tags: { drill: 'night-shift' },
};

describe('changing a test failure', () => {
  it('changes message, level, tags and extra as the fields say', () => {
    const event = eventOf(withFields(testCheckFailure(input), changed));
    assert.equal(event.message, 'Dagster asset check failure: discrepancies on firedrill/test/prices (ERROR)');
    assert.equal(event.level, 'error');
    assert.deepEqual(event.tags, {
      oem: 'bmw',
      severity: 'ERROR',
      partition_date: '2026-06-01|de',
      drill: 'night-shift',
    });
    assert.deepEqual(event.extra.metadata, { count: 12 });
    assert.equal(event.environment, 'firedrill-test');
  });

  it('leaves the partition out where it is none', () => {
    const { tags, extra } = eventOf(withFields(testCheckFailure(input), { ...changed, partition: null }));
    assert.equal('partition_date' in tags || 'partition_date' in extra, false);
  });

  it('changes job, step and error of a run failure as if Dagster had recorded it so', () => {
    const { message, tags, extra } = eventOf(withFields(testRunFailure(input), changedRun));
    assert.equal(message, 'Dagster run failure: audi/2024/prices (TimeoutError)');
    assert.deepEqual(tags, { job_name: 'nightly', oem: 'audi', drill: 'night-shift' });
    assert.equal(extra.error, 'TimeoutError: no answer:\n  after 30 s');
    const ofJob = eventOf(withFields(testRunFailure(input), { ...changedRun, stepKey: null }));
    assert.equal(ofJob.message, 'Dagster run failure: ai_audi/nightly (TimeoutError)');
    assert.equal(ofJob.extra.error, extra.error);
  });

  it('remembers what it was before the first change, and can go back to it', () => {
    const made = testCheckFailure(input);
    const twice = withFields(withFields(made, changed), { ...changed, severity: 'WARN' });
    assert.deepEqual(twice.origin.kind === 'test' && twice.origin.before, fieldsOf(made));
    assert.deepEqual(eventOf(withFields(twice, fieldsOf(made))), eventOf(made));
    const run = testRunFailure(input);
    assert.deepEqual(fieldsOf(withFields(run, changedRun)), changedRun);
    assert.deepEqual(eventOf(withFields(withFields(run, changedRun), fieldsOf(run))), eventOf(run));
  });

  it('is refused for what was recorded', () => {
    const recorded: Failure = { ...testCheckFailure(input), origin: { kind: 'recorded', storageId: storageId(1) } };
    assert.throws(() => withFields(recorded, changed), /Only a test failure can be changed/);
    assert.throws(() => withFields(testCheckFailure(input), changedRun), /of the other kind/);
  });

  it('takes no tag that Sentry would not take, nor one that follows from a field', () => {
    const taken = (tags: object) => v.is(testFieldsSchema, { ...changed, tags });
    assert.ok(taken(changed.tags));
    for (const name of ['', 'no blanks', 'ü', 'x'.repeat(201), 'severity', 'partition_date'])
      assert.ok(!taken({ [name]: 'x' }), name);
    assert.ok(!v.is(testFieldsSchema, { ...changedRun, tags: { job_name: 'x' } }));
    assert.ok(!v.is(testFieldsSchema, { ...changedRun, errorClass: '' }));
    assert.ok(!v.is(testFieldsSchema, { ...changed, partition: '' }));
    assert.ok(!v.is(testFieldsSchema, { ...changed, metadata: [{ name: 'a', type: 'int', value: undefined }] }));
  });
});

describe('a specimen', () => {
  const all: readonly Failure[] = [
    withFields(testCheckFailure(input), changed),
    withFields(testRunFailure(input), changedRun),
    { ...testRunFailure(input), step: null, error: null, codeLocation: null },
  ];

  it('makes the same event again, but for its id, time and run', () => {
    for (const failure of all.slice(0, 2)) {
      const specimen = v.parse(specimenSchema, JSON.parse(JSON.stringify(specimenOf(failure))));
      const again = failureOfSpecimen(specimen, { ...input, id: failureId('test/2'), runId: runId('r2') });
      const { event_id, extra, ...rest } = eventOf(again);
      const { event_id: first, extra: firstExtra, ...firstRest } = eventOf(failure);
      assert.notEqual(event_id, first);
      assert.deepEqual(rest, firstRest);
      assert.deepEqual({ ...extra, run_id: '' }, { ...firstExtra, run_id: '' });
    }
  });

  it('is stable: kept again it is the same', () => {
    for (const failure of all) {
      const specimen = specimenOf(failure);
      assert.deepEqual(specimenOf(failureOfSpecimen(specimen, input)), specimen);
    }
  });

  it('is refused where a field is missing or wrong, and is made of a test only', () => {
    const specimen = specimenOf(testCheckFailure(input));
    for (const wrong of [
      {},
      { ...specimen, severity: 'INFO' },
      { ...specimen, assetKey: [] },
      { ...specimen, tags: { severity: 'WARN' } },
      { ...specimen, kind: 'run' },
    ])
      assert.ok(!v.is(specimenSchema, wrong), JSON.stringify(wrong));
    const { tags, ...withoutTags } = specimen;
    assert.deepEqual(tags, {});
    assert.ok(v.is(specimenSchema, withoutTags), 'tags may be left out');
    const recorded: Failure = { ...testCheckFailure(input), origin: { kind: 'recorded', storageId: null } };
    assert.throws(() => specimenOf(recorded), /Only a test failure/);
  });
});
