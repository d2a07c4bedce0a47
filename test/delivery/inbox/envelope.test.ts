import assert from 'node:assert/strict';
import { createEnvelope, type Envelope, parseEnvelope as parseWithSdk, serializeEnvelope } from '@sentry/core';
import fc from 'fast-check';
import { Refusal } from '../../../src/delivery/inbox/answer.ts';
import { type ParsedEnvelope, parseEnvelope } from '../../../src/delivery/inbox/envelope.ts';

const parse = (text: string | Uint8Array) => parseEnvelope(Buffer.from(text));
const itemTypes = ({ lines }: ParsedEnvelope) => lines.filter(({ kind }) => kind === 'payload').map(({ type }) => type);
const causeOf = (text: string | Buffer): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Refusal) return `${error.answer.status} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('envelope parser', () => {
  it('reads what the SDK writes, as the SDK reads it', () => {
    const payload = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.uint8Array({ maxLength: 50 }));
    const item = fc.tuple(fc.constantFrom('session', 'attachment', 'client_report'), payload);
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.option(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.array(item),
        (header, event, items) => {
          const all = [
            ...(event === null ? [] : [[{ type: 'event' }, event]]),
            ...items.map(([type, content]) =>
              content instanceof Uint8Array
                ? [{ type, length: content.length || 1 }, content.length > 0 ? content : new Uint8Array(1)]
                : [{ type }, content],
            ),
          ];
          const bytes = serializeEnvelope(createEnvelope(header as Envelope[0], all as Envelope[1]));
          const parsed = parse(bytes);
          const [sdkHeader, sdkItems] = parseWithSdk(bytes);
          assert.deepEqual(parsed.header, sdkHeader);
          assert.deepEqual(parsed.event?.event ?? null, event === null ? null : sdkItems[0]?.[1]);
          assert.deepEqual(
            itemTypes(parsed).slice(event === null ? 0 : 1),
            items.map(([type]) => type),
          );
        },
      ),
    );
  });

  it('keeps the text of the event as it came', () => {
    const text = '{"n": 12345678901234567890, "a": 1, "a": 2}';
    const parsed = parse(`{}\n{"type":"event"}\n${text}`);
    assert.equal(parsed.event?.json, text);
  });

  it('tells each line with its size, and its text where it is one and short', () => {
    const { lines } = parse(
      Buffer.concat([
        Buffer.from('{"dsn":null}\n{"type":"event"}\n{"a":1}\n{"type":"attachment","length":3}\n'),
        Buffer.from([0xff, 10, 0]),
        Buffer.from(`\n{"type":"log"}\n${'x'.repeat(70_000)}`),
      ]),
    );
    assert.deepEqual(lines, [
      { kind: 'header', type: null, bytes: 12, text: '{"dsn":null}' },
      { kind: 'item header', type: null, bytes: 16, text: '{"type":"event"}' },
      { kind: 'payload', type: 'event', bytes: 7, text: null },
      { kind: 'item header', type: null, bytes: 32, text: '{"type":"attachment","length":3}' },
      { kind: 'payload', type: 'attachment', bytes: 3, text: null },
      { kind: 'item header', type: null, bytes: 14, text: '{"type":"log"}' },
      { kind: 'payload', type: 'log', bytes: 70_000, text: null },
    ]);
  });

  const good: readonly (readonly [string, string, readonly string[]])[] = [
    ['a header alone', '{}', []],
    ['a header with its newline', '{}\n', []],
    [
      'two empty attachments',
      '{}\n{"type":"attachment","length":0}\n\n{"type":"attachment","length":0}\n\n',
      ['attachment', 'attachment'],
    ],
    [
      'the same without the last newline',
      '{}\n{"type":"attachment","length":0}\n\n{"type":"attachment","length":0}\n',
      ['attachment', 'attachment'],
    ],
    ['text without a length', '{}\n{"type":"attachment"}\nhello world\n', ['attachment']],
    ['a payload with newlines', '{}\n{"type":"attachment","length":3}\n\r\n\n\n{"type":"x"}\n', ['attachment', 'x']],
    ['an item of an unknown type', '{}\n{"type":"from the future","more":1}\n...\n', ['from the future']],
  ];
  for (const [what, text, others] of good) {
    it(`takes ${what}`, () => {
      const parsed = parse(text);
      assert.deepEqual([parsed.event, itemTypes(parsed)], [null, others]);
    });
  }

  const bad: readonly (readonly [string, string | Buffer, string])[] = [
    ['no JSON', 'x\n', 'the envelope header is not JSON'],
    ['a list as its header', '[]\n', 'the envelope header is no JSON object'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d]), 'the envelope header is not UTF-8'],
    ['an item header that is no JSON', '{}\nx\n{}', 'the header of item 1 is not JSON'],
    ['an item without type', '{}\n{"length":2}\n{}', 'the header of item 1 has no valid type'],
    ['a negative length', '{}\n{"type":"event","length":-1}\n{}', 'the header of item 1 has no valid length'],
    ['a length that is no number', '{}\n{"type":"event","length":"2"}\n{}', 'the header of item 1 has no valid length'],
    [
      'a payload that is cut off',
      '{}\n{"type":"event","length":99}\n{"a":1}',
      'item 1 (event) is cut off: 7 of 99 bytes came',
    ],
    ['a header without its payload', '{}\n{"type":"event","length":9}', 'item 1 (event) is cut off: 0 of 9 bytes came'],
    [
      'a length that is too short',
      '{}\n{"type":"event","length":2}\n{"a":1}\n',
      'item 1 (event) does not end after the 2 bytes of its length',
    ],
    ['an event that is no JSON', '{}\n{"type":"x"}\n\n{"type":"event"}\n{"a":\n', 'item 2 (event) is not JSON'],
    ['an event that is no object', '{}\n{"type":"event"}\n"text"\n', 'item 1 (event) is no JSON object'],
    ['an event that is missing', '{}\n{"type":"event"}\n', 'item 1 (event) is not JSON'],
  ];
  for (const [what, text, cause] of bad) {
    it(`names what is wrong with ${what}`, () => {
      assert.equal(causeOf(text), `400 invalid event envelope: ${cause}`);
    });
  }

  it('never fails in another way than with a refusal', () => {
    const start = Buffer.from('{}\n{"type":"event","length":7}\n{"a":1}\n{"type":"session"}\n{}\n');
    fc.assert(
      fc.property(fc.nat(start.length), fc.uint8Array({ maxLength: 12 }), fc.nat(6), (at, put, cut) => {
        causeOf(Buffer.concat([start.subarray(0, at), put, start.subarray(Math.min(start.length, at + cut))]));
      }),
    );
  });

  it('bounds the number of items', () => {
    assert.equal(causeOf(`{}\n${'{"type":"x"}\n\n'.repeat(1_000)}`), 'accepted');
    assert.match(causeOf(`{}\n${'{"type":"x"}\n\n'.repeat(1_001)}`), /^413 /);
  });
});
