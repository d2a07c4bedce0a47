import { html, type TemplateResult } from 'lit';
import type { LaneTick } from '../protocol.ts';
import { clock, count, day, duration, shortMoment } from '../shared/format.ts';
import { icon } from '../shared/view.ts';
import { counted, endOf, endWord, failuresOf, reason } from './ends.ts';
import { endGlyph } from './glyphs.ts';
import { laneTitle, type SensorLane } from './lane.ts';

export interface RowState {
  readonly lane: SensorLane | undefined;
  /** 1 for the table's head. */
  readonly index: number;
  readonly chosen: boolean;
  /** The one row that the Tab key reaches. */
  readonly stop: boolean;
  readonly now: number;
}

const NONE = html`<span class="muted">–</span>`;

const cursor = ({ cursorBefore, cursorAfter }: LaneTick): TemplateResult => {
  if (cursorAfter === null) return NONE;
  return cursorBefore === null || cursorBefore === cursorAfter
    ? html`${cursorAfter}`
    : html`${cursorBefore} → ${cursorAfter}`;
};

/** The name of a sensor with where it runs. */
export const sensorName = (lane: SensorLane): TemplateResult =>
  html`<span class="sensor-name"
    >${icon(lane.hosted === null ? 'server-process' : 'flame', 'muted')}<span class="clip">${lane.name}</span>${
      lane.place === null ? '' : html` <span class="place muted clip">${lane.place}</span>`
    }</span
  >`;

/** One tick as a row of the table: never two lines. */
export const row = (tick: LaneTick, state: RowState, choose: () => void): TemplateResult => {
  const { lane, now } = state;
  const end = endOf(tick);
  const quiet = end === 'none' || end === 'skipped' ? 'muted' : '';
  const before = counted(tick, now);
  const why = reason(tick);
  const ms = tick.lastStartedAt;
  const failures = failuresOf(tick);
  return html`<tr
    aria-rowindex=${state.index}
    aria-selected=${state.chosen ? 'true' : 'false'}
    tabindex=${state.stop ? 0 : -1}
    data-testid="tick"
    data-tick=${tick.id}
    @click=${choose}
  >
    <td class="c-time" title=${`${day(ms)} ${clock(ms, 'milliseconds')}`}>${shortMoment(ms, now)}</td>
    <td class="c-sensor" title=${lane ? laneTitle(lane) : tick.sensor}>${lane ? sensorName(lane) : tick.sensor}</td>
    <td class="c-end">${endGlyph(end)}${endWord(end)}</td>
    <td class="foreign ${quiet}" title=${`${before}${why}`}><span class="tabular">${before}</span>${why}</td>
    <td class="c-rows number">${tick.trigger === 'daemon' ? '–' : count(tick.rowsRead)}</td>
    <td class="c-failures number">${failures === 0 ? '–' : count(failures)}</td>
    <td class="c-duration number">${tick.end.kind === 'unended' ? '–' : duration(tick.durationMs)}</td>
    <td class="c-cursor mono" title=${tick.cursorAfter ?? ''}>${cursor(tick)}</td>
  </tr>`;
};
