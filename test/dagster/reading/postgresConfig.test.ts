import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { instanceConfig } from '../../../src/dagster/dagsterYaml.ts';
import { serverOfUrl } from '../../../src/dagster/postgres/server.ts';
import { newFolder, removeFolder } from './home.ts';

describe('Postgres in dagster.yaml', () => {
  let home: string;
  beforeEach(() => {
    home = newFolder();
  });
  afterEach(() => removeFolder(home));

  const config = (yaml: string, env: Record<string, string> = {}) => {
    writeFileSync(path.join(home, 'dagster.yaml'), yaml);
    return instanceConfig(home, { env, folders: [], userHome: home });
  };
  const storageOf = (yaml: string, env?: Record<string, string>) => {
    const found = config(yaml, env);
    assert.ok(found.kind === 'usable' && found.storage.kind === 'postgres', inspect(found));
    return found.storage;
  };
  const messageOf = (yaml: string, env?: Record<string, string>) => {
    const found = config(yaml, env);
    return found.kind === 'unusable' ? found.message : assert.fail('it is usable');
  };
  /** What pg would connect to. */
  const parts = (yaml: string, env?: Record<string, string>) => {
    const { eventLog } = storageOf(yaml, env);
    const { user, password, host, port, database } = new Client(eventLog.connectionString(eventLog.sslmode));
    return { user, password, host, port, database };
  };

  it('is named by a URL, by its parts, or by the environment', () => {
    const expected = { user: 'dagster', password: 'a:b/c d%#?', host: 'db.example.com', port: 5433, database: 'prod' };
    const url = 'postgresql+psycopg2://dagster:a%3Ab%2Fc%20d%25%23%3F@db.example.com:5433/prod';
    assert.deepEqual(parts(`storage:\n  postgres:\n    postgres_url: "${url}"`), expected);
    assert.deepEqual(parts('storage:\n  postgres:\n    postgres_url:\n      env: DB_URL', { DB_URL: url }), expected);
    const byParts = `
storage:
  postgres:
    postgres_db:
      username: dagster
      password: { env: DB_PASSWORD }
      hostname: { env: DB_HOST }
      db_name: prod
      port: { env: DB_PORT }
      scheme: postgresql+psycopg2`;
    const env = { DB_PASSWORD: 'a:b/c d%#?', DB_HOST: 'db.example.com', DB_PORT: '5433' };
    assert.deepEqual(parts(byParts, env), expected);
    assert.match(
      messageOf(byParts, { DB_HOST: 'h' }),
      /takes storage\.postgres\.postgres_db\.password from the environment variable DB_PASSWORD, which is not set here/,
    );
  });

  it('in its older form is named for each storage', () => {
    const section = (name: string, kind: string, database: string) =>
      `${name}:\n  module: dagster_postgres.${name}\n  class: Postgres${kind}Storage\n  config:\n    postgres_db: {username: u, password: p, hostname: h, db_name: ${database}}\n`;
    const one = storageOf(section('event_log_storage', 'EventLog', 'a') + section('run_storage', 'Run', 'a'));
    assert.equal(one.eventLog.label, 'database a at h:5432');
    assert.ok(one.runs.isSameAs(one.eventLog));
    const two = storageOf(section('event_log_storage', 'EventLog', 'a') + section('run_storage', 'Run', 'b'));
    assert.equal(two.runs.label, 'database b at h:5432');
    assert.ok(!two.runs.isSameAs(two.eventLog));
  });

  it('may be a class of its own under storage.custom', () => {
    const yaml =
      'storage:\n  custom:\n    module: dagster_postgres\n    class: DagsterPostgresStorage\n    config:\n      postgres_url: postgresql://u:p@h/d';
    assert.equal(storageOf(yaml).eventLog.label, 'database d at h:5432');
  });

  it('takes the SSL parameters with the meaning that libpq gives them', () => {
    const sslOf = (query: string) => {
      const { eventLog } = storageOf(`storage:\n  postgres:\n    postgres_url: "postgresql://u:p@h/d${query}"`);
      return { mode: eventLog.sslmode, ssl: new Client(eventLog.connectionString(eventLog.sslmode)).ssl };
    };
    assert.equal(sslOf('').mode, 'prefer');
    assert.equal(sslOf('?sslmode=disable').ssl, false);
    assert.equal(JSON.stringify(sslOf('?sslmode=require').ssl), '{"rejectUnauthorized":false}');
    assert.equal(JSON.stringify(sslOf('?sslmode=verify-full').ssl), '{}');
    const params =
      'storage:\n  postgres:\n    postgres_db: {username: u, hostname: h, db_name: d, params: {sslmode: require}}';
    assert.equal(storageOf(params).eventLog.sslmode, 'require');
  });

  it('that is incomplete is told with what is missing, and without the password', () => {
    for (const [yaml, told] of [
      [
        'storage:\n  postgres:\n    postgres_url: mysql://u:secret@h/d',
        /postgres_url in .+ is no URL of a Postgres database/,
      ],
      ['storage:\n  postgres:\n    postgres_url: postgresql://u:secret%@h/d', /is no URL of a Postgres database/],
      ['storage:\n  postgres: {}', /has neither postgres_url nor postgres_db in storage\.postgres/],
      ['storage:\n  postgres:\n    postgres_db: {username: u, password: secret, db_name: d}', /postgres_db\.hostname/],
      [
        'storage:\n  postgres:\n    postgres_db: {username: u, hostname: h, db_name: d}\n    auth_provider: {gcp_wif: {}}',
        /has an auth_provider in storage\.postgres\. Firedrill signs in to Postgres with a password only/,
      ],
    ] as const) {
      const message = messageOf(yaml);
      assert.match(message, told);
      assert.doesNotMatch(message, /secret/);
    }
  });

  it('shows its password nowhere: neither printed, nor as JSON, nor in its name', () => {
    const { eventLog } = storageOf('storage:\n  postgres:\n    postgres_url: postgresql://user:hushhush@h/d');
    for (const shown of [inspect(eventLog, { depth: 9, showHidden: true }), JSON.stringify(eventLog), eventLog.label]) {
      assert.doesNotMatch(shown, /hushhush|user/);
    }
  });
});

describe('the URL of a Postgres database', () => {
  it('may name a host by its IPv6 address, by a socket folder, or not at all', () => {
    assert.equal(serverOfUrl('postgres://u@[::1]:5433/d')?.label, 'database d at ::1:5433');
    assert.equal(serverOfUrl('postgresql://u@/d?host=/run/postgresql')?.label, 'database d at /run/postgresql:5432');
    assert.equal(serverOfUrl('postgresql:///d')?.label, 'database d at localhost:5432');
    assert.equal(serverOfUrl('postgresql://u@h')?.label, 'database u at h:5432');
    assert.equal(serverOfUrl('http://h/d'), null);
  });
});
