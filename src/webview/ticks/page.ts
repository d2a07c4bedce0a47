import { html, nothing, type TemplateResult } from 'lit';
import type { FailureId } from '../../engine/api.ts';
import type { LaneTick } from '../protocol.ts';
import { details } from './details.ts';
import { facets } from './facets.ts';
import { covers, isAwaited } from './held.ts';
import type { Known } from './known.ts';
import { type LaneActions, lanes } from './lanes.ts';
import {
  anyWithin,
  type Filter,
  isFiltered,
  type Left,
  leavesOut,
  listed,
  NO_FILTER,
  toggleEnd,
  toggleLane,
} from './shown.ts';
import { emptyTable, loading, lostStrip } from './states.ts';
import type { ChosenTick } from './timeline.ts';
import { rangeOf, type Viewport } from './viewport.ts';

/** All that the page shows. */
export interface PageState {
  readonly known: Known;
  readonly view: Viewport;
  readonly filter: Filter;
  /** What the filter leaves of what is held. */
  readonly left: Left;
  /** Row id of the chosen tick, and the tick where it is held. */
  readonly chosen: number | null;
  readonly tick: LaneTick | null;
  /** The details of the chosen tick are shown. */
  readonly open: boolean;
  readonly asking: boolean;
  readonly saying: string;
  /** ms since 1970; `clock` stands still while the instance is lost. */
  readonly now: number;
  readonly clock: number;
  /** How far the project's own lanes are scrolled, in px. */
  readonly scrolled: number;
}

/** What a person can do on it. */
export interface PageActions extends Omit<LaneActions, 'filter'> {
  readonly setFilter: (filter: Filter) => void;
  readonly setView: (view: Viewport) => void;
  readonly choose: (chosen: ChosenTick) => void;
  readonly close: () => void;
  readonly toRows: () => void;
  readonly followNow: () => void;
  readonly preview: (failure: FailureId) => void;
  readonly chooseInstance: () => void;
}

const timelineOf = (state: PageState, actions: PageActions): TemplateResult => {
  const { known, view, filter, scrolled, tick, now } = state;
  return lanes(
    {
      ...{ lanes: known.lanes, view, scrolled, now, chosen: tick, only: filter.only },
      ticks: state.left.drawn,
      heldFrom: leavesOut(filter) ? null : known.held.from,
      stoppedAt: known.instance?.state === 'lost' ? known.instance.since : null,
    },
    { ...actions, filter: (lane) => actions.setFilter(toggleLane(filter, lane)) },
  );
};

/** When the first hosted sensor ticks by its interval, ms since 1970; null while none will. */
const firstDue = ({ lanes }: Known): number | null => {
  const dues = lanes.flatMap(({ hosted, nextTickAt }) => (hosted === null || nextTickAt === null ? [] : [nextTickAt]));
  return dues.length === 0 ? null : Math.min(...dues);
};

/** Lanes, facets and table, with the details of the chosen tick. */
export const page = (state: PageState, actions: PageActions): TemplateResult => {
  const { known, filter, tick, now } = state;
  const { instance, held } = known;
  const range = rangeOf(state.view, state.clock);
  const { rows, counts } = listed(state.left.matching, range, filter);
  const byId = new Map(known.lanes.map((lane) => [lane.id, lane]));
  // Nothing to show, and not known yet whether there is.
  const unknown = rows.length === 0 && !covers(held, range, state.clock);
  const opened = state.open ? tick : null;
  const showAll = (): void => actions.setFilter(NO_FILTER);
  return html`<main
    class=${opened ? 'has-details' : nothing}
    @tick-choose=${({ detail }: CustomEvent<ChosenTick>) => actions.choose(detail)}
    @view-change=${({ detail }: CustomEvent<Viewport>) => actions.setView(detail)}
  >
    ${isAwaited(held) ? loading() : state.asking ? html`<div class="progress" aria-hidden="true"></div>` : nothing}
    <div class="left">
      ${instance?.state === 'lost' ? lostStrip(instance, now, actions.chooseInstance) : nothing}
      ${timelineOf(state, actions)}
      <div class="below">
        ${facets(unknown ? null : counts, filter, state.view.span, {
          toggle: (end) => actions.setFilter(toggleEnd(filter, end)),
          find: (text) => actions.setFilter({ ...filter, text }),
          toRows: actions.toRows,
        })}
        ${
          rows.length > 0 || unknown
            ? html`<firedrill-ticks-table .ticks=${rows} .lanes=${byId} .chosen=${state.chosen} .now=${now}></firedrill-ticks-table>`
            : emptyTable(
                held.ticks.length > 0 || state.view.from !== null,
                isFiltered(filter) && anyWithin(held.ticks, range) ? filter : null,
                firstDue(known),
                showAll,
                actions.followNow,
              )
        }
      </div>
    </div>
    ${opened ? details(opened, byId.get(opened.sensor), known.found.get(opened.id), now, actions) : nothing}
    <span class="spoken" role="status">${state.saying}</span>
  </main>`;
};
