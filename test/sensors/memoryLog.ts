import type { EventLog, EventLogCursor, Lag, LogEntry, LogPage } from '../../src/dagster/eventLog.ts';
import type { FailureKind } from '../../src/failure/failure.ts';

/** An event log in memory for tests of what follows a log: it can be written, broken and watched. */
export class MemoryLog implements EventLog {
  readonly entries: Record<FailureKind, LogEntry[]> = { check: [], run: [] };
  /** Thrown by every read while set. */
  fault: Error | null = null;
  reads = 0;
  closed = false;
  #watchers = new Set<() => void>();

  write(kind: FailureKind, ...entries: LogEntry[]): void {
    this.entries[kind].push(...entries);
  }

  /** What a folder watcher reports. */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  async hasNew(kind: FailureKind, cursor: EventLogCursor): Promise<boolean> {
    this.#check();
    return Number(cursor) < this.entries[kind].length;
  }

  async read(kind: FailureKind, cursor: EventLogCursor, limit: number): Promise<LogPage> {
    this.#check();
    this.reads += 1;
    const from = Number(cursor);
    const entries = this.entries[kind].slice(from, from + limit);
    const next = from + entries.length;
    return { entries, cursor: at(next), hasMore: next < this.entries[kind].length, notes: [] };
  }

  start = async (): Promise<EventLogCursor> => at(0);
  end = async (kind: FailureKind): Promise<EventLogCursor> => at(this.entries[kind].length);
  after = async (_kind: FailureKind, id: number): Promise<EventLogCursor> => at(id);

  async at(kind: FailureKind, timestamp: number): Promise<EventLogCursor> {
    const first = this.entries[kind].findIndex((entry) => timeOf(entry) >= timestamp);
    return at(first < 0 ? this.entries[kind].length : first);
  }

  async lag(kind: FailureKind, cursor: EventLogCursor): Promise<Lag> {
    this.#check();
    const unread = this.entries[kind].slice(Number(cursor));
    return { rows: unread.length, oldestUnread: unread[0] ? timeOf(unread[0]) : null };
  }

  describe = (cursor: EventLogCursor): string => String(cursor);

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  close(): void {
    this.closed = true;
  }

  #check(): void {
    if (this.fault) throw this.fault;
  }
}

const at = (position: number): EventLogCursor => String(position) as EventLogCursor;

function timeOf(entry: LogEntry): number {
  if (entry.outcome === 'failure') return entry.failure.timestamp;
  return entry.outcome === 'passed' ? entry.timestamp : 0;
}
