import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { assertSpecified, type PreviewLine, previewed } from '../cli/previewed.ts';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import { PASSWORD, PostgresForTests } from '../dagster/postgres/server.ts';
import { postgresInstance } from '../dagster/postgres/written.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { HostedEngine, until } from '../engine/hostedEngine.ts';
import { makeProject } from './project.ts';
import { eventOf, Recorder } from './recorder.ts';

/** Of each kind of row that an event log gives: quick ones, as each storage has to have them. */
const CASES = [
  'check-all-three',
  'check-every-metadata-type',
  'check-blocking',
  'check-reported-instance',
  'run-cause-chain',
  'run-several-steps',
  'run-resource',
  'run-partition',
];
const DISCREPANCIES = /^Dagster asset check failure: discrepancies on audi\/2024\/prices/;

describe('a real Dagster on each storage', function () {
  this.timeout(60_000);
  let server: PostgresForTests;
  let instances: Record<'default' | 'consolidated' | 'postgres', DagsterInstance>;
  let env: Record<string, string>;
  let provoker: Provoker;

  before(async () => {
    server = await PostgresForTests.start();
    const database = await server.newDatabase();
    env = { DAGSTER_POSTGRES_URL: server.url(database) };
    instances = {
      default: await DagsterInstance.withHistory(),
      consolidated: await consolidatedInstance(),
      postgres: await postgresInstance(server, database),
    };
    provoker = await instances.postgres.serve();
    await Promise.all([provoker.provoke(...CASES), instances.consolidated.provoke(...CASES)]);
  });
  after(async () => {
    for (const instance of Object.values(instances ?? {})) await instance.dispose();
    await server?.stop();
  });

  const eventsOf = async (name: keyof typeof instances) => {
    const manifest = (await instances[name].manifest()).filter((entry) => CASES.includes(entry.case));
    const lines = await previewed(instances[name].home, env);
    const events: Record<string, unknown>[] = [];
    for (const entry of manifest) {
      const line = lines.find((each) => each.storage_id === entry.storage_id) ?? assert.fail(entry.case);
      assertSpecified(line, entry);
      events.push({ case: entry.case, kind: line.kind, ...everywhereTheSame(line) });
    }
    // In the order of the cases, which is another one where every case was made.
    events.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return { events, lines: lines.length, failures: manifest.length };
  };

  it('leaves the same failures, and preview renders the same events of them', async () => {
    const [byDefault, consolidated, postgres] = await Promise.all([
      eventsOf('default'),
      eventsOf('consolidated'),
      eventsOf('postgres'),
    ]);
    assert.equal(byDefault.events.length, 11);
    assert.deepEqual(consolidated.events, byDefault.events);
    assert.deepEqual(postgres.events, byDefault.events);
    for (const each of [consolidated, postgres]) assert.equal(each.lines, each.failures, 'nothing but these');
  });

  describe('on Postgres, followed by the engine', () => {
    let recorder: Recorder;
    let hosted: HostedEngine;
    let folder: { readonly folder: string; dispose(): Promise<void> };
    before(async () => {
      recorder = await Recorder.start();
      folder = await makeProject({ ai_audi: recorder.dsn });
      const variables = [
        `DAGSTER_HOME='${instances.postgres.home}'`,
        `DAGSTER_POSTGRES_URL=${env.DAGSTER_POSTGRES_URL}`,
      ];
      await writeFile(path.join(folder.folder, '.env'), variables.join('\n'));
      // Without a notification from Dagster, the peek would find nothing in time.
      hosted = await HostedEngine.start({ workspaceFolders: [folder.folder], peekInterval: 10_000 });
      await hosted.configure({ deliveryMode: 'automatic', approvedDsns: 'all' });
    });
    after(async () => {
      await hosted?.dispose();
      await folder?.dispose();
      await recorder?.stop();
    });

    it('lists what came before, and sends at once what fails now', async () => {
      const { instance } = await hosted.engine.overview();
      assert.ok(instance.state === 'following', JSON.stringify(instance));
      const before = await hosted.engine.failures({ status: 'pending', group: 'before', limit: 50, before: null });
      assert.equal(before.total, 11);
      const found = hosted.found(DISCREPANCIES).then((row) => ({ row, late: Date.now() - row.timestamp * 1000 }));
      await provoker.provoke('check-discrepancies');
      const { row, late } = await found;
      const [request] = await recorder.atLeast(1);
      assert.ok(request);
      assert.equal(eventOf(request).message, row.title);
      assert.equal(recorder.requests.length, 1);
      console.log(`      from the event's timestamp to the stored failure, told by Dagster: ${late.toFixed(0)} ms`);
      assert.ok(late < 3_000, `${late} ms`);
    });

    it('says that the server does not let it in any more, and goes on by itself when it does', async () => {
      const [{ database } = { database: '' }] = await server.admin(
        "select datname as database from pg_stat_activity where application_name = 'firedrill' limit 1",
      );
      await hosted.configure({ peekInterval: 100 });
      await server.admin(`alter database ${database} allow_connections false`);
      await server.admin("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'firedrill'");
      try {
        const lost = await until(async () => {
          const { instance } = await hosted.engine.overview();
          return instance.state === 'lost' && instance;
        }, 'the loss to be told');
        assert.match(lost.message, new RegExp(`^The Postgres database ${database} at 127\\.0\\.0\\.1:${server.port} `));
      } finally {
        await server.admin(`alter database ${database} allow_connections true`);
      }
      const count = recorder.requests.length;
      await provoker.provoke('check-integrity');
      await recorder.atLeast(count + 1);
      await until(async () => (await hosted.engine.overview()).instance.state === 'following', 'following again');
    });

    it('keeps the password out of state, log and what the interface is told', async () => {
      const files = await readdir(hosted.stateFolder, { recursive: true, withFileTypes: true });
      const contents = await Promise.all(
        files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name), 'latin1')),
      );
      assert.ok(contents.length > 0);
      const told = [...hosted.logged, JSON.stringify([await hosted.engine.overview(), hosted.ticks, hosted.failures])];
      for (const form of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(PASSWORD).toString('base64')]) {
        for (const text of [...contents, ...told]) assert.ok(!text.includes(form) && !text.includes(form.slice(0, 12)));
      }
    });
  });
});

/** The older form of dagster.yaml, which alone can name this storage. */
async function consolidatedInstance(): Promise<DagsterInstance> {
  const className = 'ConsolidatedSqliteEventLogStorage';
  const section = (folder: string) =>
    `event_log_storage:\n  module: dagster._core.storage.event_log\n  class: ${className}\n  config:\n    base_dir: ${folder}\n`;
  const instance = await DagsterInstance.empty();
  await writeFile(
    path.join(instance.home, 'dagster.yaml'),
    (await readFile(path.join(instance.home, 'dagster.yaml'), 'utf8')) + section(path.join(instance.home, 'one')),
  );
  return instance;
}

const keyOf = (event: Record<string, unknown>) => `${event.case} ${event.message}`;

/** An event without what differs from run to run. */
function everywhereTheSame({ event }: PreviewLine) {
  const { event_id: _id, timestamp: _at, extra, ...rest } = event;
  const { run_id: _run, ...same } = extra;
  return { ...rest, extra: same };
}
