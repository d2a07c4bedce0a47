import path from 'node:path';
import * as v from 'valibot';
import { exec } from '../../scripts/exec.ts';
import { pythonEnv } from '../../scripts/python.ts';
import type { FailureKind } from '../../src/failure/failure.ts';
import { pythonEnvironment } from '../../test/dagster/provoker.ts';
import { drainBacklog } from '../../test/speed/backlog.ts';
import { Sink } from '../../test/speed/sink.ts';
import { bareLoop } from '../bare.ts';
import type { Figure, Measured } from '../figure.ts';
import { append, BACKLOG, copyOf, HISTORY } from '../histories.ts';
import { median, short, spread } from '../stats.ts';
import { dsnOf, newState, Watch } from '../watch.ts';

export interface BacklogOptions {
  readonly kind: FailureKind;
  /** ms that the endpoint takes for each request. */
  readonly delay: number;
  readonly repetitions: number;
  /** Ticks of 100 that the Python sensor makes: with a slow endpoint all of them would take minutes. */
  readonly pythonTicks?: number;
  /** How many times the Python sensor's rate. */
  readonly goal: number;
}

const printed = v.object({ seconds: v.number(), sent: v.number() });

/** A backlog in the event log, worked off by Firedrill and by the Python sensors in turns. */
export async function backlog(options: BacklogOptions): Promise<Measured> {
  const { kind, delay, repetitions, goal } = options;
  const failures = BACKLOG[kind];
  const whole: number[] = [];
  const outbox: number[] = [];
  const python: number[] = [];
  const client: number[] = [];
  const node: number[] = [];
  let connections = 1;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const once = await firedrill(kind, delay);
    connections = once.connections;
    whole.push(once.rate);
    python.push(await pythonSensors(options));
    outbox.push((failures * 1000) / (await drainBacklog({ kind, failures, delay })).drainedMs);
    client.push(await bareLoop('client', { requests: failures, connections, delay }));
    node.push(await bareLoop('node:http', { requests: failures, connections, delay }));
  }
  const times = median(whole) / median(python);
  const ofBare = median(outbox) / median(client);
  const rates = (values: readonly number[]): string => `${spread(values)} a second`;
  const beside = (figure: string, values: readonly number[]): Figure => ({
    figure,
    goal: '',
    measured: rates(values),
    met: null,
  });
  const bareGoal = kind === 'check' && delay === 0;
  const what = kind === 'check' ? 'check failures, 10 records each' : 'run failures';
  const part = options.pythonTicks === undefined ? '' : ` Python worked off the first ${options.pythonTicks * 100}.`;
  const endpoint = delay === 0 ? 'an endpoint that answers at once' : `an endpoint that takes ${delay} ms`;
  return {
    title: `Backlog of ${failures.toLocaleString('en-US')} ${what}, ${endpoint}`,
    how: `${repetitions} repetitions, Firedrill and the Python sensor in turns; in each every failure arrived.${part}`,
    figures: [
      beside('Firedrill, event log to endpoint', whole),
      beside('Python sensor, event log to endpoint, ticks without pauses', python),
      { figure: 'Firedrill to Python', goal: `≥ ${goal}`, measured: `${short(times)} times`, met: times >= goal },
      beside('Firedrill’s outbox alone: stored rows to receipts on disk', outbox),
      {
        figure: 'outbox alone to Python',
        goal: '',
        measured: `${short(median(outbox) / median(python))} times`,
        met: null,
      },
      beside(`bare loop, same HTTP client, ${connections} connections`, client),
      ...(bareGoal
        ? [{ figure: 'outbox to bare loop', goal: '≥ 0.6', measured: short(ofBare), met: ofBare >= 0.6 }]
        : []),
      beside(`bare loop, node:http, ${connections} connections`, node),
    ],
  };
}

/** Failures a second, from the moment they stand in the log to the last request at the endpoint. */
async function firedrill(
  kind: FailureKind,
  delay: number,
): Promise<{ readonly rate: number; readonly connections: number }> {
  const sink = await Sink.start(delay);
  const { home, dispose } = await copyOf('before');
  const state = await newState();
  try {
    const watch = await Watch.start({ home, state: state.state, dsn: dsnOf(sink) });
    try {
      await append(home, kind);
      const began = Date.now();
      const { requests, events, lastAt, connections } = await sink.atLeast(BACKLOG[kind]);
      if (requests !== events) throw new Error(`${requests} requests for ${events} events`);
      return { rate: (BACKLOG[kind] * 1000) / (lastAt - began), connections };
    } finally {
      await watch.stop();
    }
  } finally {
    await state.dispose();
    await dispose();
    await sink.stop();
  }
}

async function pythonSensors({ kind, delay, pythonTicks }: BacklogOptions): Promise<number> {
  const sink = await Sink.start(delay);
  const { home, dispose } = await copyOf(HISTORY[kind]);
  try {
    const { python } = await pythonEnv();
    const program = path.join(import.meta.dirname, '..', 'python', 'drain.py');
    const ticks = pythonTicks === undefined ? [] : ['--ticks', String(pythonTicks)];
    const args = [program, '--home', home, '--kind', kind, '--dsn', dsnOf(sink), ...ticks];
    const ran = await exec(python, args, { env: pythonEnvironment(home) });
    if (ran.code !== 0) throw new Error(`drain.py ended with ${ran.code}: ${ran.stderr.slice(-2000)}`);
    const { seconds, sent } = v.parse(printed, JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? ''));
    const { requests } = await sink.counted();
    const due = pythonTicks === undefined ? BACKLOG[kind] : pythonTicks * 100;
    if (sent !== due || requests < due) throw new Error(`Python sent ${sent} of ${due}, ${requests} requests came`);
    return sent / seconds;
  } finally {
    await dispose();
    await sink.stop();
  }
}
