import { html, nothing, type TemplateResult } from 'lit';
import type { ReceivedPreview } from '../../engine/api.ts';
import type { PreviewAct, ToPreview } from '../protocol.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';
import { cutGroup, keepLines, type ShowPath } from './facts.ts';

type Post = (message: PreviewAct) => void;

/** Which failure the event tells of. */
const tellsOf = (
  { tellsOf: { words, failures } }: Extract<ToPreview, { type: 'received' }>,
  post: Post,
): TemplateResult =>
  html`${icon('link')}<div data-testid="tells-of">
    <span class="foreign">${words}</span> ${
      failures === 0
        ? nothing
        : html`<button type="button" class="link" @click=${() => post({ type: 'show-failure' })}>${t('preview it')}</button>,
            <button type="button" class="link" @click=${() => post({ type: 'compare-failure' })}>${t('compare both')}</button>`
    }
  </div>`;

/** What came without it, as far as the sender tells. */
const senderLines = ({ cuts, row }: ReceivedPreview, show: ShowPath): TemplateResult | typeof nothing => {
  const told = cuts.filter(({ kind }) => kind === 'by-sender');
  if (told.length > 0)
    return cutGroup(
      icon('warning', 'is-warning'),
      html`<b>${plural(told.length, 'Its sender cut {0} value', 'Its sender cut {0} values')}</b>: <span class="muted">${t('the rest never came')}</span>`,
      told,
      show,
    );
  if (row.sender.startsWith('firedrill ')) return nothing;
  return html`${icon('info', 'is-info')}<div>
    ${t('Its sender tells of no cut')}<span class="muted">; ${t('not every SDK marks the texts that it shortens')}</span>
  </div>`;
};

const issueLine = ({ grouping }: ReceivedPreview): TemplateResult => {
  const { title, ignored, by, otherReceived, pending } = grouping;
  const named = html`<b class="foreign issue-title">${title === '' ? t('of events without a message') : title}</b>`;
  const others = [
    otherReceived > 0 ? plural(otherReceived, '{0} other received event', '{0} other received events') : null,
    pending > 0 ? plural(pending, '{0} pending failure', '{0} pending failures') : null,
  ].filter((each) => each !== null);
  const notes = [
    ...(by === 'fingerprint' ? [t('by the fingerprint that its sender gave')] : []),
    ...(by === 'exception' ? [t('by its exception and the frames of its stack')] : []),
    ...(ignored.length > 0 ? [t('{0} makes no difference', ignored.join(', '))] : []),
  ];
  return html`${icon('layers')}<div data-testid="issue">
    ${others.length > 0 ? rich('Would join the issue {0}', named) : rich('Would make the issue {0}', named)}
    <span class="muted foreign">${others.length > 0 ? t('with {0}', others.join(', ')) : nothing}${notes.map((note) => `; ${note}`)}</span>
  </div>`;
};

/** Which failure it tells of, what its sender and Sentry would cut, and the issue that it would join. */
export const receivedFacts = (
  message: Extract<ToPreview, { type: 'received' }>,
  show: ShowPath,
  post: Post,
): TemplateResult => {
  const { received } = message;
  return html`<div class="facts">
    ${tellsOf(message, post)}${senderLines(received, show)}${keepLines(received, false, show)}${issueLine(received)}
  </div>`;
};
