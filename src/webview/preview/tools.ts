import { html, nothing, type TemplateResult } from 'lit';
import type { PreviewAct } from '../protocol.ts';
import { t } from '../shared/l10n.ts';
import { tool } from '../shared/view.ts';

/** What can be done with any event. `request`: it is one that Firedrill would send. */
export const readingTools = (post: (message: PreviewAct) => void, request = false): TemplateResult =>
  html`${tool('json', t('Copy JSON'), () => post({ type: 'copy', what: 'json' }))}${request ? tool('terminal', t('Copy as cURL (without key)'), () => post({ type: 'copy', what: 'curl' })) : nothing}${tool('go-to-file', t('Open as document'), () => post({ type: 'open-json' }))}${tool('diff', t('Compare with…'), () => post({ type: 'compare' }))}`;
