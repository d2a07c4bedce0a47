import * as v from 'valibot';
import { deliveryId } from '../../delivery/delivery.ts';
import { failureId } from '../../failure/ids.ts';
import { testFieldsSchema } from '../../failure/testFields.ts';
import type { FromPreview, PreviewAct, PreviewSubject } from '../../webview/protocol.ts';

const type = <const Name extends string>(name: Name) => v.object({ type: v.literal(name) });

const copy = v.pipe(v.number(), v.integer());

const shortText = v.pipe(v.string(), v.maxLength(1000));

const subject: v.GenericSchema<unknown, PreviewSubject> = v.variant('kind', [
  v.object({
    kind: v.literal('failure'),
    id: v.pipe(v.string(), v.transform(failureId)),
    target: v.picklist(['default', 'sentry', 'inbox']),
  }),
  v.object({ kind: v.literal('inbox'), id: v.pipe(v.number(), v.integer()) }),
]);

const act: v.GenericSchema<unknown, PreviewAct> = v.variant('type', [
  v.object({ type: v.literal('send'), target: v.picklist(['sentry', 'inbox']) }),
  v.object({
    type: v.picklist(['retry', 'open-issue']),
    delivery: v.pipe(v.number(), v.integer(), v.transform(deliveryId)),
  }),
  v.object({ type: v.literal('copy'), what: v.picklist(['json', 'curl', 'sha256']), copy }),
  v.object({ type: v.literal('copy-text'), text: v.pipe(v.string(), v.maxLength(2_000_000)), copy }),
  v.object({ type: v.literal('copy-value'), path: v.pipe(v.string(), v.maxLength(20_000)), copy }),
  v.object({ type: v.literal('curl-with-key'), copy }),
  type('open-json'),
  type('open-run'),
  type('open-failing-line'),
  type('compare'),
  v.object({
    type: v.literal('open-in-dagster'),
    what: v.variant('kind', [
      v.object({ kind: v.literal('run'), id: shortText }),
      v.object({ kind: v.literal('asset'), key: v.pipe(v.array(shortText), v.maxLength(50)) }),
    ]),
  }),
  type('show-issue'),
  v.object({ type: v.literal('edit'), fields: testFieldsSchema }),
  v.object({ type: v.literal('unread'), unread: v.boolean() }),
  type('show-failure'),
  type('compare-failure'),
  type('edit-copy'),
  type('save-specimen'),
  type('restore'),
  type('set-dsn'),
  v.object({ type: v.literal('switch-target'), target: v.picklist(['sentry', 'inbox']) }),
]);

/** What the preview's webview may say; anything else is dropped and logged. */
export const fromPreview: v.GenericSchema<unknown, FromPreview> = v.union([
  type('ready'),
  v.intersect([act, v.object({ about: subject })]),
]);

/** What the webview kept when the window was closed or reloaded; nothing where an older version kept something else. */
export const keptSubject = v.fallback(
  v.nullable(
    v.pipe(
      v.object({ subject }),
      v.transform((kept) => kept.subject),
    ),
  ),
  null,
);
