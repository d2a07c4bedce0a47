import { html, nothing, type TemplateResult } from 'lit';
import type { Delivery, Preview } from '../../engine/api.ts';
import type { PreviewAct } from '../protocol.ts';
import { t } from '../shared/l10n.ts';
import { icon, rich, tool } from '../shared/view.ts';
import type { PageActions } from './page.ts';
import { isFor } from './receipt.ts';
import { readingTools } from './tools.ts';

type Post = (message: PreviewAct) => void;

/** What the one primary button does. */
export interface Primary {
  readonly label: string;
  readonly message: PreviewAct;
  /** An earlier click is still on its way there. */
  readonly busy: boolean;
}

/** The primary button follows from the target, from whether it is a test, and from what was sent there before. */
export const primary = (preview: Preview): Primary => {
  const there = preview.deliveries.filter((delivery) => isFor(delivery, preview.target));
  const newest = there[0]?.state;
  const busy = newest !== undefined && (newest.kind === 'sending' || newest.kind === 'waiting');
  const inbox = preview.target.kind === 'inbox';
  return { label: label(preview, there), busy, message: { type: 'send', target: inbox ? 'inbox' : 'sentry' } };
};

/** What was refused is tried again as the same event; what was accepted is sent again as another. */
const label = ({ target, row }: Preview, there: readonly Delivery[]): string => {
  const inbox = target.kind === 'inbox';
  if (there[0]?.state.kind === 'failed') return t('Try again');
  if (there.some(({ state }) => state.kind === 'accepted')) return inbox ? t('Send to inbox again…') : t('Send again…');
  return inbox ? t('Send to inbox') : row.test ? t('Send test') : t('Send');
};

/** The target as a button that shows the request for the other one; what it does is said after what it is. */
const switching = (instead: string, click: () => void, lines: TemplateResult): TemplateResult =>
  html`<button type="button" class="target" title=${instead} @click=${click}
    ><span class="spoken">${t('Target:')}</span> ${lines} <span class="spoken">${instead}</span></button
  >`;

const line = (preview: Preview, post: Post): TemplateResult => {
  const { target, targetNote } = preview;
  if (target.kind === 'sentry') {
    const instead = t('Preview it for the local inbox instead');
    return switching(
      instead,
      () => post({ type: 'switch-target', target: 'inbox' }),
      html`${icon('globe')}
        <span class="target-lines">
          <span class="clip">${rich('Sentry project {0} on {1}', html`<b>${target.project}</b>`, target.host)} ${icon('arrow-swap', 'muted')}</span>
          <span class="clip">${t('SENTRY_DSN from {0}', target.source)}${target.approved ? nothing : html` · ${t('asks before the first send')}`}</span>
        </span>`,
    );
  }
  const lines = html`${icon('inbox')}
    <span class="target-lines">
      <span class="clip">${t('Local inbox on {0}', `${target.host}:${target.port}`)} ${targetNote === null ? icon('arrow-swap', 'muted') : nothing}</span>
      <span class="wraps">${targetNote ?? t('nothing leaves this machine')}</span>
    </span>`;
  return targetNote === null
    ? switching(t('Preview it for Sentry instead'), () => post({ type: 'switch-target', target: 'sentry' }), lines)
    : html`<div class="target">${lines}</div>`;
};

const secondary = (preview: Preview, { post, hindrance, sendToInbox }: BarInput): TemplateResult | typeof nothing => {
  if (preview.target.kind === 'sentry') {
    return html`<vscode-button secondary data-testid="send-inbox" class=${hindrance === '' ? '' : 'resting'} aria-disabled=${hindrance === '' ? 'false' : 'true'} title=${hindrance || nothing} @click=${sendToInbox}>${t('Send to inbox')}</vscode-button>`;
  }
  if (preview.targetNote === null) return nothing;
  return html`<vscode-button secondary data-testid="set-dsn" @click=${() => post({ type: 'set-dsn' })}>${t('Set DSN…')}</vscode-button>`;
};

export interface BarInput {
  /** The Send button rests after a click. */
  readonly held: boolean;
  /** The form of a test failure is open. */
  readonly editing: boolean;
  /** Why it cannot be sent as long as the form is as it is; empty where it can. */
  readonly hindrance: string;
  readonly post: Post;
  readonly copy: PageActions['copy'];
  readonly send: () => void;
  readonly sendToInbox: () => void;
  readonly edit: () => void;
}

/** The tool that changes a test failure; what was sent already is copied first. */
const editTool = ({ test }: Preview, { editing, edit }: BarInput): TemplateResult | typeof nothing => {
  if (test === null) return nothing;
  const label = test.editable ? (editing ? t('Close the form') : t('Edit')) : t('Edit a copy');
  return tool('edit', label, edit, 'edit');
};

/** Where it would go, and the act of sending. */
export const targetBar = (preview: Preview, input: BarInput): TemplateResult => {
  const { held, hindrance, post, send } = input;
  const { label, busy } = primary(preview);
  const rests = busy || held || hindrance !== '';
  return html`<div class="bar" role="group" aria-label=${t('Send this event')}>
    ${line(preview, post)}
    <span class="sends">
      <vscode-button data-testid="send" class=${rests ? 'resting' : ''} aria-disabled=${rests ? 'true' : 'false'} title=${hindrance || t('Ctrl+Enter or ⌘Enter')} @click=${send}>${label}</vscode-button>
      ${secondary(preview, input)}
    </span>
    <span class="tools">
      ${editTool(preview, input)}${readingTools(input, true)}
    </span>
  </div>`;
};
