import { html, nothing, type TemplateResult } from 'lit';
import type { SensorName } from '../../engine/api.ts';
import type { LaneTick } from '../protocol.ts';
import { clockOfDay, count, duration, span } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, tool } from '../shared/view.ts';
import { isAwake, laneTitle, type SensorLane } from './lane.ts';
import { sensorName } from './row.ts';
import type { Viewport } from './viewport.ts';

export interface LaneActions {
  readonly filter: (lane: string) => void;
  readonly tickNow: (sensor: SensorName) => void;
  readonly setRunning: (sensor: SensorName, running: boolean) => void;
  /** By a factor; below 1 zooms in. */
  readonly zoom: (factor: number) => void;
  readonly toggleFollow: () => void;
  /** The project's own lanes were scrolled, in px. */
  readonly scroll: (to: number) => void;
}

export interface LanesState {
  readonly lanes: readonly SensorLane[];
  readonly ticks: readonly LaneTick[];
  readonly view: Viewport;
  /** From when on (ms since 1970) every tick is there; null where some are left out. */
  readonly heldFrom: number | null;
  /** How far the project's own lanes are scrolled, in px. */
  readonly scrolled: number;
  readonly chosen: LaneTick | null;
  readonly only: string | null;
  /** When the instance was last seen; null while it is followed. */
  readonly stoppedAt: number | null;
  readonly now: number;
}

const laneTools = (sensor: SensorName, running: boolean, actions: LaneActions): TemplateResult =>
  html`<span class="lane-tools">${
    running
      ? html`${tool('debug-step-over', t('Tick {0} now', sensor), () => actions.tickNow(sensor))}${tool('debug-pause', t('Stop {0}', sensor), () => actions.setRunning(sensor, false))}`
      : tool('debug-start', t('Start {0}', sensor), () => actions.setRunning(sensor, true))
  }</span>`;

/** The name of a lane, which filters, with what can be done with its sensor. */
const laneName = (lane: SensorLane, only: string | null, live: boolean, actions: LaneActions): TemplateResult =>
  html`<div class="lane-name">
    <button
      type="button"
      class="lane-filter"
      aria-pressed=${only === lane.id ? 'true' : 'false'}
      title=${laneTitle(lane)}
      @click=${() => actions.filter(lane.id)}
      >${sensorName(lane)}<span class="spoken"> ${t('show only its ticks')}</span></button
    >
    ${live && lane.hosted !== null ? laneTools(lane.hosted, lane.running, actions) : nothing}
  </div>`;

/** How far a lane is behind the log. */
const laneBehind = ({ behind }: SensorLane, now: number): TemplateResult => {
  if (behind === null) return html`<span title=${t('A cursor of its own')}>–</span>`;
  if (behind.rows === 0) return html`<span title=${t('the log is read to its end')}>0</span>`;
  // The log's own timestamps are in seconds.
  const oldest = behind.oldestUnread === null ? null : behind.oldestUnread * 1000;
  if (oldest === null) return html`<span>${count(behind.rows)}</span>`;
  const age = ` · ${duration(Math.max(0, now - oldest))}`;
  return html`<span title=${t('oldest unread {0}', clockOfDay(oldest, now))}>${count(behind.rows)}<span class="muted">${age}</span></span>`;
};

/** What stands where no countdown runs. */
const laneWord = (lane: SensorLane, live: boolean, now: number): string => {
  if (!live) return '–';
  if (!lane.running) return t('stopped');
  if (!isAwake(lane, now)) return t('off');
  return lane.ticking ? t('ticks') : '–';
};

/** When the sensor ticks next, and how far behind the log it is. */
const laneNumbers = (lane: SensorLane, live: boolean, now: number): TemplateResult => {
  const counts = live && isAwake(lane, now) && !lane.ticking;
  return html`<div class="lane-numbers">
    <firedrill-countdown .due=${counts ? lane.nextTickAt : null} word=${laneWord(lane, live, now)}></firedrill-countdown>
    ${live ? laneBehind(lane, now) : html`<span>–</span>`}
  </div>`;
};

/** Zoom, span, and whether it follows. */
const axisTools = (view: Viewport, live: boolean, actions: LaneActions): TemplateResult => {
  const following = view.from === null;
  return html`<div class="axis-tools">
    ${tool('zoom-out', t('Zoom out'), () => actions.zoom(2), 'zoom-out')}${tool('zoom-in', t('Zoom in'), () => actions.zoom(0.5), 'zoom-in')}
    <span class="axis-span" data-testid="span">${span(view.span)}</span>
    <button
      type="button"
      class="follow"
      aria-pressed=${following ? 'true' : 'false'}
      aria-label=${t('Follow now')}
      data-testid="follow"
      ?disabled=${!live}
      @click=${actions.toggleFollow}
      >${icon(following ? 'debug-start' : 'debug-pause')}<span class="wide">${t('Follow now')}</span><span class="narrow">${t('Now')}</span></button
    >
  </div>`;
};

const onScroll = (actions: LaneActions) => (event: Event) => {
  if (event.currentTarget instanceof HTMLElement) actions.scroll(event.currentTarget.scrollTop);
};

/** Names, timeline and numbers of the sensors, one lane each. The project's own scroll where there are many. */
export const lanes = (state: LanesState, actions: LaneActions): TemplateResult => {
  const { view, chosen, only, stoppedAt, now } = state;
  const live = stoppedAt === null;
  const hosted = state.lanes.filter((lane) => lane.hosted !== null);
  const own = state.lanes.filter((lane) => lane.hosted === null);
  return html`<div class="lanes" role="group" aria-label=${t('Timeline')}>
    <div class="lane-names">
      ${axisTools(view, live, actions)} ${hosted.map((lane) => laneName(lane, only, live, actions))}
      ${
        own.length === 0
          ? nothing
          : html`<div class="own-lanes" data-testid="own-lanes" .scrollTop=${state.scrolled} @scroll=${onScroll(actions)}>
              ${own.map((lane) => laneName(lane, only, live, actions))}
            </div>`
      }
    </div>
    <firedrill-timeline
      .lanes=${state.lanes}
      .ticks=${state.ticks}
      .view=${view}
      .heldFrom=${state.heldFrom}
      .scrolled=${state.scrolled}
      .chosen=${chosen}
      .only=${only}
      .stoppedAt=${stoppedAt}
    ></firedrill-timeline>
    <div class="lane-ends">
      <div class="lane-numbers head"><span>${t('Next')}</span><span>${t('Behind')}</span></div>
      ${hosted.map((lane) => laneNumbers(lane, live, now))}
      ${
        own.length === 0
          ? nothing
          : html`<div class="own-lanes" tabindex="0" role="group" aria-label=${t('Next and behind')} .scrollTop=${state.scrolled} @scroll=${onScroll(actions)}>
              ${own.map((lane) => laneNumbers(lane, live, now))}
            </div>`
      }
    </div>
  </div>`;
};
