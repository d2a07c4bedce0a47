import fc from 'fast-check';
import type { Frame } from 'playwright-core';
import type { FromPreview, FromTicks } from '../../src/webview/protocol.ts';

/** What the protocol calls its messages: junk begins with the right words too. */
export const PREVIEW_NAMES: readonly FromPreview['type'][] = [
  'send',
  'retry',
  'open-issue',
  'copy',
  'copy-text',
  'open-in-dagster',
  'edit',
  'unread',
  'switch-target',
];
export const TICKS_NAMES: readonly FromTicks['type'][] = ['range', 'tick-now', 'set-running', 'show-tick', 'preview'];

const ABOUT = { kind: 'failure', id: 'x', target: 'default' };

/** Some 200 values that a webview could send (each as JSON has it); a few may be of the protocol by chance. */
export function junk(names: readonly string[]): readonly unknown[] {
  const deep = JSON.parse(`${'{"type":'.repeat(500)}"send"${'}'.repeat(500)}`);
  return [
    null,
    true,
    0,
    '',
    'ready',
    [],
    ['ready'],
    {},
    { type: ['ready'] },
    { type: 'READY' },
    { type: 'eval', code: 'process.exit()' },
    { type: '__proto__' },
    { type: 'constructor' },
    { command: 'workbench.action.quit' },
    { type: 'x'.repeat(5_000_000) },
    { type: 'copy-text', text: 'x'.repeat(2_000_001), copy: 1 },
    { type: 'preview', failure: 'x'.repeat(201) },
    { type: 'open-in-dagster', what: { kind: 'url', id: 'https://evil.example' } },
    JSON.parse('{"__proto__":{"polluted":1},"type":"send"}'),
    deep,
    ...names.flatMap((type) => [
      { type },
      { type, about: ABOUT },
      { type, target: 'inbox', fields: {}, delivery: 1, what: 'json', text: '', about: { ...ABOUT, kind: 'page' } },
      {
        type,
        about: ABOUT,
        target: 'https://evil.example',
        delivery: 1.5,
        what: 'key',
        fields: null,
        text: 7,
        tick: 'one',
      },
      {
        type,
        about: ABOUT,
        target: {},
        delivery: '1',
        what: null,
        fields: [],
        text: null,
        sensor: 'other',
        from: '0',
        to: null,
      },
    ]),
    ...fc.sample(fc.jsonValue(), { numRuns: 100, seed: 5 }),
  ];
}

/**
 * Sends these to the extension as the webview's page would. VS Code hands its way of doing that out once, to the page's
 * own script; here the frame around the page is asked in its place.
 */
export async function say(frame: Frame, messages: readonly unknown[]): Promise<void> {
  // As JSON: what VS Code makes of them anyway.
  await frame.parentFrame()?.evaluate((json) => {
    const post = Reflect.get(window, '__vscode_post_message__');
    for (const message of JSON.parse(json)) post('onmessage', { message, transfer: [] });
  }, JSON.stringify(messages));
}
