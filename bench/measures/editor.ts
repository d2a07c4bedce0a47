import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { root } from '../../scripts/paths.ts';
import { runHostTests } from '../../test/host/run-host-tests.ts';
import { type EditorRun, editorRun, PHASES } from '../editor/delays.ts';
import type { Figure, Measured } from '../figure.ts';
import { copyOf } from '../histories.ts';
import { median, short, spread } from '../stats.ts';

const editorFolder = path.join(import.meta.dirname, '..', 'editor');
/** What activation must not load. */
const HEAVY = /sentry|axios|sqlite|^pg$/i;
/** ms that the host's thread may be held longer than beside an extension that does nothing: a frame. */
const FRAME = 16;

/** Activation and the extension host's event loop, in a real VS Code; in turns with an extension that does nothing. */
export async function editor(repetitions: number): Promise<Measured> {
  const ours: EditorRun[] = [];
  const empty: EditorRun[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    ours.push(await runIn(root));
    empty.push(await runIn(path.join(editorFolder, 'empty')));
  }
  const activation = ours.map((run) => run.activation);
  const heavy = [...new Set(ours.flatMap(({ modules }) => modules.filter((name) => HEAVY.test(name))))];
  const ms = (values: readonly number[]): string => `${spread(values)} ms`;
  const delays = PHASES.map((phase): Figure => {
    const [a, b] = [ours, empty].map((runs) => runs.map((run) => run.delays[phase]));
    if (a === undefined || b === undefined) throw new Error('no runs');
    const more = median(a) - median(b);
    return {
      figure: `event loop late at most, ${phase}`,
      goal: `≤ ${FRAME} ms above empty`,
      measured: `${short(more)} ms above: ${ms(a)}, empty ${ms(b)}`,
      met: more <= FRAME,
    };
  });
  return {
    title: 'In a real VS Code',
    how: `A release build in the extension host, cold, ${repetitions} runs in turns with an extension that does nothing. Activation is the time that loading the main file with its imports and calling activate, both synchronous, held the host's thread, 4 s after VS Code had started; late is the largest delay that monitorEventLoopDelay saw in a phase.`,
    figures: [
      { figure: 'activation', goal: '< 20 ms', measured: ms(activation), met: median(activation) < 20 },
      {
        figure: 'Sentry, axios, SQLite or pg loaded at activation',
        goal: 'none',
        measured: heavy.join(', ') || 'none',
        met: heavy.length === 0,
      },
      ...delays,
    ],
  };
}

async function runIn(extension: string): Promise<EditorRun> {
  const { home, dispose } = await copyOf('before');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-bench-editor-'));
  const out = path.join(folder, 'measured.json');
  try {
    const { outcome, output } = await runHostTests({
      files: [path.join(editorFolder, 'loop.host.ts')],
      extension,
      folder,
      settings: { 'firedrill.inboxPort': 0, 'firedrill.webserverUrl': 'http://127.0.0.1:9' },
      env: { FIREDRILL_BENCH_HOME: home, FIREDRILL_BENCH_OUT: out },
    });
    if (outcome.failures.length > 0) throw new Error(`${outcome.failures.join('\n')}\n${output}`);
    return v.parse(editorRun, JSON.parse(await readFile(out, 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await dispose();
  }
}
