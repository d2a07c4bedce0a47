import { html, nothing, type TemplateResult } from 'lit';
import type { Delivery, Preview } from '../../engine/api.ts';
import { clockOfDay, duration } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';
import { copyTool } from './copyTool.ts';
import { dotted } from './dotted.ts';
import type { PageActions } from './page.ts';

type Acts = Pick<PageActions, 'post' | 'copy'>;

/** The newest delivery to each target; `deliveries` come newest first. */
export const latest = (deliveries: readonly Delivery[]): readonly Delivery[] => {
  const seen = new Set<string>();
  return deliveries.filter(({ target }) => {
    const key = target.kind === 'sentry' ? target.dsn : '';
    return !seen.has(key) && seen.add(key);
  });
};

const place = ({ target }: Delivery): string =>
  target.kind === 'sentry' ? t('project {0} on {1}', target.project, target.host) : t('the local inbox');

/** Whether a delivery went, or is to go, to this target. */
export const isFor = ({ target }: Delivery, shown: Preview['target']): boolean =>
  target.kind === 'sentry' ? shown.kind === 'sentry' && target.dsn === shown.dsn : shown.kind === 'inbox';

/** The target stands just above: it is named only where it is another one. */
const elsewhere = (delivery: Delivery, shown: Preview['target']): boolean => !isFor(delivery, shown);

const row = (
  delivery: Delivery,
  look: { readonly icon: TemplateResult; readonly bad: boolean },
  facts: readonly unknown[],
  second: unknown,
  actions: unknown = nothing,
): TemplateResult =>
  html`<div class="receipt ${look.bad ? 'bad' : ''}" role=${look.bad ? 'alert' : nothing} data-testid="receipt" data-state=${delivery.state.kind}>
    ${look.icon}
    <div>
      <div class="receipt-line">${dotted(...facts)}</div>
      <div class="foreign receipt-more">${second}</div>
    </div>
    <span class="acts">${actions}</span>
  </div>`;

type Accepted = Delivery['state'] & { kind: 'accepted' };

const eventId = (delivery: Delivery): TemplateResult =>
  rich('event {0}', html`<code data-testid="event-id">${delivery.eventId}</code>`);

const openIssue = ({ id }: Delivery, { post }: Acts): TemplateResult =>
  html`<vscode-button secondary data-testid="open-issue" @click=${() => post({ type: 'open-issue', delivery: id })}>${t('Open issue in Sentry')}</vscode-button>`;

function confirmationWords({ target }: Delivery, confirmation: Accepted['confirmation']): string {
  if (target.kind === 'inbox') return t('Received by the local inbox; nothing left this machine.');
  if (confirmation === undefined) return t('Not yet confirmed: Sentry may still drop it by its own filters or quota.');
  return confirmation.kind === 'confirmed' ? t('Sentry has it.') : confirmation.words;
}

const accepted = (
  delivery: Delivery,
  state: Accepted,
  shown: Preview['target'],
  now: number,
  acts: Acts,
): TemplateResult => {
  const word = html`<b>${state.confirmation?.kind === 'confirmed' ? t('Confirmed') : t('Accepted')}</b>`;
  const { confirmation } = state;
  const confirmed = confirmation?.kind === 'confirmed';
  const repeat = state.mayRepeat ? ` ${t('An earlier try may have arrived too, so Sentry may show it twice.')}` : '';
  return row(
    delivery,
    { icon: icon(confirmed ? 'check-all' : 'check', 'is-ok'), bad: false },
    [
      elsewhere(delivery, shown)
        ? rich('{0} by {1} in {2} with HTTP {3}', word, place(delivery), duration(state.durationMs), state.status)
        : rich('{0} in {1} with HTTP {2}', word, duration(state.durationMs), state.status),
      clockOfDay(state.at, now),
      eventId(delivery),
    ],
    html`<span class="muted">${confirmationWords(delivery, confirmation)}${repeat}</span>`,
    html`${confirmed && confirmation.issueUrl !== null ? openIssue(delivery, acts) : nothing}${copyTool(t('Copy event id'), () => acts.copy({ type: 'copy-text', text: delivery.eventId }))}`,
  );
};

/** Trying again what the primary button tries again needs no button of its own. */
const failed = (
  delivery: Delivery,
  state: Delivery['state'] & { kind: 'failed' },
  shown: Preview['target'],
  now: number,
  { post }: Acts,
): TemplateResult =>
  row(
    delivery,
    { icon: icon('error', 'is-error'), bad: true },
    [rich('{0} to {1}', html`<b>${t('Not delivered')}</b>`, place(delivery)), clockOfDay(state.at, now)],
    html`${state.reason}<br />${t('Kept under Sent, Failed; it is not tried again by itself.')}`,
    elsewhere(delivery, shown)
      ? html`<vscode-button secondary data-testid="retry" @click=${() => post({ type: 'retry', delivery: delivery.id })}>${t('Try again')}</vscode-button>`
      : nothing,
  );

const waiting = (delivery: Delivery, state: Delivery['state'] & { kind: 'waiting' }, now: number, { post }: Acts) => {
  const tries = delivery.tries === 0 ? '' : plural(delivery.tries, '{0} try so far', '{0} tries so far');
  const held = state.until !== null && state.until > now;
  return row(
    delivery,
    { icon: icon('watch'), bad: false },
    [
      held
        ? rich('{0} until {1}', html`<b>${t('Waiting')}</b>`, clockOfDay(state.until, now))
        : rich('{0} to be sent to {1}', html`<b>${t('Waiting')}</b>`, place(delivery)),
      tries,
    ],
    state.reason ?? '',
    held
      ? html`<vscode-button secondary data-testid="retry" @click=${() => post({ type: 'retry', delivery: delivery.id })}>${t('Try now')}</vscode-button>`
      : nothing,
  );
};

const receipt = (delivery: Delivery, shown: Preview['target'], now: number, acts: Acts): TemplateResult => {
  const { state } = delivery;
  switch (state.kind) {
    case 'accepted':
      return accepted(delivery, state, shown, now, acts);
    case 'failed':
      return failed(delivery, state, shown, now, acts);
    case 'waiting':
      return waiting(delivery, state, now, acts);
    case 'sending':
      return row(
        delivery,
        { icon: icon('cloud-upload'), bad: false },
        [rich('{0} to {1}', html`<b>${t('Sending')}</b>`, place(delivery))],
        '',
      );
  }
};

/** What became of it, for each target it was sent to; there from the start, so that a change is read aloud. */
export const receipts = ({ deliveries, target }: Preview, now: number, acts: Acts): TemplateResult =>
  html`<div role="status" class="receipts" tabindex="-1">${latest(deliveries).map((delivery) => receipt(delivery, target, now, acts))}</div>`;
