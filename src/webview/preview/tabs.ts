import { html, type TemplateResult } from 'lit';
import { t } from '../shared/l10n.ts';

export interface TabsInput {
  readonly tab: number;
  readonly choose: (tab: number) => void;
  readonly setWrap: (wrap: boolean) => void;
  readonly event: TemplateResult;
  /** Drawn once its tab was chosen: a large event takes a while. */
  readonly json: TemplateResult | string;
  readonly request: TemplateResult;
}

/** vscode-tabs selects with Enter only; Space is as usual for tabs. */
const spaceSelects = (event: KeyboardEvent): void => {
  if (event.key !== ' ' || !(event.target instanceof HTMLElement) || event.target.role !== 'tab') return;
  event.preventDefault();
  event.target.click();
};

/** The three ways to look at an event. */
export const tabs = ({ tab, choose, setWrap, event, json, request }: TabsInput): TemplateResult =>
  html`<vscode-tabs
    selected-index=${tab}
    @keydown=${spaceSelects}
    @vsc-tabs-select=${(select: CustomEvent<{ selectedIndex: number }>) => choose(select.detail.selectedIndex)}
    @wrap-change=${(change: CustomEvent<boolean>) => setWrap(change.detail)}
  >
    <vscode-tab-header slot="header">${t('Event')}</vscode-tab-header>
    <vscode-tab-header slot="header">${t('JSON')}</vscode-tab-header>
    <vscode-tab-header slot="header">${t('Request')}</vscode-tab-header>
    <vscode-tab-panel>${event}</vscode-tab-panel>
    <vscode-tab-panel><div class="pane">${json}</div></vscode-tab-panel>
    <vscode-tab-panel>${request}</vscode-tab-panel>
  </vscode-tabs>`;
