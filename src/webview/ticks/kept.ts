import { SENSOR_NAMES, type SensorName } from '../../sensors/tick.ts';
import { ENDS, type End } from './ends.ts';
import { FIRST_VIEW, MAX_SPAN, MIN_SPAN, type Viewport } from './viewport.ts';

/** What is kept while the view is hidden. */
export interface Kept {
  readonly view: Viewport;
  readonly hidden: readonly End[];
  readonly only: SensorName | null;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Reads what was kept; anything that does not fit is left out, as an older version may have kept something else. */
export const readKept = (value: unknown): Kept => {
  const known: { view?: unknown; hidden?: unknown; only?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  const view: { span?: unknown; from?: unknown } =
    typeof known.view === 'object' && known.view !== null ? known.view : {};
  const hidden: readonly unknown[] = Array.isArray(known.hidden) ? known.hidden : [];
  return {
    view:
      isNumber(view.span) && view.span >= MIN_SPAN && view.span <= MAX_SPAN
        ? { span: view.span, from: isNumber(view.from) ? view.from : null }
        : FIRST_VIEW,
    hidden: ENDS.filter((end) => hidden.includes(end)),
    only: SENSOR_NAMES.find((name) => name === known.only) ?? null,
  };
};
