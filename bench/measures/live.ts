import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DagsterDev } from '../../test/dagster/dagsterDev.ts';
import { DagsterInstance } from '../../test/dagster/dagsterInstance.ts';
import { type Arrived, Sink } from '../../test/speed/sink.ts';
import type { Measured } from '../figure.ts';
import { percentile, short, spread } from '../stats.ts';
import { dsnOf, newState, Watch } from '../watch.ts';

/** Failures of every usual kind, by the names of the demo project's cases. */
const CASES = ['check-all-three', 'check-integrity', 'run-exception', 'check-discrepancies'];
/** At least this many failures. */
const FAILURES = 54;
/** ms that Dagster's daemon may take for the next tick of a Python sensor, and some. */
const PYTHON_PATIENCE = 90_000;

/** The time from a failure's own timestamp in the event log to its arrival, in ms; one for each failure. */
interface Latencies {
  readonly firedrill: readonly number[];
  readonly python: readonly number[];
}

/** A live instance under `dagster dev`: Firedrill beside the project's own Python sensors, on the same failures. */
export async function live(): Promise<Measured> {
  const beside = await underDagsterDev();
  const blind = await withoutWatchEvents();
  const p95 = percentile(beside.firedrill, 0.95);
  const blind95 = percentile(blind, 0.95);
  const ms = (values: readonly number[]): string => `${spread(values, (value) => `${short(value)}`)} ms`;
  const middle = percentile(beside.firedrill, 0.5);
  return {
    title: 'Recorded in the log → received',
    how: `${beside.firedrill.length} failures of live runs under dagster dev, followed by both; from the event’s own timestamp to the whole request at the endpoint. Without watch events: ${blind.length} failures, without dagster dev.`,
    figures: [
      { figure: 'Firedrill, median', goal: '< 50 ms', measured: ms(beside.firedrill), met: middle < 50 },
      { figure: 'Firedrill, 95th percentile', goal: '< 120 ms', measured: `${short(p95)} ms`, met: p95 < 120 },
      { figure: 'Python sensors, median', goal: '', measured: ms(beside.python), met: null },
      {
        figure: 'Python sensors, 95th percentile',
        goal: '',
        measured: `${short(percentile(beside.python, 0.95))} ms`,
        met: null,
      },
      {
        figure: 'Firedrill without watch events, 95th percentile',
        goal: '< 500 ms',
        measured: `${short(blind95)} ms`,
        met: blind95 < 500,
      },
    ],
  };
}

async function underDagsterDev(): Promise<Latencies> {
  await using stack = new AsyncDisposableStack();
  const instance = stack.adopt(await DagsterInstance.empty(), (made) => made.dispose());
  const ours = stack.adopt(await Sink.start(0, true), (sink) => sink.stop());
  const theirs = stack.adopt(await Sink.start(0, true), (sink) => sink.stop());
  const dev = stack.adopt(
    await DagsterDev.start({ home: instance.home, env: { SENTRY_DSN: dsnOf(theirs) } }),
    (running) => running.stop(),
  );
  const provoker = await instance.serve(dev.url);
  await provoker.provoke('run-exception'); // makes every database; the Python sensors begin behind it
  await pause(70_000);
  const watch = stack.adopt(await watchOf(instance.home, ours, stack), (running) => running.stop());
  await provokeMany((name) => provoker.provoke(name), watch, ours);
  const failures = watch.of('failure');
  for (const end = Date.now() + PYTHON_PATIENCE; Date.now() < end; await pause(500)) {
    if (failures.every((failure) => arrivalOf(failure, theirs.arrived) !== undefined)) break;
  }
  const latencies = (arrived: readonly Arrived[]): number[] =>
    failures.flatMap((failure) => {
      const at = arrivalOf(failure, arrived);
      return at === undefined ? [] : [at - failure.timestamp * 1000];
    });
  return { firedrill: latencies(ours.arrived), python: latencies(theirs.arrived) };
}

async function withoutWatchEvents(): Promise<readonly number[]> {
  await using stack = new AsyncDisposableStack();
  const instance = stack.adopt(await DagsterInstance.empty(), (made) => made.dispose());
  const sink = stack.adopt(await Sink.start(0, true), (running) => running.stop());
  const provoker = await instance.serve();
  await provoker.provoke('run-exception');
  const preload = path.join(import.meta.dirname, '..', 'noWatchEvents.mjs');
  const watch = stack.adopt(await watchOf(instance.home, sink, stack, preload), (running) => running.stop());
  await provokeMany((name) => provoker.provoke(name), watch, sink);
  return watch.of('failure').flatMap((failure) => {
    const at = arrivalOf(failure, sink.arrived);
    return at === undefined ? [] : [at - failure.timestamp * 1000];
  });
}

async function watchOf(home: string, sink: Sink, stack: AsyncDisposableStack, preload?: string): Promise<Watch> {
  const { state } = stack.adopt(await newState(), (made) => made.dispose());
  return Watch.start({ home, state, dsn: dsnOf(sink), ...(preload === undefined ? {} : { preload }) });
}

/** Makes failures happen one after the other, and waits until all of them have arrived. */
async function provokeMany(
  provoke: (name: string) => Promise<readonly unknown[]>,
  watch: Watch,
  sink: Sink,
): Promise<void> {
  let failures = 0;
  for (let turn = 0; failures < FAILURES; turn += 1) {
    failures += (await provoke(CASES[turn % CASES.length] ?? '')).length;
  }
  await watch.until(() => sink.arrived.length >= failures && watch.of('failure').length >= failures, 30_000);
}

const arrivalOf = (
  failure: { readonly title: string; readonly runId: string | null },
  arrived: readonly Arrived[],
): number | undefined => arrived.find(({ message, runId }) => message === failure.title && runId === failure.runId)?.at;
