import { endedAlikeSoon, NAMED_OF_TICK, type Tick } from '../sensors/tick.ts';

/** One page of a tick as it is stored. */
export interface NewTick extends Omit<Tick, 'id' | 'lastStartedAt' | 'count' | 'cursorBefore' | 'cursorAfter'> {
  readonly cursorTexts: { readonly before: string | null; readonly after: string | null };
  /** The stored tick that this page goes on with; null for a tick's first page. */
  readonly continues: number | null;
  /** Further pages of this tick follow, so it cannot count on in an earlier row yet. */
  readonly more: boolean;
}

/** Notes kept of a tick; a log of a million broken rows must not fill the state. */
const NOTES_KEPT = 20;
const kept = (notes: readonly string[]): readonly string[] => notes.slice(0, NOTES_KEPT);

/** A row that begins with this page. Its id is not known yet. */
export function firstOfRow(tick: NewTick): Tick {
  const { continues, more, cursorTexts, notes, ...same } = tick;
  return {
    ...same,
    id: 0,
    lastStartedAt: tick.startedAt,
    count: 1,
    notes: kept(notes),
    cursorBefore: cursorTexts.before,
    cursorAfter: cursorTexts.after,
  };
}

/** The row of a tick with a further page of it. */
export function continued(earlier: Tick, page: NewTick): Tick {
  return {
    ...earlier,
    end: page.end,
    durationMs: page.durationMs,
    rowsRead: earlier.rowsRead + page.rowsRead,
    failuresFound: earlier.failuresFound + page.failuresFound,
    firstFound: [...earlier.firstFound, ...page.firstFound].slice(0, NAMED_OF_TICK),
    unreadable: earlier.unreadable + page.unreadable,
    notes: kept([...earlier.notes, ...page.notes]),
    cursorAfter: page.cursorTexts.after,
  };
}

/** Whether a tick counts on in an earlier row: both found nothing and ended alike, with no long pause between. */
export function countsOn(earlier: Tick, next: NewTick): boolean {
  return (
    !next.more && isEmpty(earlier) && isEmpty(next) && earlier.trigger === next.trigger && endedAlikeSoon(earlier, next)
  );
}

const isEmpty = (tick: Pick<Tick, 'failuresFound' | 'unreadable' | 'notes'>): boolean =>
  tick.failuresFound === 0 && tick.unreadable === 0 && tick.notes.length === 0;

/** The row with one more tick that found nothing. */
export function counted(earlier: Tick, next: NewTick): Tick {
  return {
    ...earlier,
    lastStartedAt: next.startedAt,
    count: earlier.count + 1,
    durationMs: next.durationMs,
    rowsRead: earlier.rowsRead + next.rowsRead,
    cursorAfter: next.cursorTexts.after,
  };
}
