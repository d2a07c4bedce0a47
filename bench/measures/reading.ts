import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { discover } from '../../src/dagster/discovery.ts';
import type { EventLog } from '../../src/dagster/eventLog.ts';
import { openEventLog } from '../../src/dagster/openEventLog.ts';
import type { Figure, Measured } from '../figure.ts';
import { copyOf } from '../histories.ts';
import { median, percentile, short } from '../stats.ts';

const SIZES = [1000, 1_000_000];
/** One row in ten is an evaluation, so that the smaller log holds a whole page of them. */
const ROUNDS = { peek: 20_000, page: 60 };
const PAGE = 100;

interface Read {
  /** µs, one for each look. */
  readonly peeks: readonly number[];
  /** ms, one for each page. */
  readonly pages: readonly number[];
}

/** What a look and a page cost on logs of different length, made of a real log's own rows. */
export async function reading(): Promise<Measured> {
  const read = new Map<number, Read>();
  for (const size of SIZES) read.set(size, await readingOf(size));
  const [small, large] = SIZES.map((size) => read.get(size));
  if (small === undefined || large === undefined) throw new Error('a log was not measured');
  const figures = SIZES.map((size): Figure => {
    const { peeks } = read.get(size) ?? small;
    const middle = median(peeks);
    return {
      figure: `a peek with nothing new, ${size.toLocaleString('en-US')} events`,
      goal: '< 20 µs',
      measured: `${short(middle)} µs (95th percentile ${short(percentile(peeks, 0.95))})`,
      met: middle < 20,
    };
  });
  const times = median(large.pages) / median(small.pages);
  return {
    title: 'Reading the event log',
    how: `${ROUNDS.peek.toLocaleString('en-US')} peeks and ${ROUNDS.page} pages of ${PAGE} evaluations a log, in turns.`,
    figures: [
      ...figures,
      {
        figure: `a page of ${PAGE}, 1,000,000 events to 1,000`,
        goal: '≤ 2',
        measured: `${short(times)} times (${short(median(large.pages))} ms to ${short(median(small.pages))} ms)`,
        met: times <= 2,
      },
    ],
  };
}

async function readingOf(size: number): Promise<Read> {
  const { home, dispose } = await copyOf('checks');
  try {
    fill(path.join(home, 'history', 'runs', 'index.db'), size);
    const log = await open(home);
    try {
      return { peeks: await peeks(log), pages: await pages(log) };
    } finally {
      await log.close();
    }
  } finally {
    await dispose();
  }
}

/** Makes the log exactly this long, from its own rows: nine of other kinds to one evaluation. */
function fill(file: string, size: number): void {
  const db = new DatabaseSync(file);
  const columns = db
    .prepare('pragma table_info(event_logs)')
    .all()
    .flatMap(({ name }) => (name === 'id' ? [] : [String(name)]))
    .join(', ');
  const evaluation = "dagster_event_type = 'ASSET_CHECK_EVALUATION'";
  db.exec('pragma journal_mode = wal; pragma synchronous = off; begin');
  db.exec(`create temp table evaluations as select * from event_logs where ${evaluation} limit 100`);
  db.exec(`create temp table others as select * from event_logs where not ${evaluation} limit 900`);
  db.exec('delete from event_logs');
  const copy = (name: string): string => `insert into event_logs (${columns}) select ${columns} from ${name}`;
  for (let rows = 0; rows < size; rows += 1000) db.exec(`${copy('others')}; ${copy('evaluations')}`);
  db.exec('commit');
  const { n } = db.prepare('select count(*) as n from event_logs').get() ?? {};
  db.close();
  if (n !== size) throw new Error(`the log has ${n} rows instead of ${size}`);
}

async function open(home: string): Promise<EventLog> {
  const found = await discover({
    settingHome: home,
    webserverUrl: 'http://127.0.0.1:9',
    workspaceFolders: [],
    isConfirmed: () => true,
    env: {},
    signal: new AbortController().signal,
  });
  if (found.state !== 'found') throw new Error(`no instance in ${home}: ${found.state}`);
  return openEventLog(found.instance, { codeLocationOf: async () => null });
}

async function peeks(log: EventLog): Promise<number[]> {
  const cursor = await log.end('check');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS.peek; round += 1) {
    const began = performance.now();
    if (await log.hasNew('check', cursor)) throw new Error('there was something new');
    times.push((performance.now() - began) * 1000);
  }
  return times;
}

async function pages(log: EventLog): Promise<number[]> {
  const cursor = await log.start('check');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS.page; round += 1) {
    const began = performance.now();
    const { entries } = await log.read('check', cursor, PAGE);
    times.push(performance.now() - began);
    if (entries.length !== PAGE) throw new Error(`a page of ${entries.length}`);
  }
  return times;
}
