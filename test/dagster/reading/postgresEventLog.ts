import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Client } from 'pg';
import type { EventLog, EventLogCursor } from '../../../src/dagster/eventLog.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import type { PostgresForTests } from '../postgres/server.ts';
import { insertEvent, type RunningPostgres, writtenPostgres } from '../postgres/written.ts';
import { eventLogCases } from './eventLogCases.ts';
import { evaluationJson } from './home.ts';
import { type WrittenStorage, writtenSqlite } from './writtenStorage.ts';

const T0 = 1_795_000_000;

export const postgresEventLog = (running: () => RunningPostgres) =>
  describe('an event log on Postgres', () => {
    let server: PostgresForTests;
    let database: string;
    before(() => {
      ({ server, database } = running());
    });

    eventLogCases(() => writtenPostgres(server, database));

    describe('whose rows become visible out of order', () => {
      let storage: WrittenStorage;
      let log: EventLog;
      let writers: Client[];
      beforeEach(async () => {
        storage = await writtenPostgres(server, database);
        log = await openEventLog(storage.instance, { codeLocationOf: async () => null });
        writers = await Promise.all([server.client(database), server.client(database)]);
      });
      afterEach(async () => {
        log.close();
        await Promise.all(writers.map((writer) => writer.end()));
        await storage.dispose();
      });

      /** Inserts an evaluation that is committed later. */
      const begin = async (writer: Client | undefined, seconds: number) => {
        assert.ok(writer);
        await writer.query('begin');
        return insertEvent(writer, 'r', seconds, 'ASSET_CHECK_EVALUATION', evaluationJson('r', seconds));
      };
      const readFrom = async (cursor: EventLogCursor, limit = 100) => {
        const page = await log.read('check', cursor, limit);
        const ids = page.entries.map((entry) => entry.outcome === 'failure' && entry.failure.origin);
        return { ...page, ids: ids.map((origin) => (origin && origin.kind === 'recorded' ? origin.storageId : null)) };
      };

      it('finds an evaluation whose id was given before, and committed after, one that was read', async () => {
        const late = await begin(writers[0], T0);
        const early = await storage.evaluation('r', T0 + 1);
        assert.ok(late < early);
        const first = await readFrom(await log.start('check'));
        assert.deepEqual(first.ids, [early]);
        assert.equal(await log.hasNew('check', first.cursor), false);
        await writers[0]?.query('commit');
        assert.equal(await log.hasNew('check', first.cursor), true);
        assert.equal((await log.lag('check', first.cursor)).rows, 1);
        const second = await readFrom(first.cursor);
        assert.deepEqual(second.ids, [late], 'once, and nothing else again');
        assert.equal(await log.hasNew('check', second.cursor), false);
      });

      it('finds at first contact what was not committed yet, and nothing older', async () => {
        await storage.evaluation('old', T0);
        const late = await begin(writers[0], T0 + 1);
        await storage.event('r', T0 + 2, 'PIPELINE_START', '{}');
        const end = await log.end('check');
        await writers[0]?.query('commit');
        const next = await storage.evaluation('r', T0 + 3);
        assert.deepEqual((await readFrom(end)).ids, [late, next]);
      });

      it('takes an id whose insert failed for no news', async () => {
        await begin(writers[0], T0);
        await storage.evaluation('r', T0 + 1);
        const { cursor } = await readFrom(await log.start('check'));
        await writers[0]?.query('rollback');
        assert.equal(await log.hasNew('check', cursor), false);
        assert.deepEqual((await readFrom(cursor)).ids, []);
      });

      it('loses nothing and repeats nothing, in whatever order two writers commit', async () => {
        const Step = fc.constantFrom('begin 0', 'begin 1', 'commit 0', 'commit 1', 'rollback 1', 'insert', 'read');
        await fc.assert(
          fc.asyncProperty(fc.array(Step, { minLength: 8, maxLength: 24 }), async (steps) => {
            await storage.deleteRun('r');
            const open = new Map<number, number>();
            const written = new Set<number>();
            const found: (number | null)[] = [];
            let seconds = T0;
            let cursor = await log.end('check');
            const read = async (limit: number) => {
              const page = await readFrom(cursor, limit);
              cursor = page.cursor;
              found.push(...page.ids);
              return page.hasMore;
            };
            const settle = async (writer: number, how: 'commit' | 'rollback') => {
              const id = open.get(writer);
              if (id === undefined) return;
              await writers[writer]?.query(how);
              open.delete(writer);
              if (how === 'commit') written.add(id);
            };
            for (const step of steps) {
              seconds += 1;
              const [what, which] = step.split(' ');
              const writer = Number(which);
              if (what === 'begin' && !open.has(writer)) open.set(writer, await begin(writers[writer], seconds));
              else if (what === 'commit' || what === 'rollback') await settle(writer, what);
              else if (what === 'insert') written.add(await storage.evaluation('r', seconds));
              else if (what === 'read') await read(2);
            }
            for (const writer of [0, 1]) await settle(writer, 'commit');
            while (await read(3));
            assert.deepEqual(found.toSorted(), [...written].toSorted());
            assert.equal(await log.hasNew('check', cursor), false);
          }),
          { numRuns: 25 },
        );
      });

      it('looks as quickly where many ids near the end of a long log have no row', async () => {
        const sql = `insert into event_logs (run_id, event, dagster_event_type, timestamp)
        select 'r', '{}', 'ASSET_CHECK_EVALUATION', now() from generate_series(1, 100000)`;
        await server.admin(sql, database);
        await server.admin(
          'delete from event_logs where id > (select max(id) - 4000 from event_logs) and id % 20 = 3',
          database,
        );
        await server.admin('analyze event_logs', database);
        const end = await log.end('check');
        const times: number[] = [];
        for (let i = 0; i < 5; i += 1) {
          const began = performance.now();
          assert.equal(await log.hasNew('check', end), false);
          times.push(performance.now() - began);
        }
        assert.ok(Math.min(...times) < 80, `${times.map((ms) => ms.toFixed(1)).join(', ')} ms`);
      });

      it('goes on from a cursor of the SQLite storage, from which the tables were moved', async () => {
        const sqlite = await writtenSqlite('sharded');
        for (const written of [sqlite, storage]) await written.evaluation('r', T0);
        const before = await openEventLog(sqlite.instance, { codeLocationOf: async () => null });
        const cursor = await before.end('check');
        before.close();
        await sqlite.dispose();
        const next = await storage.evaluation('r', T0 + 300);
        assert.equal(await log.hasNew('check', cursor), true);
        assert.equal((await readFrom(cursor)).ids.at(-1), next);
      });

      it('goes back a little where the tables were made anew under the same name', async () => {
        for (let i = 0; i < 3; i += 1) await storage.evaluation('r', T0 + i * 100);
        const { cursor } = await readFrom(await log.start('check'));
        await server.admin('truncate event_logs restart identity', database);
        for (let i = 0; i < 3; i += 1) await storage.evaluation('other', T0 + 1_000 + i);
        assert.equal(await log.hasNew('check', cursor), true);
        const page = await readFrom(cursor);
        assert.equal(page.ids.length, 3);
        assert.match(page.notes.join(), /is no more what it was .+ reading goes on behind row 0/);
        assert.equal(await log.hasNew('check', page.cursor), false);
      });
    });
  });
