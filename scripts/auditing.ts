import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { Bundled } from './bundled.ts';
import { exec } from './exec.ts';
import { npmCommand } from './npm.mjs';

export type Audit =
  | { readonly outcome: 'clean' }
  | { readonly outcome: 'vulnerable'; readonly findings: readonly string[] }
  /** The registry could not be asked: nothing is known. */
  | { readonly outcome: 'not asked'; readonly why: string };

const advisory = v.object({ title: v.string(), url: v.string(), severity: v.string(), dependency: v.string() });
const report = v.object({
  vulnerabilities: v.record(v.string(), v.object({ via: v.array(v.union([v.string(), advisory])) })),
  metadata: v.object({ dependencies: v.object({ total: v.number() }) }),
});
const refusal = v.object({ message: v.optional(v.string()), error: v.optional(v.object({ summary: v.string() })) });

/**
 * Asks npm's registry, as `npm audit` does, for known vulnerabilities of these very packages and no others: what only
 * builds or tests Firedrill is not shipped.
 * @param env npm's settings, over this process's environment.
 */
export async function audit(
  packages: readonly Pick<Bundled, 'name' | 'version'>[],
  env: Readonly<Record<string, string>> = {},
): Promise<Audit> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-audit-'));
  try {
    await writeLock(folder, packages);
    const { command, args, shell } = npmCommand(['audit', '--json', '--package-lock-only', '--fetch-retries=0']);
    const ran = await exec(command, args, { cwd: folder, env: { ...process.env, ...env }, shell }).catch(
      (error: Error) => error, // there is no npm
    );
    return ran instanceof Error ? { outcome: 'not asked', why: ran.message } : read(ran.stdout, ran.stderr);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A project that locks these packages, each under a name of its own, as one may be there in two versions. */
async function writeLock(folder: string, packages: readonly Pick<Bundled, 'name' | 'version'>[]): Promise<void> {
  const aliases = packages.map(({ name, version }, n) => ({ alias: `shipped-${n}`, name, version }));
  const manifest = {
    name: 'shipped',
    version: '1.0.0',
    dependencies: Object.fromEntries(aliases.map(({ alias, name, version }) => [alias, `npm:${name}@${version}`])),
  };
  const locked = aliases.map(({ alias, name, version }) => [`node_modules/${alias}`, { name, version }] as const);
  const lock = {
    ...manifest,
    lockfileVersion: 3,
    requires: true,
    packages: { '': manifest, ...Object.fromEntries(locked) },
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
}

function read(stdout: string, stderr: string): Audit {
  const said = jsonOf(stdout);
  const found = v.safeParse(report, said);
  if (!found.success) {
    const refused = v.safeParse(refusal, said);
    const words = refused.success ? (refused.output.message ?? refused.output.error?.summary) : undefined;
    return { outcome: 'not asked', why: words || stderr.trim() || 'npm said nothing' };
  }
  const findings = Object.values(found.output.vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((each) => typeof each !== 'string')
    .map(({ dependency, severity, title, url }) => `${dependency}: ${title} (${severity}) ${url}`);
  return findings.length === 0 ? { outcome: 'clean' } : { outcome: 'vulnerable', findings: [...new Set(findings)] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // npm printed words only
  }
}
