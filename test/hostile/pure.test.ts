import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endpointWords } from '../../src/channels/sentry/endpointWords.ts';
import { groupingOf, headline } from '../../src/channels/sentry/grouping.ts';
import { renderAlert } from '../../src/channels/sentry/render.ts';
import { MAX_DEPTH, TOO_DEEP } from '../../src/dagster/depth.ts';
import { decodeEvaluation, decodeRunFailure, SerdesError } from '../../src/dagster/serdes.ts';
import { describeEvent } from '../../src/delivery/inbox/describeEvent.ts';
import { Showing } from '../../src/engine/shown.ts';
import { failureRow } from '../../src/ui/failures/rows.ts';
import { failureTooltip } from '../../src/ui/failures/tooltip.ts';
import { english } from '../../src/ui/l10n.ts';
import { safe } from '../../src/ui/message.ts';
import { inert } from '../../src/ui/text.ts';
import { checkFailure, metadata, NOW, settings, target } from '../channels/sentry/failures.ts';
import { evaluationJson } from '../dagster/reading/home.ts';
import { delivery, row as rowWith } from '../ui/samples.ts';

/** Any UTF-16, and the pieces that mean something to somebody. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        ...[
          '$(flame)',
          '](command:x)',
          '<script>',
          '\u001b[31m',
          '\u202e',
          '\u2066',
          '\ud83d',
          '\u0000',
          '\r\n',
          '2024',
        ],
        ...['__proto__', '**', '`', 'https://k3y@evil.example/1', 'sentry_key=k3y', '0x1f', '127.0.0.1'],
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const ACTING = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

/** A value nested so deep, as JSON. */
const nested = (levels: number): string => `${'[{"d":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
const deep = (levels: number) =>
  decodeEvaluation(evaluationJson('run-1', 1795220881, { metadata: `{"deep": ${nested(levels)}}` })).metadata();

describe('hostile text', () => {
  it('is one inert line in a row, its words for the ear, its tooltip, a quick pick and a message', () => {
    fc.assert(
      fc.property(text, text, text, (label, detail, partition) => {
        const row = rowWith({ label, detail, partition, codeLocation: detail });
        const shown = failureRow(row, NOW, english);
        const failure = checkFailure({ description: label, metadata: [metadata(detail, partition)] });
        const refused = delivery({ kind: 'failed', at: NOW, status: 403, reason: label });
        const issue = { title: label, otherPending: 2 };
        const lines = failureTooltip(row, failure, issue, refused, NOW, english).split('\n');
        for (const line of [shown.label, shown.description, shown.spoken, ...lines]) {
          assert.doesNotMatch(line, ACTING);
          assert.ok(line.isWellFormed());
        }
        for (const line of [inert(shown.label), inert(label), safe(label)]) assert.doesNotMatch(line, /\$\(|\]\(/);
        assert.doesNotMatch(safe(label), /k3y/);
      }),
    );
  });

  it('is grouped the same each time, on one line for people', () => {
    fc.assert(
      fc.property(text, (message) => {
        assert.deepEqual(groupingOf(message), groupingOf(message));
        assert.doesNotMatch(headline(message), /[\n\r]/);
      }),
    );
  });

  it('of an endpoint is one short plain line', () => {
    fc.assert(
      fc.property(text, text, (detail, error) => {
        for (const body of [detail, JSON.stringify({ detail, causes: [error] }), `<html><title>${detail}`]) {
          const words = endpointWords({ status: 400, headers: { 'x-sentry-error': error }, body });
          if (words === null) continue;
          assert.doesNotMatch(words, /[\p{Cc}\p{Cf}]/u);
          assert.ok([...words].length <= 300 && words.isWellFormed());
        }
      }),
    );
  });

  it('in an event of any sender gives a row of strings', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('message', 'level', 'extra', 'sdk', 'exception', 'logentry', 'event_id'),
          fc.jsonValue(),
        ),
        text,
        (event, client) => {
          const { title, level, sender } = describeEvent(event as Parameters<typeof describeEvent>[0], {
            sdk: event,
            client,
            userAgent: null,
          });
          for (const shown of [title, level, sender]) assert.equal(typeof shown, 'string');
          assert.ok(title.length <= 300 && title.isWellFormed());
        },
      ),
    );
  });
});

describe('a damaged row of the log', () => {
  const stored = evaluationJson('run-1', 1795220881);

  it('is refused with a reason, or read, wherever it was changed', () => {
    fc.assert(
      fc.property(fc.nat(stored.length), text, fc.nat(40), (at, put, cut) => {
        const changed = stored.slice(0, at) + put + stored.slice(at + cut);
        for (const decode of [decodeEvaluation, decodeRunFailure]) {
          try {
            const read = decode(changed);
            if ('metadata' in read) read.metadata();
          } catch (error) {
            assert.ok(error instanceof SerdesError, String(error));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a value that is nested deep', () => {
  it('is whole where it is nested 1,000 levels', () => {
    assert.deepEqual(deep(1_000)[0]?.value, JSON.parse(nested(1_000)));
  });

  it('is cut where nothing could walk it, and alerts all the same', () => {
    for (const levels of [2_000, 20_000, 200_000]) {
      const [entry] = deep(levels);
      assert.ok(entry);
      const json = JSON.stringify(entry.value);
      assert.ok(json.includes(JSON.stringify(TOO_DEEP)));
      assert.equal(json.match(/[[{]/g)?.length, MAX_DEPTH);
      const { event } = renderAlert({
        failure: checkFailure({ metadata: [entry] }),
        target,
        settings,
        resend: 0,
        now: NOW,
      });
      new Showing().event(event as Parameters<Showing['event']>[0]);
    }
  });
});
