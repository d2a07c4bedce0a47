import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { EventLogError } from '../../../src/dagster/eventLog.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import { PostgresConnection, type Timeouts } from '../../../src/dagster/postgres/connection.ts';
import { PostgresEventLog } from '../../../src/dagster/postgres/eventLog.ts';
import { identifyPostgres } from '../../../src/dagster/postgres/identity.ts';
import { type PostgresServer, serverOfUrl } from '../../../src/dagster/postgres/server.ts';
import { postgresStorageAt } from '../../../src/dagster/storageSections.ts';
import { selfSigned } from '../../delivery/selfSigned.ts';
import { PASSWORD, type PostgresForTests } from '../postgres/server.ts';
import { instanceInDatabase, type RunningPostgres, writtenPostgres } from '../postgres/written.ts';
import { readAll } from './home.ts';

const QUICK: Timeouts = { connect: 400, statement: 400, lock: 200 };

export const postgresFaults = (running: () => RunningPostgres) =>
  describe('a Postgres that cannot be read', () => {
    let server: PostgresForTests;
    let database: string;
    before(async () => {
      ({ server, database } = running());
      await server.admin('truncate event_logs', database);
    });

    const faultOf = async (attempt: Promise<unknown>): Promise<EventLogError> => {
      const error = await attempt.then(
        () => assert.fail('nothing was thrown'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof EventLogError, String(error));
      const shown = inspect(error, { depth: 9 });
      for (const form of [PASSWORD, encodeURIComponent(PASSWORD), 'another']) assert.ok(!shown.includes(form), shown);
      return error;
    };
    const at = (url: string): PostgresServer => serverOfUrl(url) ?? assert.fail('no URL');
    const opening = (url: string) => openEventLog(instanceInDatabase(url), { codeLocationOf: async () => null });

    it('is told with what is wrong, and never with the password', async () => {
      const url = server.url(database);
      const wrong = await faultOf(opening(url.replace(encodeURIComponent(PASSWORD), 'another')));
      assert.match(
        wrong.message,
        /does not let Firedrill in: password authentication failed .+ Check the storage in dag/,
      );
      assert.match((await faultOf(opening(server.url('nowhere')))).message, /database "nowhere" does not exist/);
      const empty = await faultOf(opening(server.url(await server.newDatabase())));
      assert.deepEqual([empty.fault, /holds no Dagster event log/.test(empty.message)], ['no-tables', true]);
      const nobody = await faultOf(opening(url.replace(`:${server.port}/`, ':9/')));
      assert.deepEqual([nobody.fault, /ECONNREFUSED .+ Firedrill tries again\.$/.test(nobody.message)], ['gone', true]);
    });

    it('is only read: a transaction can change nothing', async () => {
      const connection = await PostgresConnection.open(at(server.url(database)));
      try {
        const writing = await faultOf(connection.read((query) => query("insert into event_logs (event) values ('x')")));
        assert.match(writing.message, /cannot execute INSERT in a read-only transaction/);
        const [row] = await connection.read((query) => query('select count(*)::int as count from event_logs'));
        assert.deepEqual(row, { count: 0 }, 'and the connection goes on');
      } finally {
        connection.close();
      }
    });

    it('holds nobody up when it answers no more, and is read again when it does', async () => {
      const instance = instanceInDatabase(server.url(database));
      const options = { codeLocationOf: async () => null, now: Date.now };
      const log = await PostgresEventLog.open(instance, instance.storage, options, QUICK);
      try {
        const cursor = await log.start('check');
        assert.equal(await log.hasNew('check', cursor), false);
        const thaw = await server.freeze();
        const began = performance.now();
        const fault = await faultOf(log.hasNew('check', cursor)).finally(thaw);
        assert.equal(fault.fault, 'gone');
        assert.ok(performance.now() - began < 3_000);
        assert.equal(await log.hasNew('check', cursor), false);
      } finally {
        log.close();
      }
    });

    it('whose connections are all cut tells of what is recorded again within seconds, and nothing is lost', async () => {
      const storage = await writtenPostgres(server, database);
      const log = await openEventLog(storage.instance, { codeLocationOf: async () => null });
      let told = 0;
      const stop = log.watch(() => {
        told += 1;
      });
      const isTold = async (within: number): Promise<void> => {
        for (const end = performance.now() + within; told === 0; await delay(10)) {
          assert.ok(performance.now() < end, `not told within ${within} ms`);
        }
        told = 0;
      };
      const ours = "from pg_stat_activity where application_name = 'firedrill'";
      try {
        await isTold(2_000);
        const cursor = await log.end('check');
        const [cut] = await server.admin(`select count(pg_terminate_backend(pid))::int as n ${ours}`);
        assert.ok(Number(cut?.n) >= 2, 'the one that reads and the one that listens');
        await storage.evaluation('while nobody listens', 1_777_600_000);
        await isTold(3_000);
        await storage.evaluation('afterwards', 1_777_600_001);
        await isTold(1_000);
        const { failures } = await readAll(log, 'check', cursor);
        assert.deepEqual(
          failures.map(({ runId }) => runId),
          ['while nobody listens', 'afterwards'],
        );
        stop();
        await delay(50);
        const [left] = await server.admin(`select count(*)::int as n ${ours} and query like 'listen%'`);
        assert.equal(left?.n, 0, 'nobody listens any more');
      } finally {
        stop();
        log.close();
        await storage.dispose();
      }
    });

    it('is told as locked while somebody holds its table', async () => {
      const instance = instanceInDatabase(server.url(database));
      const options = { codeLocationOf: async () => null, now: Date.now };
      const log = await PostgresEventLog.open(instance, instance.storage, options, QUICK);
      const other = await server.client(database);
      try {
        await other.query('begin; lock table event_logs in access exclusive mode');
        assert.equal((await faultOf(log.end('check'))).fault, 'locked');
        await other.query('rollback');
        await log.end('check');
      } finally {
        await other.end();
        log.close();
      }
    });

    it('that takes connections and says nothing is given up in time, or when the search is stopped', async () => {
      const silent = net.createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const address = silent.address();
      assert.ok(address !== null && typeof address === 'object');
      const hung = at(server.url(database).replace(`:${server.port}/`, `:${address.port}/`));
      try {
        assert.equal((await faultOf(PostgresConnection.open(hung, QUICK))).fault, 'gone');
        const began = performance.now();
        const stopping = AbortSignal.timeout(100);
        await assert.rejects(identifyPostgres(postgresStorageAt(hung), stopping), {
          name: 'TimeoutError',
        });
        assert.ok(performance.now() - began < 1_000);
      } finally {
        silent.close();
      }
    });

    describe('or read encrypted', () => {
      let certificate: string;
      const isEncrypted = async (query: string): Promise<unknown> => {
        const connection = await PostgresConnection.open(at(`${server.url(database)}${query}`));
        try {
          const sql = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
          return await connection.read((ask) => ask(sql));
        } finally {
          connection.close();
        }
      };

      it('is read in the open only where it has no encryption and none is asked for', async () => {
        assert.deepEqual(await isEncrypted(''), [{ ssl: false }]);
        const refused = await faultOf(isEncrypted('?sslmode=require'));
        assert.match(refused.message, /does not support SSL connections/);
      });

      it('is read encrypted where it can be, and with its certificate checked where that is asked for', async () => {
        const { key, cert } = selfSigned();
        certificate = await server.keepFile('server.crt', cert);
        await server.admin(`alter system set ssl_cert_file = '${certificate}'`);
        await server.admin(`alter system set ssl_key_file = '${await server.keepFile('server.key', key)}'`);
        await server.admin('alter system set ssl = on');
        await server.admin('select pg_reload_conf()');
        for (let i = 0; i < 40; i += 1) {
          const [row] = await server.admin('show ssl');
          if (row?.ssl === 'on') break;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
        const encrypted = [{ ssl: true }];
        assert.deepEqual(await isEncrypted(''), encrypted);
        assert.deepEqual(await isEncrypted('?sslmode=require'), encrypted);
        assert.deepEqual(await isEncrypted('?sslmode=disable'), [{ ssl: false }]);
        const trusted = `?sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate)}`;
        assert.deepEqual(await isEncrypted(trusted), encrypted);
        assert.match((await faultOf(isEncrypted('?sslmode=verify-full'))).message, /self-signed certificate/);
      });
    });
  });
