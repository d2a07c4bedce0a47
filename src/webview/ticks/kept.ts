import { ENDS, type End } from './ends.ts';
import type { Filter } from './shown.ts';
import { FIRST_VIEW, MAX_SPAN, MIN_SPAN, type Viewport } from './viewport.ts';

/** What is kept while the view is hidden, moved, or its window reloads. */
export interface Kept {
  readonly view: Viewport;
  readonly filter: Filter;
  /** Home of the instance whose tick is chosen: another one's ticks have the same ids. */
  readonly home: string | null;
  /** Id of the chosen tick. */
  readonly chosen: number | null;
  /** Its details are shown. */
  readonly open: boolean;
}

/** The same as plain data. */
interface Stored {
  readonly view: Viewport;
  readonly hidden: readonly End[];
  readonly only: string | null;
  readonly text: string;
  readonly home: string | null;
  readonly chosen: number | null;
  readonly open: boolean;
}

export const toStored = ({ filter, ...rest }: Kept): Stored => ({
  ...rest,
  hidden: [...filter.hidden],
  only: filter.only,
  text: filter.text,
});

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Reads what was kept; anything that does not fit is left out, as an older version may have kept something else. */
export const readKept = (value: unknown): Kept => {
  const known = isRecord(value) ? value : {};
  const view = isRecord(known.view) ? known.view : {};
  const hidden: readonly unknown[] = Array.isArray(known.hidden) ? known.hidden : [];
  return {
    view:
      isNumber(view.span) && view.span >= MIN_SPAN && view.span <= MAX_SPAN
        ? { span: view.span, from: isNumber(view.from) ? view.from : null }
        : FIRST_VIEW,
    filter: {
      hidden: new Set(ENDS.filter((end) => hidden.includes(end))),
      only: textOrNull(known.only),
      text: textOrNull(known.text) ?? '',
    },
    home: textOrNull(known.home),
    chosen: isNumber(known.chosen) ? known.chosen : null,
    open: known.open === true,
  };
};
