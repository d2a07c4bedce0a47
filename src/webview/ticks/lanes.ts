import { html, nothing, type TemplateResult } from 'lit';
import type { SensorName, SensorStatus, Tick } from '../../engine/api.ts';
import { clockOfDay, count, duration, span } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, tool } from '../shared/view.ts';
import type { Viewport } from './viewport.ts';

export interface LaneActions {
  readonly filter: (sensor: SensorName) => void;
  readonly tickNow: (sensor: SensorName) => void;
  readonly setRunning: (sensor: SensorName, running: boolean) => void;
  /** By a factor; below 1 zooms in. */
  readonly zoom: (factor: number) => void;
  readonly toggleFollow: () => void;
}

export interface LanesState {
  readonly sensors: readonly SensorStatus[];
  readonly ticks: readonly Tick[];
  readonly view: Viewport;
  readonly chosen: Tick | null;
  readonly only: SensorName | null;
  /** When the instance was last seen; null while it is followed. */
  readonly stoppedAt: number | null;
  readonly now: number;
}

/** The name of a lane, which filters, with what can be done with its sensor. */
const laneName = (sensor: SensorStatus, only: SensorName | null, live: boolean, actions: LaneActions): TemplateResult =>
  html`<div class="lane-name">
    <button
      type="button"
      class="lane-filter"
      aria-pressed=${only === sensor.name ? 'true' : 'false'}
      aria-label=${t('{0}: show only its ticks', sensor.name)}
      title=${sensor.name}
      @click=${() => actions.filter(sensor.name)}
      >${icon('flame', 'muted')}<span class="clip">${sensor.name}</span></button
    >
    ${
      live
        ? html`<span class="lane-tools">${
            sensor.running
              ? html`${tool('debug-step-over', t('Tick {0} now', sensor.name), () => actions.tickNow(sensor.name))}${tool('debug-pause', t('Stop {0}', sensor.name), () => actions.setRunning(sensor.name, false))}`
              : tool('debug-start', t('Start {0}', sensor.name), () => actions.setRunning(sensor.name, true))
          }</span>`
        : nothing
    }
  </div>`;

/** When the sensor ticks next, and how far behind the log it is. */
const laneNumbers = (sensor: SensorStatus, live: boolean, now: number): TemplateResult => {
  const { rows } = sensor.behind;
  // The log's own timestamps are in seconds.
  const oldestUnread = sensor.behind.oldestUnread === null ? null : sensor.behind.oldestUnread * 1000;
  const age = oldestUnread === null ? '' : ` · ${duration(Math.max(0, now - oldestUnread))}`;
  const title =
    rows === 0
      ? t('the log is read to its end')
      : oldestUnread === null
        ? nothing
        : t('oldest unread {0}', clockOfDay(oldestUnread, now));
  const due = live && sensor.running && !sensor.ticking ? sensor.nextTickAt : null;
  const word = !live ? '–' : !sensor.running ? t('stopped') : sensor.ticking ? t('ticks') : '–';
  return html`<div class="lane-numbers">
    <firedrill-countdown .due=${due} word=${word}></firedrill-countdown>
    <span title=${title}>${live ? html`${count(rows)}<span class="muted">${rows === 0 ? '' : age}</span>` : '–'}</span>
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

/** Names, timeline and numbers of the sensors, one lane each. */
export const lanes = (state: LanesState, actions: LaneActions): TemplateResult => {
  const { sensors, ticks, view, chosen, only, stoppedAt, now } = state;
  const live = stoppedAt === null;
  return html`<div class="lanes" role="group" aria-label=${t('Timeline')}>
    <div class="lane-names">
      ${axisTools(view, live, actions)} ${sensors.map((sensor) => laneName(sensor, only, live, actions))}
    </div>
    <firedrill-timeline
      .sensors=${sensors}
      .ticks=${ticks}
      .view=${view}
      .chosen=${chosen}
      .only=${only}
      .stoppedAt=${stoppedAt}
    ></firedrill-timeline>
    <div class="lane-ends">
      <div class="lane-numbers head"><span>${t('Next')}</span><span>${t('Behind')}</span></div>
      ${sensors.map((sensor) => laneNumbers(sensor, live, now))}
    </div>
  </div>`;
};
