import { html, type TemplateResult } from 'lit';
import type { Preview } from '../../engine/api.ts';
import type { JsonObject } from '../../failure/json.ts';
import type { CopyAct, PreviewAct, ToPreview } from '../protocol.ts';
import { t } from '../shared/l10n.ts';
import { belowError } from './belowError.ts';
import type { Draft } from './edit/model.ts';
import { placeOf } from './eventModel.ts';
import { type Below, eventTab } from './eventTab.ts';
import { keptCharacters } from './facts.ts';
import { failurePage } from './failurePage.ts';
import type { Read } from './reading.ts';
import { receivedFacts } from './receivedFacts.ts';
import { receivedBar, receivedHeadline } from './receivedPage.ts';
import { requestTab } from './requestTab.ts';
import { tabs } from './tabs.ts';
import type { ValueActions } from './valueView.ts';

/** How a test failure is being changed. */
export interface FormState {
  /** The form is open. */
  readonly editing: boolean;
  /** Why what was typed last was not taken. */
  readonly refused: string;
  /** What was typed and cannot be read; null where all can be. */
  readonly draft: Draft | null;
  /** Why what is shown cannot be sent as long as the form is as it is; empty where it can. */
  readonly hindrance: string;
}

/** What of the page a person has chosen, and what is drawn with it. */
export interface PageState {
  /** ms since 1970. */
  readonly now: number;
  /** The Send button rests after a click. */
  readonly held: boolean;
  readonly form: FormState;
  readonly tab: number;
  readonly wrap: boolean;
  /** The lines of the envelope that are open. */
  readonly opened: ReadonlySet<number>;
  /** The JSON was looked at: it stays drawn. */
  readonly jsonSeen: boolean;
  readonly read: Read;
}

export interface PageActions {
  readonly post: (message: PreviewAct) => void;
  /** Resolves once it is on the clipboard. */
  readonly copy: (what: CopyAct) => Promise<void>;
  readonly send: () => void;
  readonly sendToInbox: () => void;
  /** Takes what is typed and cannot be read; null once all can be. */
  readonly keep: (draft: Draft | null) => void;
  readonly edit: (preview: Preview) => void;
  readonly showPath: (path: string) => void;
  readonly choose: (tab: number) => void;
  readonly setWrap: (wrap: boolean) => void;
  readonly toggle: (part: number) => void;
}

/** What would be sent for a failure. */
export const ofFailure = (
  message: Extract<ToPreview, { type: 'preview' }>,
  state: PageState,
  actions: PageActions,
): TemplateResult => {
  const { preview, failingLine } = message;
  const { post, copy } = actions;
  const values: ValueActions = {
    copy: copyWith(state.read, copy),
    openRun: preview.canOpenRun ? () => post({ type: 'open-run' }) : null,
    runId: preview.failure.runId,
    open: preview.webserver ? (what) => post({ type: 'open-in-dagster', what }) : null,
  };
  return failurePage({
    ...state,
    message,
    ...actions,
    edit: () => actions.edit(preview),
    tabs: threeTabs(
      preview.event,
      keptCharacters(preview),
      values,
      belowError(preview.unsent, failingLine, () => post({ type: 'open-failing-line' })),
      () => copy({ type: 'curl-with-key' }),
      state,
      actions,
    ),
  });
};

/** What the inbox received. */
export const ofReceived = (
  message: Extract<ToPreview, { type: 'received' }>,
  state: PageState,
  actions: PageActions,
): TemplateResult => {
  const { received } = message;
  const { post, copy, showPath } = actions;
  const values: ValueActions = { copy: copyWith(state.read, copy), openRun: null, runId: null, open: null };
  return html`<main>
    ${receivedHeadline(received, state.now)}
    ${receivedBar(received, actions)}
    ${receivedFacts(message, showPath, post)}
    ${threeTabs(received.event, new Map(), values, new Map(), null, state, actions)}
  </main>`;
};

/** What is shown only in part is copied whole. */
const copyWith =
  ({ event }: Read, copy: PageActions['copy']): ValueActions['copy'] =>
  (text, path) =>
    copy(event.shortened.has(placeOf(path)) ? { type: 'copy-value', path } : { type: 'copy-text', text });

const threeTabs = (
  event: JsonObject,
  kept: ReadonlyMap<string, number>,
  values: ValueActions,
  below: Below,
  copyWithKey: (() => Promise<void>) | null,
  { tab, wrap, opened, jsonSeen, read }: PageState,
  { post, copy, choose, setWrap, toggle }: PageActions,
): TemplateResult =>
  tabs({
    tab,
    choose,
    setWrap,
    event: eventTab(read.event, wrap, kept, values, below, () => post({ type: 'open-json' })),
    json: jsonSeen ? html`<firedrill-json .value=${event} label=${t('Event as JSON')}></firedrill-json>` : '',
    request: requestTab(
      read.request,
      { copyHash: () => copy({ type: 'copy', what: 'sha256' }), copyWithKey },
      opened,
      toggle,
    ),
  });
