import * as v from 'valibot';
import type { Failure } from './failure.ts';
import { type TestFailureInput, testCheckFailure, testRunFailure } from './testFailure.ts';
import { metadataSchema, type TagChanges, tagChangesSchema } from './testFields.ts';

/**
 * A test failure that is kept under a name, as JSON in the workspace: what it is, without id, time and run. It holds no
 * DSN and no key; its code location says where it goes.
 */
const base = {
  codeLocation: v.nullable(v.string()),
  partition: v.nullable(v.pipe(v.string(), v.minLength(1))),
  tags: v.optional(tagChangesSchema, {}),
};
const text = v.pipe(v.string(), v.minLength(1));
const key = v.pipe(v.array(text), v.minLength(1));

const checkSpecimen = v.object({
  kind: v.literal('check'),
  ...base,
  assetKey: key,
  checkName: text,
  severity: v.picklist(['WARN', 'ERROR']),
  metadata: metadataSchema,
});
const runSpecimen = v.object({
  kind: v.literal('run'),
  ...base,
  jobName: text,
  /** The failed step's key; null: no step failed. */
  stepKey: v.nullable(text),
  errorClass: text,
  errorText: v.string(),
});

export type Specimen = v.InferOutput<typeof checkSpecimen> | v.InferOutput<typeof runSpecimen>;
export const specimenSchema: v.GenericSchema<unknown, Specimen> = v.variant('kind', [checkSpecimen, runSpecimen]);

const tagsOf = ({ origin }: Failure): TagChanges => (origin.kind === 'test' && origin.tags) || {};

/** What is kept of a test failure. Throws an Error for the user when it is none. */
export function specimenOf(failure: Failure): Specimen {
  if (failure.origin.kind !== 'test') throw new Error('Only a test failure can be kept as a specimen.');
  const { codeLocation, partition } = failure;
  const common = { codeLocation, partition, tags: tagsOf(failure) };
  if (failure.kind === 'check') {
    const { assetKey, checkName, severity, metadata } = failure;
    return { kind: 'check', ...common, assetKey: [...assetKey], checkName, severity, metadata };
  }
  const error = failure.step?.error?.cause ?? failure.step?.error ?? failure.error;
  const [, errorText = ''] = /^[^:]*: ([\s\S]*?)\n?$/.exec(error?.message ?? '') ?? [];
  return {
    kind: 'run',
    ...common,
    jobName: failure.jobName,
    stepKey: failure.step?.key ?? null,
    errorClass: error?.className ?? 'UnknownError',
    errorText,
  };
}

/** A new test failure from what was kept. */
export function failureOfSpecimen(specimen: Specimen, input: Omit<TestFailureInput, 'codeLocation'>): Failure {
  const { codeLocation, partition, tags } = specimen;
  const origin = { kind: 'test', tags } as const;
  if (specimen.kind === 'check') {
    const { assetKey, checkName, severity, metadata } = specimen;
    const made = testCheckFailure({ ...input, codeLocation });
    return { ...made, origin, partition, assetKey, checkName, severity, metadata };
  }
  const { jobName, stepKey, errorClass, errorText } = specimen;
  const error = { className: errorClass, message: `${errorClass}: ${errorText}\n`, stack: [], cause: null };
  return {
    ...testRunFailure({ ...input, codeLocation }),
    origin,
    partition,
    jobName,
    assetKey: stepKey === null ? null : stepKey.split('__'),
    failureReason: stepKey === null ? 'RUN_EXCEPTION' : 'STEP_FAILURE',
    step: stepKey === null ? null : { key: stepKey, error },
    error: stepKey === null ? error : null,
  };
}
