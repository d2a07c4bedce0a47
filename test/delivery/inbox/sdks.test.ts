import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toldCuts } from '../../../src/channels/sentry/toldCuts.ts';
import { type Inbox, openInbox } from '../../../src/delivery/inbox/inbox.ts';
import { START, tempFolder } from '../../store/samples.ts';

// In a process of its own: the SDK patches what it finds and keeps a global scope.
const SCRIPT = `
  import * as Sentry from '@sentry/node';
  Sentry.init({ dsn: process.env.SENTRY_DSN, environment: 'test', tracesSampleRate: 1 });
  Sentry.withScope((scope) => {
    scope.setTag('oem', 'audi');
    scope.setExtra('run_id', 'run-7');
    scope.setExtra('batch', { source: { feed: { rows: { first: 1 } } } });
    Sentry.captureMessage('Dagster run failure: audi/2024/prices (ValueError)', 'error');
  });
  Sentry.captureException(new TypeError('no prices'));
  Sentry.startSpan({ name: 'a transaction' }, () => undefined);
  process.exit((await Sentry.flush(8000)) ? 0 : 1);
`;

describe('inbox with the Sentry SDK for Node', function () {
  this.timeout(30_000);

  it('receives its messages and exceptions, and lists none of its transactions', async () => {
    const folder = tempFolder();
    const inbox: Inbox = await openInbox({ folder: folder.path, port: 0, now: () => START });
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      cwd,
      env: { ...process.env, SENTRY_DSN: inbox.dsn },
      stdio: 'inherit',
    });
    assert.equal(await new Promise((resolve) => child.on('exit', resolve)), 0);
    const events = inbox.list(9).map(({ title, level, sender, runId }) => ({ title, level, sender, runId }));
    const sender = 'sentry.javascript.node 11.11.0';
    assert.deepEqual(
      events.sort((a, b) => a.title.localeCompare(b.title)),
      [
        { title: 'Dagster run failure: audi/2024/prices (ValueError)', level: 'error', sender, runId: 'run-7' },
        { title: 'TypeError: no prices', level: 'error', sender, runId: null },
      ],
    );
    const message = inbox.list(9).find(({ runId }) => runId === 'run-7');
    const event = message ? inbox.get(message.id)?.event : undefined;
    assert.ok(event);
    assert.deepEqual(event.tags, { oem: 'audi' });
    assert.deepEqual(
      toldCuts(event).map(({ path }) => path),
      ['/extra/batch/source/feed'],
    );
    await inbox.close();
    folder.remove();
  });
});
