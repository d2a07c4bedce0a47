import { createHash } from 'node:crypto';
import { type FailureId, failureId } from './ids.ts';

/** What makes a recorded failure the one it is. */
export type IdentityParts =
  | {
      readonly kind: 'check';
      /** '' for an evaluation without a run. */
      readonly runId: string;
      readonly assetKey: readonly string[];
      readonly checkName: string;
      /** The evaluation's own partition; not the run's tag, which goes with the run. */
      readonly partition: string | null;
      /** Seconds since 1970, as the stored event has it. */
      readonly timestamp: number;
    }
  | { readonly kind: 'run'; readonly runId: string; readonly timestamp: number };

/**
 * Names a recorded failure of the instance whose databases Dagster made at a time (`madeAt`, as it wrote that down): 32
 * hex digits of a SHA-256 over what the stored event itself says, its timestamp in whole microseconds. So it is the same
 * in both places where Dagster keeps evaluations and at every reading; no storage id is in it, since SQLite uses those
 * again.
 */
export function failureIdentity(madeAt: string, parts: IdentityParts): FailureId {
  const micros = Math.round(parts.timestamp * 1e6);
  const named =
    parts.kind === 'check'
      ? [madeAt, parts.kind, parts.runId, parts.assetKey, parts.checkName, parts.partition, micros]
      : [madeAt, parts.kind, parts.runId, micros];
  return failureId(createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 32));
}
