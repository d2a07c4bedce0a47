import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { failedRun, saidOf } from './failedRun.ts';
import type { Failure } from './failure.ts';
import { type TestFailureInput, testCheckFailure, testRunFailure } from './testFailure.ts';
import { metadataSchema, runSchema, type TagChanges, tagChanges } from './testFields.ts';

/**
 * A test failure that is kept under a name, as JSON in the workspace: what it is, without id, time and run. It holds no
 * DSN and no key; its code location says where it goes.
 */
const base = {
  codeLocation: v.nullable(v.string()),
  partition: v.nullable(v.pipe(v.string(), v.minLength(1))),
};
const text = v.pipe(v.string(), v.minLength(1));
const key = v.pipe(v.array(text), v.minLength(1));

const checkSpecimen = v.object({
  kind: v.literal('check'),
  ...base,
  tags: v.optional(tagChanges('check'), {}),
  assetKey: key,
  checkName: text,
  severity: v.picklist(['WARN', 'ERROR']),
  metadata: metadataSchema,
});
const runSpecimen = v.object({
  kind: v.literal('run'),
  ...base,
  tags: v.optional(tagChanges('run'), {}),
  ...runSchema,
});

export type Specimen = v.InferOutput<typeof checkSpecimen> | v.InferOutput<typeof runSpecimen>;
export const specimenSchema: v.GenericSchema<unknown, Specimen> = v.variant('kind', [checkSpecimen, runSpecimen]);

const tagsOf = ({ origin }: Failure): TagChanges => (origin.kind === 'test' && origin.tags) || {};

/** What is kept of a test failure. Throws an Error for the user when it is none. */
export function specimenOf(failure: Failure): Specimen {
  if (failure.origin.kind !== 'test') throw new Error(l10n.t('Only a test failure can be kept as a specimen.'));
  const { codeLocation, partition } = failure;
  const common = { codeLocation, partition, tags: tagsOf(failure) };
  if (failure.kind === 'check') {
    const { assetKey, checkName, severity, metadata } = failure;
    return { kind: 'check', ...common, assetKey: [...assetKey], checkName, severity, metadata };
  }
  return { kind: 'run', ...common, ...saidOf(failure) };
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
  return { ...testRunFailure({ ...input, codeLocation }), origin, partition, ...failedRun(specimen) };
}
