import { html, type TemplateResult } from 'lit';
import type { FromPreview } from '../protocol.ts';
import { t } from '../shared/l10n.ts';
import { tool } from '../shared/view.ts';

/** What can be done with any event. */
export const readingTools = (post: (message: FromPreview) => void): TemplateResult =>
  html`${tool('json', t('Copy JSON'), () => post({ type: 'copy', what: 'json' }))}${tool('go-to-file', t('Open as document'), () => post({ type: 'open-json' }))}${tool('diff', t('Compare with…'), () => post({ type: 'compare' }))}`;
