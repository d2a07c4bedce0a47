import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalHash } from '../../../src/channels/canonicalHash.ts';
import { renderAlert } from '../../../src/channels/sentry/render.ts';
import type { CheckFailure, DagsterError, Failure, RunFailure } from '../../../src/failure/failure.ts';
import { failureId, runId } from '../../../src/failure/ids.ts';
import type { JsonValue } from '../../../src/failure/json.ts';
import { METADATA_TYPES } from '../../../src/failure/metadata.ts';
import { checkFailure, NOW, RUN, runFailure, settings, target } from './failures.ts';

/** Any text that JavaScript can hold: all planes, control characters, lone surrogates. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '__proto__', 'constructor', 'toJSON', '\ud800', 'a\nb', '\u2028', '$&', '</script>'),
);
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('value'), { maxLength: 80 }),
    fc.dictionary(text, tie('value')),
  ),
})).value;
const error: fc.Arbitrary<DagsterError | null> = fc.letrec<{ error: DagsterError | null }>((tie) => ({
  error: fc.option(
    fc.record({
      className: fc.option(fc.oneof(text, fc.constant('DagsterExecutionStepExecutionError'))),
      message: text,
      stack: fc.array(text),
      cause: tie('error'),
    }),
  ),
})).error;
const base = {
  id: text.map(failureId),
  timestamp: fc.double({ min: 0, max: 4e9, noNaN: true }),
  codeLocation: fc.option(text),
  partition: fc.option(text),
};
const origin = fc.constantFrom<Failure['origin']>({ kind: 'recorded', storageId: null }, { kind: 'test' });
const checks: fc.Arbitrary<CheckFailure> = fc.record({
  ...base,
  origin,
  kind: fc.constant('check' as const),
  assetKey: fc.array(text),
  checkName: text,
  severity: fc.constantFrom('WARN' as const, 'ERROR' as const),
  runId: fc.option(text.map(runId)),
  description: fc.option(text),
  blocking: fc.boolean(),
  metadata: fc.uniqueArray(fc.record({ name: text, type: fc.constantFrom(...METADATA_TYPES), value: json }), {
    selector: ({ name }) => name,
  }),
});
const runs: fc.Arbitrary<RunFailure> = fc.record({
  ...base,
  origin,
  kind: fc.constant('run' as const),
  runId: text.map(runId),
  jobName: text,
  failureReason: fc.option(text),
  step: fc.option(fc.record({ key: text, error })),
  error,
  message: text,
  willRetry: fc.boolean(),
  causedByCheck: fc.boolean(),
  assetKey: fc.option(fc.array(fc.string(), { minLength: 1 }), { nil: null }),
});
const failures: fc.Arbitrary<Failure> = fc.oneof(checks, runs);

const render = (failure: Failure, resend = 0) => renderAlert({ failure, target, settings, resend, now: NOW });

describe('renderAlert', () => {
  it('makes of any failure one valid envelope, the same each time', function () {
    this.timeout(20_000);
    fc.assert(
      fc.property(failures, (failure) => {
        const alert = render(failure);
        const lines = new TextDecoder('utf-8', { fatal: true }).decode(alert.request.body).split('\n');
        assert.equal(lines.length, 3);
        const [header, item, event] = lines.map((line): unknown => JSON.parse(line));
        assert.deepEqual(header, { event_id: alert.eventId });
        assert.deepEqual(item, { type: 'event' });
        assert.deepEqual(event, JSON.parse(JSON.stringify(alert.event)));
        // A lone surrogate would stand there as an escape that is no character.
        assert.doesNotMatch(lines[2] ?? '', /\\ud[89a-f]/i);
        assert.equal(alert.measures.event.actual, Buffer.byteLength(lines[2] ?? ''));
        assert.deepEqual(render(failure), alert);
      }),
      { numRuns: 400 },
    );
  });

  it('sends the specified tags and extra and no other, whatever is in the failure', function () {
    this.timeout(20_000);
    const allowed = {
      check: {
        tags: ['check_name', 'oem', 'partition_date', 'severity'],
        extra: ['asset_key', 'metadata', 'partition_date', 'run_id'],
      },
      run: { tags: ['job_name', 'oem', 'partition_date'], extra: ['error', 'job_name', 'partition_date', 'run_id'] },
    };
    fc.assert(
      fc.property(failures, (failure) => {
        const { event } = render(failure);
        const without = (names: readonly string[]) =>
          names.filter(
            (name) =>
              (name !== 'partition_date' || failure.partition !== null) &&
              (name !== 'run_id' || failure.runId !== null),
          );
        assert.deepEqual(Object.keys(event.tags).sort(), without(allowed[failure.kind].tags));
        assert.deepEqual(Object.keys(event.extra).sort(), without(allowed[failure.kind].extra));
        assert.equal(event.environment, failure.origin.kind === 'test' ? 'firedrill-test' : undefined);
      }),
      { numRuns: 200 },
    );
  });

  it('has the hash of its own request, another for each resend', () => {
    const first = render(checkFailure());
    const again = render(checkFailure(), 1);
    assert.equal(first.sha256, canonicalHash(first.request));
    assert.notEqual(first.sha256, again.sha256);
    assert.notEqual(first.eventId, again.eventId);
  });

  it('does not let the time of looking change the request', () => {
    const input = { failure: runFailure(), target, settings, resend: 0 };
    const [early, late] = [renderAlert({ ...input, now: NOW }), renderAlert({ ...input, now: NOW + 90 * 86_400_000 })];
    assert.equal(early.sha256, late.sha256);
    assert.deepEqual(early.cuts, []);
    assert.deepEqual(
      late.cuts.map(({ path }) => path),
      ['/timestamp'],
    );
  });

  it('tells what is not sent before what Sentry will cut', () => {
    const records = Array.from({ length: 60 }, (_, row) => ({ row, text: 'x'.repeat(1000) }));
    const {
      cuts,
      title,
      failureId: id,
    } = render(checkFailure({ metadata: [{ name: 'records', type: 'json', value: records }] }));
    assert.equal(cuts[0]?.kind, 'not-sent');
    assert.ok(cuts.slice(1).length > 0 && cuts.slice(1).every(({ kind }) => kind === 'cut'), JSON.stringify(cuts));
    assert.equal(title, 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)');
    assert.equal(id, checkFailure().id);
  });

  it('can be handed from thread to thread', () => {
    const alert = render(checkFailure({ runId: RUN }));
    assert.deepEqual(structuredClone(alert), alert);
  });
});
