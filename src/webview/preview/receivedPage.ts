import { html, nothing, type TemplateResult } from 'lit';
import type { ReceivedPreview } from '../../engine/api.ts';
import { clock, clockOfDay, day } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';
import { dotted } from './dotted.ts';
import type { PageActions } from './page.ts';
import { readingTools } from './tools.ts';

/** The icon of Sentry's level, as VS Code's problems have it. */
export const levelIcon = (level: string): TemplateResult => {
  switch (level) {
    case 'fatal':
    case 'error':
      return icon('error', 'is-error');
    case 'warning':
      return icon('warning', 'is-warning');
    default:
      return icon('info', 'is-info');
  }
};

/** What Sentry would call the event, and who sent it when. */
export const receivedHeadline = ({ row, event }: ReceivedPreview, now: number): TemplateResult => {
  const { receivedAt } = row;
  const environment = event.environment;
  return html`<header class="headline">
    ${levelIcon(row.level)}
    <h1 class="foreign" data-testid="title">${row.title}</h1>
    <div class="facts-of">${dotted(
      html`<b>${t('Received')}</b>`,
      row.level,
      html`<time
        datetime=${new Date(receivedAt).toISOString()}
        title=${`${day(receivedAt)} ${clock(receivedAt, 'milliseconds')}`}
        >${clockOfDay(receivedAt, now, 'milliseconds')}</time
      >`,
      row.runId === null
        ? nothing
        : html`<span class="foreign" title=${row.runId}>${t('run {0}', row.runId.slice(0, 8))}</span>`,
      typeof environment === 'string' ? rich('environment {0}', html`<b class="foreign">${environment}</b>`) : nothing,
      row.eventId === null ? nothing : rich('event {0}', html`<code class="foreign">${row.eventId}</code>`),
    )}</div>
  </header>`;
};

/** Where it came in, and what can be done with it. */
export const receivedBar = ({ row }: ReceivedPreview, actions: PageActions): TemplateResult =>
  html`<div class="bar" role="group" aria-label=${t('Received event')}>
    <div class="target">
      ${icon('inbox')}
      <span class="target-lines">
        <span class="clip">${rich('Sent by {0}', html`<b class="foreign">${row.sender}</b>`)}</span>
        <span class="wraps">${t('received by the local inbox; nothing left this machine')}</span>
      </span>
    </div>
    <span class="tools">${readingTools(actions)}</span>
  </div>`;
