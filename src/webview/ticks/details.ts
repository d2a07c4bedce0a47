import { html, nothing, type TemplateResult } from 'lit';
import type { FailureId, FailureRow, OwnTick } from '../../engine/api.ts';
import { textOfEnd } from '../../sensors/tick.ts';
import type { LaneTick } from '../protocol.ts';
import { clock, clockOfDay, duration } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, rich, tool } from '../shared/view.ts';
import { endOf, endSentence, why } from './ends.ts';
import { failureName } from './failureName.ts';
import { endGlyph } from './glyphs.ts';
import { laneTitle, type SensorLane } from './lane.ts';

export interface DetailActions {
  readonly preview: (failure: FailureId) => void;
  readonly close: () => void;
}

const failureItem = (row: FailureRow, actions: DetailActions): TemplateResult =>
  html`<li>
    <button type="button" title=${row.title} @click=${() => actions.preview(row.id)}>
      ${row.severity === 'WARN' ? icon('warning', 'is-warning') : icon('error', 'is-error')}
      <span class="spoken">${row.severity}</span>
      <span class="clip foreign">${failureName(row)}</span>
      <span class="muted number">${row.storageId ?? nothing}</span>
    </button>
  </li>`;

const cursors = (tick: LaneTick): unknown => {
  const rows = tick.trigger === 'daemon' ? null : plural(tick.rowsRead, '{0} row read', '{0} rows read');
  if (tick.cursorAfter === null) return rows ?? t('none');
  const mono = html`<span class="mono foreign"
    >${tick.cursorBefore === null || tick.cursorBefore === tick.cursorAfter ? '' : `${tick.cursorBefore} → `}${tick.cursorAfter}</span
  >`;
  return rows === null ? mono : rich('{0}, {1}', mono, rows);
};

/** The runs that a tick of the project's own sensor asked for or reacted to, by id. */
const runs = (title: string, ids: readonly string[]): unknown =>
  ids.length === 0
    ? nothing
    : html`<dt>${title}</dt>${ids.map((id) => html`<dd class="mono foreign clip" title=${id}>${id}</dd>`)}`;

const ownRuns = (tick: OwnTick): TemplateResult =>
  html`${runs(t('Requested'), tick.runsRequested)}${runs(t('Reported'), tick.runsReported)}`;

const found = (tick: LaneTick, failures: readonly FailureRow[] | undefined, actions: DetailActions): unknown => {
  if (tick.trigger === 'daemon' || tick.failuresFound === 0) return nothing;
  if (failures === undefined) return html`<p class="muted">${t('Loading…')}</p>`;
  if (failures.length === 0) return html`<p class="muted">${t('Its failures are no longer stored.')}</p>`;
  return html`<ul aria-label=${t('Failures found')}>${failures.map((row) => failureItem(row, actions))}</ul>`;
};

const words = (tick: LaneTick): unknown => {
  const { notes, unreadable } = tick.trigger === 'daemon' ? { notes: [], unreadable: 0 } : tick;
  const text = textOfEnd(tick.end);
  const lines =
    unreadable > 0
      ? [plural(unreadable, '{0} row could not be read:', '{0} rows could not be read:'), ...notes]
      : notes;
  return html`${
    text === ''
      ? nothing
      : html`<pre class="foreign" tabindex="0" role="region" aria-label=${t('Reason or error')}>${text}</pre>`
  }${
    lines.length === 0
      ? nothing
      : html`<pre class="foreign" tabindex="0" role="region" aria-label=${t('Notes')}>${lines.join('\n')}</pre>`
  }`;
};

/** One tick in full, with the failures it found (undefined until they are there). */
export const details = (
  tick: LaneTick,
  lane: SensorLane | undefined,
  failures: readonly FailureRow[] | undefined,
  now: number,
  actions: DetailActions,
): TemplateResult => {
  const name = lane ? laneTitle(lane) : tick.sensor;
  const at = clockOfDay(tick.lastStartedAt, now, 'milliseconds');
  const took = tick.end.kind === 'unended' ? at : t('{0}, took {1}', at, duration(tick.durationMs));
  const since = tick.count > 1 ? t('{0} ticks since {1}', tick.count, clock(tick.startedAt)) : null;
  return html`<aside class="details" aria-label=${t('Chosen tick')} data-testid="details">
    <div class="details-head">
      ${endGlyph(endOf(tick))}<span class="clip">${endSentence(tick)}</span>
      ${tool('close', t('Close details (Escape)'), actions.close)}
    </div>
    <div class="details-body">
      <dl>
        <dt>${t('Sensor')}</dt>
        <dd class="clip" title=${name}>${name}</dd>
        <dt>${t('Time')}</dt>
        <dd>${took}</dd>
        ${since === null ? nothing : html`<dt>${t('Count')}</dt><dd>${since}</dd>`}
        <dt>${t('Why')}</dt>
        <dd>${why(tick)}</dd>
        <dt>${t('Cursor')}</dt>
        <dd>${cursors(tick)}</dd>
        ${tick.trigger === 'daemon' ? ownRuns(tick) : nothing}
      </dl>
      <div class="details-more">${words(tick)}${found(tick, failures, actions)}</div>
    </div>
  </aside>`;
};
