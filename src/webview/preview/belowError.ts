import { html, nothing, type TemplateResult } from 'lit';
import type { Unsent } from '../../engine/api.ts';
import { t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';
import type { Below } from './eventTab.ts';

/** Below the error of a run failure: where it was raised, and what Dagster recorded of it that is not sent. */
export const belowError = (unsent: Unsent, failingLine: string | null, open: () => void): Below => {
  const notes = [
    ...(failingLine === null
      ? []
      : [
          html`<p class="note">${icon('debug-stackframe', 'muted')}<span class="muted">${rich(
            'Innermost frame in this workspace: {0}',
            html`<button type="button" class="link foreign" data-testid="failing-line" @click=${open}>${failingLine}</button>`,
          )}</span></p>`,
        ]),
    ...unsentNotes(unsent),
  ];
  return notes.length === 0 ? new Map() : new Map([['/extra/error', html`<div class="below">${notes}</div>`]]);
};

const unsentNotes = ({ causes, stack }: Unsent): readonly TemplateResult[] => {
  if (causes.length === 0 && !stack) return [];
  return [
    html`<p class="note muted" data-testid="unsent">${icon('info', 'is-info')}<span>${
      causes.length === 0
        ? t('Not sent: its stack trace')
        : html`${rich('Not sent: caused by {0}', html`<span class="foreign">${causes[0]}</span>`)}${causes
            .slice(1)
            .map((cause) => html`<br />${rich('caused by {0}', html`<span class="foreign">${cause}</span>`)}`)}${
            stack ? html`<br />${t('and the stack trace')}` : nothing
          }`
    }</span></p>`,
  ];
};
