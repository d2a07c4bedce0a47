import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DiscoverInput, discover } from '../../../src/dagster/discovery.ts';
import { sqliteStorageIn } from '../../../src/dagster/storageSections.ts';
import { freePort } from '../../freePort.ts';
import { newFolder, removeFolder, WrittenHome } from './home.ts';
import { answering, type Served } from './serving.ts';

describe('looking for the instance', () => {
  let workspace: string;
  let homes: WrittenHome[];
  let served: Served | undefined;
  beforeEach(() => {
    workspace = newFolder();
    homes = [];
  });
  afterEach(async () => {
    for (const home of homes) home.dispose();
    removeFolder(workspace);
    await served?.stop();
    served = undefined;
  });

  /** A home with default storage, at `place` or anywhere. */
  const newHome = (place?: string): string => {
    const made = new WrittenHome();
    homes.push(made);
    made.closeWriter();
    if (place === undefined) return made.home;
    mkdirSync(path.dirname(place), { recursive: true });
    renameSync(made.home, place);
    return place;
  };
  const look = (input: Partial<DiscoverInput> = {}) =>
    discover({ settingHome: null, webserverUrl: null, workspaceFolders: [workspace], env: {}, ...input });
  const found = async (input: Partial<DiscoverInput> = {}) => {
    const result = await look(input);
    if (result.state !== 'found') return assert.fail(JSON.stringify(result));
    return { state: result.state, ...result.instance };
  };
  const unusable = async (input: Partial<DiscoverInput> = {}) => {
    const result = await look(input);
    return result.state === 'unusable' ? result : assert.fail(JSON.stringify(result));
  };
  /** A webserver that says what a real one says of its instance. */
  const serve = async (home: string, version = '1.13.27') => {
    const info = `local_artifact_storage:\n  module: dagster._core.storage.root\n  class: LocalArtifactStorage\n  config:\n    base_dir: ${home}\nrun_storage: SqliteRunStorage\nevent_log_storage: SqliteEventLogStorage\n`;
    served = await answering((_, response) => response.end(JSON.stringify({ data: { version, instance: { info } } })));
    return served.url;
  };

  it('keeps to its order: setting, .env, environment, webserver, temporary home', async () => {
    const temporary = newHome(path.join(workspace, 'projects', 'ai_audi', '.tmp_dagster_home_x1'));
    assert.deepEqual(await found().then(({ foundBy, home }) => [foundBy, home]), ['temporary-home', temporary]);
    const webserverUrl = await serve(newHome(path.join(workspace, 'served')));
    assert.equal((await found({ webserverUrl })).foundBy, 'webserver');
    const env = { DAGSTER_HOME: newHome() };
    assert.deepEqual(await found({ webserverUrl, env }).then(({ foundBy, home }) => [foundBy, home]), [
      'environment',
      env.DAGSTER_HOME,
    ]);
    const inDotenv = newHome();
    writeFileSync(path.join(workspace, '.env'), `SENTRY_DSN=x\nexport DAGSTER_HOME="${inDotenv}" # mine\n`);
    assert.deepEqual(await found({ webserverUrl, env }).then(({ foundBy, home }) => [foundBy, home]), [
      'dotenv',
      inDotenv,
    ]);
    const settingHome = newHome();
    assert.deepEqual(await found({ webserverUrl, env, settingHome }).then(({ foundBy, home }) => [foundBy, home]), [
      'setting',
      settingHome,
    ]);
  });

  it('stays with the home that a webserver named, while it does not answer and the home is there', async () => {
    const home = newHome();
    const isConfirmed = (asked: string): boolean => asked === home;
    const webserverUrl = `http://127.0.0.1:${await freePort()}`; // nobody answers
    const stays = await found({ webserverUrl, namedBefore: home, isConfirmed });
    assert.deepEqual([stays.foundBy, stays.home, stays.webserverUrl], ['webserver', home, null]);
    assert.equal((await look({ webserverUrl, namedBefore: home })).state, 'unconfirmed', 'as confirmed as it was');
    assert.equal((await look({ webserverUrl, namedBefore: `${home}-gone`, isConfirmed })).state, 'none');
    const other = newHome(path.join(workspace, 'served'));
    assert.equal((await found({ webserverUrl: await serve(other), namedBefore: home, isConfirmed })).home, other);
  });

  it('takes a relative home from the workspace', async () => {
    const home = newHome(path.join(workspace, '.dagster_home'));
    assert.equal((await found({ settingHome: '.dagster_home' })).home, home);
    writeFileSync(path.join(workspace, '.env'), 'DAGSTER_HOME=.dagster_home\n');
    assert.equal((await found()).home, home);
  });

  it('says everywhere it looked when there is none', async () => {
    const result = await look({ webserverUrl: 'http://127.0.0.1:9' });
    assert.deepEqual(result, {
      state: 'none',
      looked: [
        'the setting firedrill.dagsterHome: empty',
        `${path.join(workspace, '.env')}: no DAGSTER_HOME`,
        'the environment variable DAGSTER_HOME: not set',
        'Nothing listens at http://127.0.0.1:9.',
        '.tmp_dagster_home_* in the workspace: none',
      ],
    });
  });

  it('stays with the home that was named, also when it cannot be read', async () => {
    newHome(path.join(workspace, '.tmp_dagster_home_x1'));
    const missing = await unusable({ settingHome: '/nonexistent/home' });
    assert.match(
      missing.message,
      /^\/nonexistent\/home, named by the setting firedrill\.dagsterHome, is no folder on this machine\.$/,
    );
    const empty = newFolder();
    assert.match(
      (await unusable({ env: { DAGSTER_HOME: empty } })).message,
      /is no Dagster home: it holds neither dagster\.yaml nor/,
    );
    writeFileSync(path.join(empty, 'dagster.yaml'), '');
    assert.match((await unusable({ settingHome: empty })).message, /has no event log yet .+ when Dagster first starts/);
    writeFileSync(path.join(empty, 'dagster.yaml'), 'storage:\n  mysql:\n    mysql_url: x');
    assert.match((await unusable({ settingHome: empty })).message, /keeps its event log in MySQL/);
    removeFolder(empty);
  });

  it('asks before it reads what only a webserver outside of the workspace names', async () => {
    const outside = newHome();
    const webserverUrl = await serve(outside);
    // MySQL would be told: nothing in that home is read before the yes.
    writeFileSync(path.join(outside, 'dagster.yaml'), 'storage:\n  mysql:\n    mysql_url: x');
    assert.deepEqual(await look({ webserverUrl }), {
      state: 'unconfirmed',
      home: outside,
      foundBy: 'webserver',
      webserverUrl,
    });
    const asked = (home: string) => home === outside;
    assert.match((await unusable({ webserverUrl, isConfirmed: asked })).message, /MySQL/);
    rmSync(path.join(outside, 'dagster.yaml'));
    assert.equal((await found({ webserverUrl, isConfirmed: asked })).home, outside);
    assert.equal((await found({ webserverUrl, settingHome: outside })).webserverUrl, webserverUrl);
  });

  it('knows a home in the workspace through a link', async () => {
    const home = newHome(path.join(workspace, 'inside'));
    const link = `${workspace}-link`;
    symlinkSync(workspace, link);
    const webserverUrl = await serve(home);
    assert.equal((await found({ webserverUrl, workspaceFolders: [link] })).state, 'found');
    rmSync(link);
  });

  it("does not link a home to another instance's webserver", async () => {
    const webserverUrl = await serve(newHome());
    assert.equal((await found({ webserverUrl, settingHome: newHome() })).webserverUrl, null);
  });

  it('is not held up long by a webserver that hangs, and finds the temporary home', async () => {
    newHome(path.join(workspace, '.tmp_dagster_home_x1'));
    served = await answering(() => undefined);
    const { foundBy } = await found({ webserverUrl: served.url, webserverTimeout: 100 });
    assert.equal(foundBy, 'temporary-home');
  });

  it('takes the temporary home that is in use, else the newest', async () => {
    const old = newHome(path.join(workspace, '.tmp_dagster_home_old'));
    const newer = newHome(path.join(workspace, '.tmp_dagster_home_new'));
    mkdirSync(path.join(workspace, '.tmp_dagster_home_empty'));
    utimesSync(sqliteStorageIn(old).eventLog, 1000, 1000);
    assert.equal((await found()).home, newer);
    writeFileSync(`${sqliteStorageIn(old).eventLog}-wal`, '');
    assert.equal((await found()).home, old);
  });

  it('warns of a Dagster that is newer than what was tested, naming it', async () => {
    const home = newHome();
    const webserverUrl = await serve(home, '1.99.0');
    assert.match(
      (await found({ webserverUrl, settingHome: home })).warnings.join(),
      /^Dagster 1\.99\.0 is newer than /,
    );
    assert.deepEqual((await found({ webserverUrl, settingHome: newHome() })).warnings, [], 'it serves another one');
  });

  it("takes the instance's own name for its identity, else its real path and when it was made", async () => {
    const written = new WrittenHome();
    homes.push(written);
    const anonymous = (await found({ settingHome: written.home })).id;
    assert.match(anonymous, /^home-[0-9a-f]{32}$/);
    assert.equal((await found({ settingHome: `${written.home}/` })).id, anonymous);
    written.runs.exec(
      "create table secondary_indexes (migration_completed); insert into secondary_indexes values ('2026-05-01 08:00:00.000001')",
    );
    const made = (await found({ settingHome: written.home })).id;
    assert.notEqual(made, anonymous);
    written.runs.exec("insert into instance_info (run_storage_id) values ('7c172362-4298-46e8-9900-5eb13a891adb')");
    const named = await found({ settingHome: written.home });
    assert.equal(named.id, '7c172362-4298-46e8-9900-5eb13a891adb');
    assert.equal(named.earlierId, made);
    assert.equal(named.madeAt, '2026-05-01 08:00:00.000001');
  });

  it('resolves what dagster.yaml takes from the environment with the .env of the workspace', async () => {
    const data = newHome();
    const home = newFolder();
    writeFileSync(path.join(home, 'dagster.yaml'), 'storage:\n  sqlite:\n    base_dir:\n      env: DATA_DIR\n');
    writeFileSync(path.join(workspace, '.env'), `DATA_DIR=${data}\n`);
    const { storage } = await found({ settingHome: home, env: { DATA_DIR: '/elsewhere' } });
    assert.deepEqual(storage, sqliteStorageIn(data));
    removeFolder(home);
  });
});
