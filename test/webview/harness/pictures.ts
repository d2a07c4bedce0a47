/** Takes pictures of every state in every theme, to be looked at: `node test/webview/harness/pictures.ts [theme…]`. */
import { startHarness } from './harness.ts';
import { previewStates, type WebviewState } from './previewStates.ts';
import type { WebviewName } from './server.ts';
import { THEMES } from './themes.ts';
import { tickStates } from './tickStates.ts';

const wanted = process.argv.slice(2);
const harness = await startHarness();

let at = Date.now();
interface Case extends WebviewState {
  readonly view: WebviewName;
}
const cases = (): Readonly<Record<string, Case>> => ({
  ...Object.fromEntries(
    Object.entries(previewStates(at)).map(([name, state]) => [`preview.${name}`, { view: 'preview', ...state }]),
  ),
  ...Object.fromEntries(
    Object.entries(tickStates(at)).map(([name, state]) => [`ticks.${name}`, { view: 'ticks', ...state }]),
  ),
});

const names = Object.keys(cases());
for (const theme of THEMES) {
  for (const name of names) {
    if (wanted.length > 0 && !wanted.some((word) => `${name}.${theme}`.includes(word))) continue;
    at = Date.now();
    const chosen = cases()[name];
    if (!chosen) continue;
    const { view, message, act, size } = chosen;
    const opened = await harness.open(view, { theme, ...size });
    await opened.tell(message);
    await act?.(opened);
    await opened.page.waitForTimeout(150);
    await opened.picture(`${name}.${theme}`);
    const problems = await opened.problems();
    if (problems.length > 0) console.log(name, theme, problems);
    await opened.close();
  }
}
await harness.close();
