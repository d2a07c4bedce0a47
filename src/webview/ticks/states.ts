import { html, type TemplateResult } from 'lit';
import type { InstanceStatus } from '../../engine/api.ts';
import type { TicksInstance } from '../protocol.ts';
import { clockOfDay } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';

const box = (name: string, title: string, text: unknown, action: unknown = ''): TemplateResult =>
  html`<div class="state" data-testid="state"><div>${icon(name)}<h2>${title}</h2><p class="foreign">${text}</p>${action}</div></div>`;

/** What stands there when the page itself is broken. */
export const brokenState = (message: string): TemplateResult => box('error', t('The ticks cannot be drawn'), message);

/** Stands above the page until the ticks are there. */
export const loading = (): TemplateResult =>
  html`<div class="progress" role="progressbar" aria-label=${t('Loading the ticks')}></div>`;

/** What stands instead of the ticks while no instance is followed; null when there are ticks to show. */
export const instanceState = (instance: TicksInstance | null, choose: () => void): TemplateResult | null => {
  const button = html`<vscode-button data-testid="choose-instance" @click=${choose}>${t('Choose instance…')}</vscode-button>`;
  switch (instance?.state) {
    case undefined:
      return loading();
    case 'searching':
      return html`<div class="progress" role="progressbar" aria-label=${t('Looking for a Dagster instance')}></div>
        ${box('search', t('Looking for a Dagster instance'), t('Ticks appear here as soon as one is found.'))}`;
    case 'restricted':
      return box('shield', t('Restricted Mode'), t('The sensors do not run in Restricted Mode.'));
    case 'none':
      return box('pulse', t('No Dagster instance'), t('Ticks appear here as soon as an instance is found.'), button);
    case 'unusable':
      return box('warning', t('This instance cannot be read'), html`${instance.home}<br />${instance.message}`, button);
    case 'unconfirmed':
      return box(
        'shield',
        t('Is this your instance?'),
        html`${t('{0} lies outside this workspace. It is not read until you say so.', instance.home)}`,
        button,
      );
    case 'following':
    case 'lost':
      return null;
  }
};

/** Tells that the instance is away. */
export const lostStrip = (
  instance: InstanceStatus & { state: 'lost' },
  now: number,
  choose: () => void,
): TemplateResult =>
  html`<div class="strip" role="status" data-testid="lost">
    ${icon('debug-disconnect')}
    <span class="clip foreign" title=${instance.message}
      >${t('Instance lost at {0}: {1} Sensors wait and carry on from their cursors.', clockOfDay(instance.since, now), sentence(instance.message))}</span
    >
    <button type="button" class="link" @click=${choose}>${t('Choose instance…')}</button>
  </div>`;

const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** What stands instead of the table while it has no row. */
export const emptyTable = (
  /** There may be ticks elsewhere: some are held, or what is shown does not reach to now. */
  any: boolean,
  /** What is looked for; null while nothing is filtered. */
  filtered: { readonly text: string } | null,
  due: number | null,
  showAll: () => void,
  followNow: () => void,
): TemplateResult => {
  if (filtered) {
    const text = filtered.text.trim();
    return html`<div class="state small" data-testid="empty"><div><h2>${text === '' ? t('No tick matches') : t('No tick here matches “{0}”', text)}</h2><p><button type="button" class="link" @click=${showAll}>${t('Show all')}</button></p></div></div>`;
  }
  if (any) {
    return html`<div class="state small" data-testid="empty"><div><h2>${t('No ticks here')}</h2><p><button type="button" class="link" @click=${followNow}>${t('Show the latest')}</button></p></div></div>`;
  }
  return html`<div class="state small" data-testid="empty">
    <div>
      <h2>${t('No ticks yet')}</h2>
      <p>${due === null ? t('The sensors are stopped.') : rich('The first is due in {0}, or at once when the log grows.', html`<firedrill-countdown .due=${due}></firedrill-countdown>`)}</p>
    </div>
  </div>`;
};
