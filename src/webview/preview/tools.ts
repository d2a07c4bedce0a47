import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../shared/l10n.ts';
import { tool } from '../shared/view.ts';
import { copyTool } from './copyTool.ts';
import type { PageActions } from './page.ts';

/** What can be done with any event. `request`: it is one that Firedrill would send. */
export const readingTools = ({ post, copy }: Pick<PageActions, 'post' | 'copy'>, request = false): TemplateResult =>
  html`${copyTool(t('Copy JSON'), () => copy({ type: 'copy', what: 'json' }), 'json')}${request ? copyTool(t('Copy as cURL (without key)'), () => copy({ type: 'copy', what: 'curl' }), 'terminal') : nothing}${tool('go-to-file', t('Open as document'), () => post({ type: 'open-json' }))}${tool('diff', t('Compare with…'), () => post({ type: 'compare' }))}`;
