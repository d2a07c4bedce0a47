import { html, nothing, type TemplateResult } from 'lit';
import type { FailureId, FailureRow, Tick } from '../../engine/api.ts';
import { clock, clockOfDay, duration } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, rich, tool } from '../shared/view.ts';
import { endOf, endSentence, why } from './ends.ts';
import { endGlyph } from './glyphs.ts';

export interface DetailActions {
  readonly preview: (failure: FailureId) => void;
  readonly close: () => void;
}

/** A failure by check and asset, or by what failed and its error. */
const failureName = (row: FailureRow): string =>
  row.kind === 'check' ? t('{0} on {1}', row.label, row.detail) : `${row.label} (${row.detail})`;

const failureItem = (row: FailureRow, actions: DetailActions): TemplateResult =>
  html`<li>
    <button type="button" title=${row.title} @click=${() => actions.preview(row.id)}>
      ${row.severity === 'WARN' ? icon('warning', 'is-warning') : icon('error', 'is-error')}
      <span class="spoken">${row.severity}</span>
      <span class="clip foreign">${failureName(row)}</span>
      <span class="muted number">${row.storageId ?? nothing}</span>
    </button>
  </li>`;

const cursors = (tick: Tick): unknown => {
  const rows = plural(tick.rowsRead, '{0} row read', '{0} rows read');
  if (tick.cursorAfter === null) return rows;
  const mono = html`<span class="mono"
    >${tick.cursorBefore === null || tick.cursorBefore === tick.cursorAfter ? '' : `${tick.cursorBefore} → `}${tick.cursorAfter}</span
  >`;
  return rich('{0}, {1}', mono, rows);
};

const found = (tick: Tick, failures: readonly FailureRow[] | undefined, actions: DetailActions): unknown => {
  if (tick.failuresFound === 0) return nothing;
  if (failures === undefined) return html`<p class="muted">${t('Loading…')}</p>`;
  if (failures.length === 0) return html`<p class="muted">${t('Its failures are no longer stored.')}</p>`;
  return html`<ul aria-label=${t('Failures found')}>${failures.map((row) => failureItem(row, actions))}</ul>`;
};

const words = (tick: Tick): unknown => {
  const { end, notes, unreadable } = tick;
  const text = end.kind === 'failure' ? end.error : end.kind === 'skipped' ? end.reason : '';
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
  tick: Tick,
  failures: readonly FailureRow[] | undefined,
  now: number,
  actions: DetailActions,
): TemplateResult => {
  const took = t('{0}, took {1}', clockOfDay(tick.lastStartedAt, now, 'milliseconds'), duration(tick.durationMs));
  const since = tick.count > 1 ? t('{0} ticks since {1}', tick.count, clock(tick.startedAt)) : null;
  return html`<aside class="details" aria-label=${t('Chosen tick')} data-testid="details">
    <div class="details-head">
      ${endGlyph(endOf(tick))}<span class="clip">${endSentence(tick)}</span>
      ${tool('close', t('Close details (Escape)'), actions.close)}
    </div>
    <div class="details-body">
      <dl>
        <dt>${t('Sensor')}</dt>
        <dd class="clip" title=${tick.sensor}>${tick.sensor}</dd>
        <dt>${t('Time')}</dt>
        <dd>${took}</dd>
        ${since === null ? nothing : html`<dt>${t('Count')}</dt><dd>${since}</dd>`}
        <dt>${t('Why')}</dt>
        <dd>${why(tick)}</dd>
        <dt>${t('Cursor')}</dt>
        <dd>${cursors(tick)}</dd>
      </dl>
      <div class="details-more">${words(tick)}${found(tick, failures, actions)}</div>
    </div>
  </aside>`;
};
