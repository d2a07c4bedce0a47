import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { instanceConfig } from '../../../src/dagster/dagsterYaml.ts';
import { sqliteStorageIn } from '../../../src/dagster/storageSections.ts';
import { newFolder, removeFolder } from './home.ts';

describe('dagster.yaml', () => {
  let home: string;
  let workspace: string;
  beforeEach(() => {
    home = newFolder();
    workspace = newFolder();
  });
  afterEach(() => {
    removeFolder(home);
    removeFolder(workspace);
  });

  const config = (yaml: string, env: Record<string, string> = {}) => {
    writeFileSync(path.join(home, 'dagster.yaml'), yaml);
    return instanceConfig(home, { env, folders: [workspace], userHome: path.join(workspace, 'user') });
  };
  const storageOf = (yaml: string, env?: Record<string, string>) => {
    const found = config(yaml, env);
    return found.kind === 'usable' ? found.storage : assert.fail(found.message);
  };
  const messageOf = (yaml: string, env?: Record<string, string>) => {
    const found = config(yaml, env);
    return found.kind === 'unusable' ? found.message : assert.fail('it is usable');
  };

  it('that is missing, empty or silent about storage means the home itself', () => {
    const context = { env: {}, folders: [], userHome: '/' };
    assert.deepEqual(instanceConfig(home, context), {
      kind: 'usable',
      storage: sqliteStorageIn(home),
      runRetries: false,
    });
    assert.deepEqual(storageOf(''), sqliteStorageIn(home));
    assert.deepEqual(storageOf('telemetry:\n  enabled: false\nstorage:\n'), sqliteStorageIn(home));
  });

  it('says whether runs are retried', () => {
    for (const [yaml, expected] of [
      ['run_retries:\n  enabled: true\n  max_retries: 3', true],
      ['run_retries:\n  enabled: false', false],
      ['run_retries:', false],
    ] as const) {
      const found = config(yaml);
      assert.equal(found.kind === 'usable' && found.runRetries, expected);
    }
  });

  it('moves the storage, by name or by an environment variable', () => {
    const moved = path.join(workspace, 'data');
    assert.deepEqual(storageOf(`storage:\n  sqlite:\n    base_dir: ${moved}`), sqliteStorageIn(moved));
    const byEnv = 'storage:\n  sqlite:\n    base_dir:\n      env: BASE';
    assert.deepEqual(storageOf(byEnv, { BASE: moved }), sqliteStorageIn(moved));
    assert.match(
      messageOf(byEnv),
      /takes storage\.sqlite\.base_dir from the environment variable BASE, which is not set here/,
    );
  });

  it('with a relative or ~ folder means the place that has an event log', () => {
    const make = (base: string) => {
      mkdirSync(path.join(base, 'history', 'runs'), { recursive: true });
      writeFileSync(path.join(base, 'history', 'runs', 'index.db'), '');
    };
    const relative = 'storage:\n  sqlite:\n    base_dir: data';
    assert.deepEqual(storageOf(relative), sqliteStorageIn(path.join(workspace, 'data')));
    make(path.join(home, 'data'));
    assert.deepEqual(storageOf(relative), sqliteStorageIn(path.join(home, 'data')));
    make(path.join(workspace, 'data'));
    assert.deepEqual(storageOf(relative), sqliteStorageIn(path.join(workspace, 'data')));
    const tilde = 'storage:\n  sqlite:\n    base_dir: ~/data';
    make(path.join(workspace, 'user', 'data'));
    assert.deepEqual(storageOf(tilde), sqliteStorageIn(path.join(workspace, 'user', 'data')));
    make(path.join(workspace, '~', 'data')); // Dagster itself does not expand it
    assert.deepEqual(storageOf(tilde), sqliteStorageIn(path.join(workspace, '~', 'data')));
  });

  it('in its older form names a folder for each storage', () => {
    const section = (name: string, className: string, folder: string) =>
      `${name}:\n  module: dagster._core.storage\n  class: ${className}\n  config:\n    base_dir: ${folder}\n`;
    assert.deepEqual(
      storageOf(
        section('event_log_storage', 'SqliteEventLogStorage', '/e') + section('run_storage', 'SqliteRunStorage', '/r'),
      ),
      {
        kind: 'sqlite',
        layout: 'sharded',
        eventLog: path.join('/e', 'index.db'),
        runs: path.join('/r', 'runs.db'),
        schedules: sqliteStorageIn(home).schedules,
      },
    );
  });

  it('may have the ticks of its own sensors in another kind of storage, or in one that is not read', () => {
    const section = (config: string) => storageOf(`schedule_storage:\n  module: m\n${config}`).schedules;
    const postgres = section(
      '  class: PostgresScheduleStorage\n  config:\n    postgres_url: postgresql://u:p@db/ticks\n',
    );
    assert.equal(postgres?.kind, 'postgres');
    assert.deepEqual(section('  class: SqliteScheduleStorage\n  config:\n    base_dir: /s\n'), {
      kind: 'sqlite',
      file: path.join('/s', 'schedules.db'),
    });
    assert.equal(section('  class: MyScheduleStorage\n'), null);
    assert.equal(section('  class: PostgresScheduleStorage\n  config:\n    postgres_url:\n      env: NOT_SET\n'), null);
  });

  it('in its older form may name the consolidated storage, which is one file', () => {
    const yaml =
      'event_log_storage:\n  module: dagster._core.storage.event_log\n  class: ConsolidatedSqliteEventLogStorage\n  config:\n    base_dir: /e';
    assert.deepEqual(storageOf(yaml), {
      ...sqliteStorageIn(home),
      layout: 'consolidated',
      eventLog: path.join('/e', 'event_log.db'),
    });
  });

  it('with another storage says which, and what to do', () => {
    for (const [yaml, told] of [
      [
        'storage:\n  mysql:\n    mysql_url: mysql://u:secret@h/d',
        /in MySQL, which Firedrill cannot read\. .*follow an instance/,
      ],
      ['storage:\n  custom:\n    module: acme\n    class: AcmeStorage\n    config: {}', /in AcmeStorage, which/],
      [
        'run_storage:\n  module: dagster_mysql.run_storage\n  class: MySQLRunStorage\n  config: {}',
        /in MySQL \(MySQLRunStorage\), which/,
      ],
      [
        'event_log_storage:\n  module: x\n  class: InMemoryEventLogStorage\n  config: {}',
        /in InMemoryEventLogStorage, which/,
      ],
      [
        'event_log_storage:\n  module: x\n  class: PostgresEventLogStorage\n  config:\n    postgres_url: postgresql://u:secret@h/d',
        /its event log in Postgres and its runs in SQLite\. .*set run_storage/,
      ],
    ] as const) {
      const message = messageOf(yaml);
      assert.match(message, told);
      assert.doesNotMatch(message, /secret/);
    }
  });

  it('that is broken is told with its place, and without a word of what it says', () => {
    const told = (yaml: string, expected: RegExp) => {
      const message = messageOf(yaml);
      assert.match(message, expected);
      assert.doesNotMatch(message, /secret|31337/);
    };
    told('storage: [\n  secret: b', /dagster\.yaml is no YAML that can be read: line \d, column \d+/);
    told('storage:\n  postgres:\n    postgres_url: *secret', /refers to an anchor that it does not have/);
    told(
      'storage:\n  sqlite: secret',
      /dagster\.yaml is not as Dagster expects it, at storage\.sqlite: Object is expected/,
    );
    told(
      'storage:\n  postgres:\n    postgres_db: {username: u, password: 31337, hostname: h, db_name: d}',
      /at storage\.postgres\.postgres_db\.password: \(string \| Object\) is expected/,
    );
    told('- secret', /at its top/);
  });
});
