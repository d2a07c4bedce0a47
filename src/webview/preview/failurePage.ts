import { html, nothing, type TemplateResult } from 'lit';
import type { PreviewAct, ToPreview } from '../protocol.ts';
import { factLines } from './facts.ts';
import { headline } from './headline.ts';
import type { FormState, PageActions } from './page.ts';
import { receipts } from './receipt.ts';
import { targetBar } from './target.ts';

export interface FailurePageInput {
  readonly message: Extract<ToPreview, { type: 'preview' }>;
  /** ms since 1970. */
  readonly now: number;
  /** The Send button rests after a click. */
  readonly held: boolean;
  readonly form: FormState;
  readonly post: (message: PreviewAct) => void;
  readonly copy: PageActions['copy'];
  readonly send: () => void;
  readonly sendToInbox: () => void;
  readonly edit: () => void;
  readonly keep: PageActions['keep'];
  readonly showPath: (path: string) => void;
  readonly tabs: TemplateResult;
}

/** What would be sent for a failure: what it is called, where it goes, what became of it, what is lost, the event. */
export const failurePage = (input: FailurePageInput): TemplateResult => {
  const { message, now, form, post } = input;
  const { preview } = message;
  const openRun = preview.canOpenRun ? () => post({ type: 'open-run' }) : null;
  return html`<main>
    ${headline(preview, now, { openRun, restore: () => post({ type: 'restore' }) })}
    ${targetBar(preview, { ...input, ...form })}
    ${receipts(preview, now, input)}
    ${
      form.editing && preview.test !== null
        ? html`<firedrill-edit
            .test=${preview.test}
            refused=${form.refused}
            .kept=${form.draft}
            .unread=${input.keep}
            .edit=${(fields: Extract<PreviewAct, { type: 'edit' }>['fields']) => post({ type: 'edit', fields })}
            .keep=${() => post({ type: 'save-specimen' })}
          ></firedrill-edit>`
        : nothing
    }
    ${factLines(preview, input.showPath, () => post({ type: 'show-issue' }))}
    ${input.tabs}
  </main>`;
};
