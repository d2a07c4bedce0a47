import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { pythonEnv } from '../../../scripts/python.ts';
import { toldCuts } from '../../../src/channels/sentry/toldCuts.ts';
import { openInbox } from '../../../src/delivery/inbox/inbox.ts';
import { START, tempFolder } from '../../store/samples.ts';

const SCRIPT = `
import sentry_sdk
sentry_sdk.init(traces_sample_rate=1.0, auto_enabling_integrations=False)
with sentry_sdk.new_scope() as scope:
    scope.set_tag("oem", "audi")
    scope.set_extra("run_id", "run-7")
    scope.set_extra("metadata", {"records": [{"n": n} for n in range(50)], "deep": {"a": {"b": {"c": {"d": {"e": 1}}}}}})
    sentry_sdk.capture_message("Dagster asset check failure: integrity on audi/prices (ERROR)", level="error", scope=scope)
try:
    raise ValueError("no prices \\u20ac")
except ValueError as error:
    sentry_sdk.capture_exception(error)
with sentry_sdk.start_transaction(name="a transaction"):
    pass
sentry_sdk.flush(8)
`;

describe('inbox with the Sentry SDK for Python', function () {
  this.timeout(120_000);

  it('receives its messages and exceptions, and lists none of its transactions', async () => {
    const { python } = await pythonEnv();
    const folder = tempFolder();
    const inbox = await openInbox({ folder: folder.path, port: 0, now: () => START });
    const child = spawn(python, ['-c', SCRIPT], { env: { ...process.env, SENTRY_DSN: inbox.dsn }, stdio: 'inherit' });
    assert.equal(await new Promise((resolve) => child.on('exit', resolve)), 0);
    const events = inbox.list(9).map(({ title, level, sender, runId }) => ({ title, level, sender, runId }));
    const sender = 'sentry.python 2.75.0';
    assert.deepEqual(
      events.sort((a, b) => a.title.localeCompare(b.title)),
      [
        {
          title: 'Dagster asset check failure: integrity on audi/prices (ERROR)',
          level: 'error',
          sender,
          runId: 'run-7',
        },
        { title: 'ValueError: no prices €', level: 'error', sender, runId: null },
      ],
    );
    const message = inbox.list(9).find(({ runId }) => runId === 'run-7');
    const received = message ? inbox.get(message.id) : null;
    assert.ok(received);
    assert.deepEqual(received.event.tags, { oem: 'audi' });
    assert.deepEqual(
      toldCuts(received.event)
        .map(({ path, what }) => [path.split('/').slice(0, 4).join('/'), what])
        .sort(),
      [
        ['/extra/metadata/deep', 'The sender put a text in its place: too deep, or more than it takes.'],
        ['/extra/metadata/records', '50 items: the sender kept the first 10.'],
      ],
    );
    assert.ok(received?.headers.some(([name, value]) => name === 'content-encoding' && /gzip|br/.test(value)));
    await inbox.close();
    folder.remove();
  });
});
