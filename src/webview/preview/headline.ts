import { html, type TemplateResult } from 'lit';
import type { Preview } from '../../engine/api.ts';
import type { RunId } from '../../failure/ids.ts';
import { clock, clockOfDay, day } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';
import { dotted } from './dotted.ts';
import { levelIcon } from './receivedPage.ts';

/** Sentry's level of the event, with the icon of VS Code's problems. */
const level = (preview: Preview): { readonly word: string; readonly icon: TemplateResult } => {
  const value = preview.event.level;
  const word = typeof value === 'string' ? value : 'error';
  if (preview.row.test) return { word, icon: icon('beaker') };
  return { word, icon: levelIcon(word) };
};

const runLink = (run: RunId, openRun: (() => void) | null): TemplateResult => {
  const text = t('run {0}', run.slice(0, 8));
  return openRun === null
    ? html`<span title=${run}>${text}</span>`
    : html`<button type="button" class="link" title=${t('Open run {0} in Dagster', run)} @click=${openRun}>${text}</button>`;
};

export interface HeadlineActions {
  /** Opens the failure's run; null where it cannot be opened. */
  readonly openRun: (() => void) | null;
  /** Takes its dismissal back. */
  readonly restore: () => void;
}

/** What tells a failure apart, from the most to the least telling. */
const facts = (
  preview: Preview,
  word: string,
  now: number,
  { openRun, restore }: HeadlineActions,
): readonly unknown[] => {
  const { failure, row, event } = preview;
  const list: unknown[] = [];
  if (row.status === 'dismissed') {
    list.push(
      html`<span data-testid="dismissed">${icon('circle-slash')} <b>${t('Dismissed')}</b> <button type="button" class="link" @click=${restore}>${t('Undo')}</button></span>`,
    );
  }
  if (row.test) list.push(html`<b>${t('Test failure')}</b>`, html`<span>${word}</span>`);
  else list.push(html`<b>${word}</b>`);
  if (failure.partition !== null) {
    list.push(html`<span>${rich('partition {0}', html`<b class="foreign">${failure.partition}</b>`)}</span>`);
  }
  const ms = failure.timestamp * 1000;
  list.push(
    html`<time datetime=${new Date(ms).toISOString()} title=${`${day(ms)} ${clock(ms, 'milliseconds')}`}>${clockOfDay(ms, now, 'milliseconds')}</time>`,
  );
  if (row.test) list.push(html`<span>${t('made by hand, not in the event log')}</span>`);
  else if (failure.runId !== null) list.push(runLink(failure.runId, openRun));
  if (failure.kind === 'run' && failure.codeLocation !== null) {
    list.push(html`<span>${rich('code location {0}', html`<b class="foreign">${failure.codeLocation}</b>`)}</span>`);
  }
  if (row.test) {
    const environment = event.environment;
    list.push(
      typeof environment === 'string'
        ? html`<span>${rich('environment {0}', html`<b class="foreign">${environment}</b>`)}</span>`
        : html`<span>${t('no environment')}</span>`,
    );
  }
  if (failure.origin.kind === 'recorded' && failure.origin.storageId !== null) {
    list.push(html`<span>${t('storage id {0}', failure.origin.storageId)}</span>`);
  }
  if (row.beforeFiredrill) list.push(html`<span>${t('before Firedrill')}</span>`);
  if (row.willRetry) list.push(html`<span>${icon('sync')} ${t('Dagster will retry')}</span>`);
  if (failure.kind === 'run' && failure.causedByCheck) {
    const check = row.sameCauseAs;
    const words =
      check === null
        ? t('same cause as a check failure')
        : rich('same cause as {0}', html`<b class="foreign">${check}</b>`);
    list.push(html`<span>${icon('link')} ${words}</span>`);
  }
  return list;
};

/** What Sentry will call it, and when and where it happened. */
export const headline = (preview: Preview, now: number, actions: HeadlineActions): TemplateResult => {
  const { word, icon: glyph } = level(preview);
  return html`<header class="headline">
    ${glyph}
    <h1 class="foreign" data-testid="title">${preview.row.title}</h1>
    <div class="facts-of">${dotted(...facts(preview, word, now, actions))}</div>
  </header>`;
};
