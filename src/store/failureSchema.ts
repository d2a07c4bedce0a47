import * as v from 'valibot';
import type { CheckFailure, DagsterError, Failure, RunFailure } from '../failure/failure.ts';
import { failureId, runId, storageId } from '../failure/ids.ts';
import type { JsonValue } from '../failure/json.ts';
import { METADATA_TYPES } from '../failure/metadata.ts';
import { tagChangesSchema, testFieldsSchema } from '../failure/testFields.ts';

const base = {
  id: v.pipe(v.string(), v.transform(failureId)),
  origin: v.variant('kind', [
    v.object({ kind: v.literal('recorded'), storageId: v.nullable(v.pipe(v.number(), v.transform(storageId))) }),
    v.object({
      kind: v.literal('test'),
      tags: v.exactOptional(tagChangesSchema),
      before: v.exactOptional(testFieldsSchema),
    }),
  ]),
  timestamp: v.number(),
  codeLocation: v.nullable(v.string()),
  partition: v.nullable(v.string()),
};
const run = v.pipe(v.string(), v.transform(runId));

/** What JSON.parse made is JSON: a value of 6 MB is not walked again. */
const jsonValue = v.custom<JsonValue>((value) => value !== undefined);

const checkFailure: v.GenericSchema<unknown, CheckFailure> = v.object({
  ...base,
  kind: v.literal('check'),
  assetKey: v.array(v.string()),
  checkName: v.string(),
  severity: v.picklist(['WARN', 'ERROR']),
  runId: v.nullable(run),
  description: v.nullable(v.string()),
  blocking: v.boolean(),
  metadata: v.array(v.object({ name: v.string(), type: v.picklist(METADATA_TYPES), value: jsonValue })),
});

const dagsterError: v.GenericSchema<unknown, DagsterError> = v.object({
  className: v.nullable(v.string()),
  message: v.string(),
  stack: v.array(v.string()),
  cause: v.nullable(v.lazy(() => dagsterError)),
});

const runFailure: v.GenericSchema<unknown, RunFailure> = v.object({
  ...base,
  kind: v.literal('run'),
  runId: run,
  jobName: v.string(),
  assetKey: v.nullable(v.array(v.string())),
  failureReason: v.nullable(v.string()),
  step: v.nullable(v.object({ key: v.string(), error: v.nullable(dagsterError) })),
  error: v.nullable(dagsterError),
  message: v.string(),
  willRetry: v.boolean(),
  causedByCheck: v.boolean(),
});

/** A failure as it stands in the state, as JSON. */
export const failureSchema: v.GenericSchema<unknown, Failure> = v.union([checkFailure, runFailure]);
