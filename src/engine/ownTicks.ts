import * as l10n from '@vscode/l10n';
import type { StoredTick } from '../dagster/scheduleRows.ts';
import type { DagsterError } from '../failure/failure.ts';
import { endedAlikeSoon } from '../sensors/tick.ts';
import type { OwnTick } from './api.ts';

interface Row {
  readonly tick: OwnTick;
  /** When it changed last. */
  readonly version: number;
}

/** Ticks of the instance's own sensors as rows, added in Dagster's order. */
export class OwnTicks {
  #version: number;
  /** By sensor, oldest first. */
  readonly #rows = new Map<string, Row[]>();
  /** Started and not ended so far, by id. */
  readonly #started = new Map<number, StoredTick>();

  constructor(version = 0) {
    this.#version = version + 1;
  }

  /** Rises with each change of a row. */
  get version(): number {
    return this.#version;
  }

  add(ticks: readonly StoredTick[]): void {
    if (ticks.length === 0) return;
    this.#version += 1;
    for (const tick of ticks) {
      this.#abandonBefore(tick);
      if (tick.end.kind === 'started') this.#started.set(tick.id, tick);
      else {
        this.#started.delete(tick.id);
        this.#append(tick);
      }
    }
  }

  /** Ids of ticks that may have ended meanwhile. */
  started(): number[] {
    return [...this.#started.keys()];
  }

  isTicking(sensor: string): boolean {
    return [...this.#started.values()].some((tick) => tick.sensor === sensor);
  }

  last(sensor: string): OwnTick | null {
    return this.#rows.get(sensor)?.at(-1)?.tick ?? null;
  }

  /** Rows that touch a stretch of time (ms since 1970), newest first. */
  range(query: { readonly from: number; readonly to: number; readonly limit: number }): OwnTick[] {
    return this.#sorted(
      ({ tick }) => tick.startedAt <= query.to && tick.lastStartedAt + tick.durationMs >= query.from,
    ).slice(0, query.limit);
  }

  /** Rows that changed after a version, newest first. */
  since(version: number): OwnTick[] {
    return this.#sorted((row) => row.version > version);
  }

  #sorted(wanted: (row: Row) => boolean): OwnTick[] {
    const found = [...this.#rows.values()].flatMap((rows) => rows.filter(wanted).map(({ tick }) => tick));
    return found.sort((a, b) => b.lastStartedAt - a.lastStartedAt || a.id - b.id);
  }

  /** One that started earlier and has not ended when the sensor ticks again never will: its daemon was killed. */
  #abandonBefore(next: StoredTick): void {
    for (const tick of this.#started.values()) {
      if (tick.sensor !== next.sensor || tick.id >= next.id) continue;
      this.#started.delete(tick.id);
      this.#append(tick);
    }
  }

  #append(tick: StoredTick): void {
    const rows = this.#rows.get(tick.sensor) ?? [];
    if (rows.length === 0) this.#rows.set(tick.sensor, rows);
    const last = rows.at(-1)?.tick ?? null;
    const next = ownTick(tick, last?.cursorAfter ?? null);
    if (last !== null && countsOn(last, next)) {
      const { startedAt, count, id, cursorBefore } = last;
      rows[rows.length - 1] = {
        tick: { ...next, id, startedAt, cursorBefore, count: count + 1 },
        version: this.#version,
      };
    } else rows.push({ tick: next, version: this.#version });
  }
}

function ownTick(tick: StoredTick, cursorBefore: string | null): OwnTick {
  return {
    id: -tick.id,
    sensor: tick.sensor,
    trigger: 'daemon',
    startedAt: tick.startedAt,
    lastStartedAt: tick.startedAt,
    count: 1,
    durationMs: tick.duration,
    end: endOf(tick.end),
    runsRequested: tick.runsRequested,
    runsReported: tick.runsReported,
    cursorBefore,
    cursorAfter: tick.cursor,
  };
}

function endOf(end: StoredTick['end']): OwnTick['end'] {
  switch (end.kind) {
    case 'started':
      return { kind: 'unended' };
    case 'success':
      return end;
    case 'skipped':
      return { kind: 'skipped', reason: end.reason ?? '' };
    case 'failure':
      return { kind: 'failure', error: end.error === null ? '' : errorText(end.error) };
  }
}

const isQuiet = ({ runsRequested, runsReported }: OwnTick): boolean => runsRequested.length + runsReported.length === 0;

const countsOn = (last: OwnTick, next: OwnTick): boolean =>
  isQuiet(last) && isQuiet(next) && endedAlikeSoon(last, next);

/** What Dagster itself puts around the error of a sensor's code. */
const WRAPPER = 'SensorExecutionError';

/** The error of the sensor's own code first, then what caused it, then where it was raised. */
function errorText(error: DagsterError): string {
  const own = error.className === WRAPPER && error.cause !== null ? error.cause : error;
  const lines = [own.message.trimEnd()];
  for (let { cause } = own; cause !== null; cause = cause.cause)
    lines.push(`  ${l10n.t('caused by {0}', cause.message.trimEnd())}`);
  return [...lines, '', ...own.stack.map((frame) => frame.trimEnd())].join('\n').trimEnd();
}
