import { html, nothing, type TemplateResult } from 'lit';
import type { SensorName, SensorStatus } from '../../engine/api.ts';
import { clockOfDay, count, duration, span } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, tool } from '../shared/view.ts';
import type { Viewport } from './viewport.ts';

export interface LaneActions {
  readonly filter: (sensor: SensorName) => void;
  readonly tickNow: (sensor: SensorName) => void;
  readonly setRunning: (sensor: SensorName, running: boolean) => void;
}

/** The name of a lane, which filters, with what can be done with its sensor. */
export const laneName = (
  sensor: SensorStatus,
  only: SensorName | null,
  live: boolean,
  actions: LaneActions,
): TemplateResult =>
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
export const laneNumbers = (sensor: SensorStatus, live: boolean, now: number): TemplateResult => {
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
export const axisTools = (
  view: Viewport,
  live: boolean,
  zoomBy: (factor: number) => void,
  toggleFollow: () => void,
): TemplateResult => {
  const following = view.from === null;
  return html`<div class="axis-tools">
    ${tool('zoom-out', t('Zoom out'), () => zoomBy(2), 'zoom-out')}${tool('zoom-in', t('Zoom in'), () => zoomBy(0.5), 'zoom-in')}
    <span class="axis-span" data-testid="span">${span(view.span)}</span>
    <button
      type="button"
      class="follow"
      aria-pressed=${following ? 'true' : 'false'}
      aria-label=${t('Follow now')}
      data-testid="follow"
      ?disabled=${!live}
      @click=${toggleFollow}
      >${icon(following ? 'debug-start' : 'debug-pause')}<span class="wide">${t('Follow now')}</span><span class="narrow">${t('Now')}</span></button
    >
  </div>`;
};
