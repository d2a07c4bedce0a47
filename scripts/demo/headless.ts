import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ManifestEntry } from '../../test/dagster/manifest.ts';
import { root } from '../paths.ts';
import { Arrivals, type WatchLine, watchLine } from './arrivals.ts';
import type { Leaving } from './leaving.ts';
import { onLine } from './lines.ts';
import { provokeAll } from './provoking.ts';
import type { Stage } from './stage.ts';

/** How long the last failure may take from Dagster's log to the inbox. */
const patience = 30_000;

/**
 * The demo without an editor: the same engine on the command line, delivering to the inbox. Prints each tick, failure
 * and received event. Exit code 0 when every provoked failure has arrived, 1 with the names of those that have not.
 */
export async function runHeadless(
  stage: Stage,
  options: { cases: readonly string[] | 'all'; pause: number; manifest: string },
  leaving: Leaving,
): Promise<number> {
  console.log('Starting the engine, with delivery to the inbox...');
  const arrivals = new Arrivals();
  const watching = watch(stage, arrivals, leaving);
  await watching.following;

  const manifest = await Promise.race([provokeAll(stage, options, leaving), watching.failed]);
  console.log(`\nAll have happened. Waiting until the failures have arrived (at most ${patience / 1000} s)...`);
  const deadline = Date.now() + patience;
  while (arrivals.missing(manifest).length > 0 && Date.now() < deadline) {
    await Promise.race([sleep(100, undefined, { signal: leaving.signal }), watching.failed]);
  }

  return summary(manifest, arrivals);
}

/** Says how each failure ended; the exit code: 0 when all have arrived, else 1 with the names of those that have not. */
export function summary(manifest: readonly ManifestEntry[], arrivals: Arrivals): 0 | 1 {
  const missing = arrivals.missing(manifest);
  console.log(`\n${manifest.length - missing.length} of ${manifest.length} failures have arrived:`);
  for (const entry of manifest) {
    const lack = missing.find(({ entry: other }) => other === entry)?.lack;
    const delay = arrivals.delay(entry);
    const end = lack ?? (delay === undefined ? 'received' : `received ${delay.toFixed(0)} ms after it was recorded`);
    console.log(`  storage id ${entry.storage_id} ${entry.case}: ${end}`);
  }
  if (missing.length === 0) return 0;
  console.error(`firedrill: missing: ${missing.map(({ entry }) => `${entry.case} (${entry.storage_id})`).join(', ')}`);
  return 1;
}

interface Watching {
  /** Resolves when the engine follows the instance and its inbox listens. */
  following: Promise<void>;
  /** Rejects when the engine ends before it is asked to. */
  failed: Promise<never>;
}

function watch(stage: Stage, arrivals: Arrivals, leaving: Leaving): Watching {
  const guard = pathToFileURL(path.join(root, 'scripts', 'parent-guard.mjs')).href;
  const args = ['watch', '--home', stage.home, '--deliver', 'inbox', '--state', path.join(stage.folder, 'state')];
  args.push('--workspace', stage.workspace, '--webserver', stage.dagster.url, '--inbox-port', '0');
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', guard, path.join(root, 'src', 'cli.ts'), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, FIREDRILL_PARENT_PIPE: '3', SENTRY_DSN: '' },
    },
  ) as ChildProcessByStdio<null, Readable, Readable>;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    process.stderr.write(text);
  });
  leaving.add('The engine', async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (!leaving.signal.aborted) reject(new Error(`The engine ended by itself with ${code}. It said:\n${said}`));
    });
  });
  failed.catch(() => {}); // whoever waits for it hears of it
  const ready = new Promise<void>((resolve) => {
    onLine(child.stdout, (text) => {
      const line = watchLine(text);
      if (line === undefined) return;
      arrivals.hear(line);
      print(line);
      if (line.type === 'instance' && line.instance.state === 'following' && line.inbox.state === 'listening')
        resolve();
    });
  });
  return { following: Promise.race([ready, failed, leaving.asked]), failed };
}

function print(line: WatchLine): void {
  switch (line.type) {
    case 'instance':
      console.log(`  instance ${line.instance.state}, inbox ${line.inbox.state}`);
      break;
    case 'tick':
      console.log(
        `  tick     ${line.sensor} ${line.end.kind}: ${line.rowsRead} rows, ${line.failuresFound} failures, ${line.durationMs.toFixed(1)} ms`,
      );
      break;
    case 'failure':
      console.log(`  failure  ${line.title}`);
      break;
    case 'delivery':
      break; // the received event says it
    case 'received':
      console.log(`  received ${line.title}`);
      break;
  }
}
