import type { Preview } from '../../../src/engine/api.ts';
import type { Failure } from '../../../src/failure/failure.ts';
import type { Opened } from './harness.ts';
import { receivedFromJs, receivedMessage } from './receivedSamples.ts';
import * as samples from './samples.ts';

/** A state of a webview: what it is told and what is done then. */
export interface WebviewState {
  readonly message: unknown;
  readonly act?: (opened: Opened) => Promise<void>;
  readonly size?: { readonly width?: number; readonly height?: number };
}

const NARROW = { width: 520, height: 800 };

/** The message for a failure. */
export const previewMessage = (failure: Failure, over: Partial<Preview> = {}, failingLine: string | null = null) => ({
  type: 'preview',
  preview: samples.previewOf(failure, over),
  failingLine,
  subject: { kind: 'failure', id: failure.id, target: 'default' },
});

const tab =
  (name: string) =>
  async ({ page }: Opened): Promise<void> =>
    page.getByRole('tab', { name }).click();
const edit = async ({ page }: Opened): Promise<void> => page.getByRole('button', { name: 'Edit', exact: true }).click();

const noDsn = { target: samples.inbox, targetNote: 'no DSN set for ai_bmw' };
const toInbox = { kind: 'inbox' } as const;
const { delivery, discrepancies } = samples;

/** Every state that the preview has. `at`: the present, ms since 1970. */
export const previewStates = (at: number): Readonly<Record<string, WebviewState>> => {
  const accepted = { kind: 'accepted', at: at - 5000, status: 200, durationMs: 34, mayRepeat: false } as const;
  const partly = samples.partlyShown();
  const issueUrl = 'https://example.sentry.io/issues/1/';
  const sent = (...deliveries: Preview['deliveries']): WebviewState => ({
    message: previewMessage(discrepancies, { deliveries }),
  });
  return {
    check: { message: previewMessage(discrepancies) },
    json: { message: previewMessage(discrepancies), act: tab('JSON') },
    request: {
      message: previewMessage(discrepancies),
      act: async (opened) => {
        await tab('Request')(opened);
        await opened.page.getByRole('button', { name: /^header/ }).click();
      },
    },
    copied: {
      message: previewMessage(discrepancies),
      act: async (opened) => {
        await opened.page.getByRole('button', { name: 'Copy JSON' }).click();
        await opened.copied();
      },
    },
    run: { message: previewMessage(samples.runFailure(), noDsn) },
    chained: { message: previewMessage(samples.chained, {}, 'projects/ai_audi/prices.py:31') },
    'chained-long': {
      message: previewMessage(samples.runFailure(), noDsn, 'projects/ai_bmw/bmw_definitions.py:12'),
      size: { height: 800 },
    },
    dismissed: { message: samples.dismissedMessage },
    types: { message: previewMessage(samples.everyType), size: { height: 1400 } },
    bare: { message: previewMessage(samples.checkFailure([], { partition: null, runId: null }), { webserver: false }) },
    many: {
      message: previewMessage(samples.many),
      act: async ({ page }) => {
        await page.locator('.grid').evaluate((grid) => {
          grid.scrollTop = 46 * 24;
        });
        await page.locator('td', { hasText: 'WAUZZZ8K9BA010049' }).click();
      },
    },
    cut: { message: previewMessage(samples.hugeRun) },
    partly: { message: previewMessage(partly.failure, partly.over), size: { height: 1400 } },
    limits: { message: previewMessage(samples.overLimits), size: { height: 900 } },
    hostile: { message: previewMessage(samples.hostile), size: { height: 1200 } },
    marked: { message: samples.markedMessage },
    sending: sent(delivery({ kind: 'sending' })),
    waiting: sent(
      delivery({ kind: 'waiting', until: at + 42_000, reason: 'HTTP 429: the project is over its quota' }),
      delivery({ ...accepted, durationMs: 3 }, { target: toInbox }),
    ),
    queued: sent(delivery({ kind: 'waiting', until: null, reason: null }, { tries: 0 })),
    accepted: sent(delivery(accepted)),
    confirmed: sent(delivery({ ...accepted, confirmation: { kind: 'confirmed', at, issueUrl } })),
    unseen: sent(
      delivery({
        ...accepted,
        mayRepeat: true,
        confirmation: { kind: 'unseen', at, words: 'Not seen in Sentry for an hour. It dropped 3 events meanwhile.' },
      }),
    ),
    refused: {
      message: previewMessage(samples.hugeRun, {
        deliveries: [
          delivery({
            kind: 'failed',
            at: at - 5000,
            status: 403,
            reason:
              'Refused (403). Sentry does not take events for this key and project. It says: event submission rejected with_reason: ProjectId',
          }),
        ],
      }),
    },
    test: { message: previewMessage(samples.testFailure) },
    'test-sent': { message: samples.sentTestMessage(delivery(accepted, { target: toInbox })) },
    edit: { message: previewMessage(samples.editedTest), act: edit, size: { height: 900 } },
    'edit-run': { message: previewMessage(samples.editedRun), act: edit, size: { height: 900 } },
    'edit-problem': {
      message: previewMessage(samples.editedTest),
      act: async (opened) => {
        await edit(opened);
        await opened.page.getByLabel('Value of count').fill('many');
        await opened.page.getByRole('button', { name: 'Add tag' }).click();
        await opened.page.getByLabel('Name of tag new tag').fill('no blanks');
      },
    },
    received: { message: receivedMessage, size: { height: 900 } },
    'received-js': { message: receivedFromJs, size: { height: 900 } },
    'received-request': { message: receivedMessage, act: tab('Request') },
    narrow: { message: previewMessage(discrepancies, { deliveries: [delivery(accepted)] }), size: NARROW },
    'narrow-chained': {
      message: previewMessage(samples.chained, {}, 'projects/ai_audi/prices.py:31'),
      size: NARROW,
    },
    'narrow-types': { message: previewMessage(samples.everyType), size: { ...NARROW, height: 1150 } },
    'narrow-edit': { message: previewMessage(samples.editedTest), act: edit, size: NARROW },
    'narrow-edit-run': { message: previewMessage(samples.editedRun), act: edit, size: NARROW },
    'narrow-received': { message: receivedMessage, size: NARROW },
    loading: { message: { type: 'loading' }, size: { height: 300 } },
    error: {
      message: {
        type: 'error',
        message: 'This failure is no longer stored. Look back in the Failures view to list it again.',
      },
      size: { height: 300 },
    },
  };
};
