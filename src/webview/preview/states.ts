import { html, type TemplateResult } from 'lit';
import { t } from '../shared/l10n.ts';
import { icon } from '../shared/view.ts';

export const loading = (): TemplateResult =>
  html`<div class="progress" role="progressbar" aria-label=${t('Loading the preview')}></div>
    <div class="skeletons" aria-hidden="true"><i></i><i></i><i></i><i></i></div>`;

/** Nothing can be shown, and why. */
export const broken = (message: string): TemplateResult =>
  html`<div class="state" role="alert"><div>${icon('error')}<h2>${t('No preview')}</h2><p class="foreign">${message}</p></div></div>`;

/** Brings the value with this pointer, or the one that it is in, into sight and focuses it. */
export const revealPath = (page: HTMLElement, path: string): void => {
  const places = [...page.querySelectorAll<HTMLElement>('[data-path]')];
  const place = places
    .filter((element) => path === element.dataset.path || path.startsWith(`${element.dataset.path}/`))
    .sort((a, b) => (b.dataset.path?.length ?? 0) - (a.dataset.path?.length ?? 0))[0];
  place?.scrollIntoView({ block: 'start' });
  place?.querySelector<HTMLElement>('[tabindex="0"], button')?.focus({ preventScroll: true });
};
