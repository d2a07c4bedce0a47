/**
 * What a page's main thread works for each frame, told by Chromium's own trace. Times of the clock tell as much about
 * the machine as about the page where others share its cores and pixels are drawn by software. So what counts is the
 * processor time of the main thread: script, style, layout and paint from the end of one frame to the end of the next.
 */
import type { Page } from 'playwright-core';
import * as v from 'valibot';

/** All in ms. */
export interface FrameTimes {
  readonly frames: number;
  /** Processor time of the main thread a frame. */
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  /** Of all frames together. */
  readonly total: number;
  /** From frame to frame by the clock, 95th percentile and longest: to be compared with another page's. */
  readonly gaps: { readonly p95: number; readonly max: number };
}

const Micros = v.optional(v.number(), 0);
/** `ts` and `dur` by the clock, `tdur` of the processor, in µs. */
const TraceEvent = v.object({
  name: v.string(),
  pid: v.number(),
  tid: v.number(),
  ts: Micros,
  dur: Micros,
  tdur: Micros,
});
type TraceEvent = v.InferOutput<typeof TraceEvent>;

/**
 * Measures the frames of a page while `act` lasts; the page has to ask for a frame all the time. null when Chromium
 * could not keep up with writing its trace, and left out what happened.
 */
export async function measureFrames(page: Page, act: () => Promise<unknown>): Promise<FrameTimes | null> {
  const session = await page.context().newCDPSession(page);
  const events: unknown[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'], excludedCategories: ['*'] },
  });
  let lost = false;
  try {
    await act();
  } finally {
    const written = new Promise<{ readonly dataLossOccurred: boolean }>((resolve) =>
      session.once('Tracing.tracingComplete', resolve),
    );
    await session.send('Tracing.end');
    lost = (await written).dataLossOccurred;
    await session.detach();
  }
  return lost ? null : frameTimes(parsed(events));
}

function parsed(events: readonly unknown[]): TraceEvent[] {
  return events
    .flatMap((event) => {
      const parsed = v.safeParse(TraceEvent, event);
      return parsed.success ? [parsed.output] : [];
    })
    .sort((a, b) => a.ts - b.ts);
}

function frameTimes(events: readonly TraceEvent[]): FrameTimes {
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame');
  const [{ pid, tid } = { pid: 0, tid: 0 }] = fired;
  const tasks = events.filter(
    (event) => event.name === 'ThreadControllerImpl::RunTask' && event.pid === pid && event.tid === tid,
  );
  const work: number[] = [];
  const starts: number[] = [];
  let sum = 0;
  let end = 0;
  let at = 0;
  for (const task of tasks) {
    if (task.ts < end) continue; // a task inside of a task is counted with it
    end = task.ts + task.dur;
    sum += task.tdur / 1000;
    const before = at;
    while (at < fired.length && (fired[at]?.ts ?? 0) < end) at += 1;
    if (at === before) continue;
    work.push(sum);
    starts.push(task.ts / 1000);
    sum = 0;
  }
  // What came before the first frame began with the trace.
  const frames = work.slice(1);
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  return {
    frames: frames.length,
    median: quantile(frames, 0.5),
    p95: quantile(frames, 0.95),
    max: quantile(frames, 1),
    total: frames.reduce((total, ms) => total + ms, 0),
    gaps: { p95: quantile(gaps, 0.95), max: quantile(gaps, 1) },
  };
}

function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * at) - 1)] ?? Number.NaN;
}
