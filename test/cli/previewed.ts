import assert from 'node:assert/strict';
import path from 'node:path';
import * as v from 'valibot';
import { exec } from '../../scripts/exec.ts';
import { root } from '../../scripts/paths.ts';
import type { ManifestEntry } from '../dagster/manifest.ts';

export const program = ['--disable-warning=ExperimentalWarning', path.join(root, 'src', 'cli.ts')];

export function cli(args: string[], env: Record<string, string> = {}) {
  const { SENTRY_DSN: _, DAGSTER_HOME: __, ...rest } = process.env;
  return exec(process.execPath, [...program, ...args], { env: { ...rest, ...env } });
}

const previewLine = v.strictObject({
  storage_id: v.nullable(v.number()),
  kind: v.picklist(['check', 'run']),
  event: v.looseObject({
    message: v.string(),
    level: v.string(),
    tags: v.record(v.string(), v.string()),
    extra: v.record(v.string(), v.unknown()),
  }),
});
/** One line that `preview` prints. */
export type PreviewLine = v.InferOutput<typeof previewLine>;

export const linesOf = (stdout: string): PreviewLine[] =>
  stdout
    .trim()
    .split('\n')
    .map((text) => v.parse(previewLine, JSON.parse(text)));

/** What `preview` prints for a home, when it has nothing to complain about. */
export async function previewed(home: string, env: Record<string, string> = {}): Promise<PreviewLine[]> {
  const ran = await cli(['preview', '--home', home], env);
  assert.deepEqual([ran.code, ran.stderr], [0, '']);
  return linesOf(ran.stdout);
}

/** That the event is what the specification says for this failure. */
export function assertSpecified({ event }: PreviewLine, { case: name, expected }: ManifestEntry): void {
  assert.equal(event.message, expected.message, name);
  assert.equal(event.level, expected.level, name);
  assert.deepEqual(event.tags, expected.tags, name);
  const { error, ...extra } = event.extra;
  const { error: expectedError, ...expectedExtra } = expected.extra;
  if (expected.error_starts !== undefined) assert.ok(String(error).startsWith(expected.error_starts), name);
  else assert.equal(error, expectedError, name);
  assert.deepEqual(extra, { ...(extra.run_id === undefined ? {} : { run_id: extra.run_id }), ...expectedExtra }, name);
}
