import { setTimeout as pause } from 'node:timers/promises';
import { Sink } from '../../test/speed/sink.ts';
import type { Measured } from '../figure.ts';
import { append, BACKLOG, copyOf } from '../histories.ts';
import { median, spread } from '../stats.ts';
import { dsnOf, newState, Watch } from '../watch.ts';

const MB = 1024 * 1024;
/** ms until memory that is free again has been given back. */
const REST = 20_000;

/** Resident memory of `watch`: at rest on an instance, and what 5,000 failures that went through it leave behind. */
export async function memory(repetitions: number): Promise<Measured> {
  const rests: number[] = [];
  const growths: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const { rest, after } = await once();
    rests.push(rest / MB);
    growths.push((after - rest) / MB);
  }
  const mb = (values: readonly number[]): string => `${spread(values)} MB`;
  return {
    title: 'Memory of `watch`',
    how: `Resident memory of the process (VmRSS), ${repetitions} repetitions; read ${REST / 1000} s after it followed the instance and ${REST / 1000} s after the last of ${BACKLOG.check.toLocaleString('en-US')} failures was delivered.`,
    figures: [
      { figure: 'at rest', goal: '< 90 MB', measured: mb(rests), met: median(rests) < 90 },
      { figure: 'growth over 5,000 failures', goal: '< 15 MB', measured: mb(growths), met: median(growths) < 15 },
    ],
  };
}

async function once(): Promise<{ readonly rest: number; readonly after: number }> {
  const sink = await Sink.start(0);
  const { home, dispose } = await copyOf('before');
  const state = await newState();
  try {
    const watch = await Watch.start({ home, state: state.state, dsn: dsnOf(sink) });
    try {
      await pause(REST);
      const rest = await watch.memory();
      await append(home, 'check');
      await sink.atLeast(BACKLOG.check);
      await pause(REST);
      return { rest, after: await watch.memory() };
    } finally {
      await watch.stop();
    }
  } finally {
    await state.dispose();
    await dispose();
    await sink.stop();
  }
}
