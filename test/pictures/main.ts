// `npm run pictures`: takes the pictures of the README (docs/pictures) and of the walkthrough (media/walkthrough) anew,
// in a real VS Code on the demo project, with failures that a real Dagster recorded. It needs Linux on x64.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from '../../esbuild.mjs';
import { root } from '../../scripts/paths.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { main, say } from '../../scripts/say.ts';
import { pythonEnvironment } from '../dagster/provoker.ts';
import { makeProject } from '../endToEnd/project.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { Camera } from './camera.ts';

/** What the tree shows; each leaves failures of another kind. */
const CASES = [
  'check-discrepancies',
  'check-unresolved-refs',
  'run-exception',
  'check-blocking',
  'run-retry-requested',
];

await main(async () => {
  await build();
  const project = await makeProject();
  try {
    const provoker = await project.instance.serve();
    await provoker.provoke('check-integrity');
    const size = { width: 1280, height: 860 };
    const workbench = await openWorkbench({ folder: project.folder, extensions: [root], size });
    try {
      await workbench.openContainer('Firedrill');
      await workbench.tree('Failures').row('Before Firedrill').waitFor();
      await provoker.provoke(...CASES);
      await workbench
        .tree('Failures')
        .row(/run failure/)
        .waitFor();
      await take(workbench, project.instance.home);
    } finally {
      await workbench.close();
    }
  } finally {
    await project.dispose();
  }
  return 0;
});

async function take(workbench: Workbench, home: string): Promise<void> {
  const camera = new Camera(workbench);
  const { page } = workbench;
  const failures = workbench.tree('Failures');
  await camera.widenSideBar(400);
  await camera.leavePointer();
  await camera.inBothThemes('see', { area: [failures.pane], height: 165 });
  await camera.inBothThemes('connect', {
    before: () => workbench.run('Firedrill: Choose Instance…'),
    area: [page.locator('.quick-input-widget')],
    after: () => page.keyboard.press('Escape'),
  });

  await failures.click(/check failure discrepancies/);
  const preview = await workbench.webview('Payload Preview');
  await preview.getByTestId('title').waitFor();
  await camera.leavePointer();
  await camera.inBothThemes('preview', {
    area: [page.locator('.part.editor .editor-container')],
    width: 440,
    height: 160,
  });
  await camera.take('preview', { area: [page.locator('.part.sidebar'), page.locator('.part.editor')] });

  await failures.titleAction('Send Test Check Failure');
  await preview.locator('[data-testid=receipt][data-state=accepted]').waitFor();
  const sent = workbench.tree('Sent');
  await sent.expand(/^firedrill/);
  await sendWithPython(workbench, home);
  await sent.expand(/^sentry\.python/);
  await camera.leavePointer();
  await camera.inBothThemes('send', { area: [sent.pane], height: 165 });
  await camera.take('sent', { area: [sent.pane] });

  await workbench.run('Firedrill: Show Sensor Ticks');
  const ticks = await workbench.webview('Sensor Ticks');
  await ticks.getByTestId('tick').first().click();
  await ticks.getByTestId('details').waitFor();
  await camera.leavePointer();
  await camera.take('drill', { area: [page.locator('.monaco-workbench')] });
  await workbench.run('View: Toggle Primary Side Bar Visibility');
  await camera.take('ticks', { area: [page.locator('.part.panel')] });
  say(`the pictures are in docs/pictures and media/walkthrough`);
}

/** The project's own Python sensors send what they would send, to the inbox. */
async function sendWithPython(workbench: Workbench, home: string): Promise<void> {
  await workbench.run('Firedrill: Copy Inbox DSN');
  const dsn = await workbench.copied(/^http:/);
  const { python } = await pythonEnv();
  const script = path.join(root, 'test', 'dagster', 'send_with_python.py');
  const child = spawn(python, [script, '--home', home, '--dsn', dsn], {
    env: pythonEnvironment(home),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`send_with_python.py ended with ${code}`);
  await workbench
    .tree('Sent')
    .row(/^sentry\.python/)
    .waitFor();
}
