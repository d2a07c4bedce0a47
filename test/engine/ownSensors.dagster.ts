import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { DagsterInstance } from '../../src/dagster/instance.ts';
import { scheduleStorageOf } from '../../src/dagster/scheduleStorage.ts';
import type { OwnActivity, OwnTick } from '../../src/engine/api.ts';
import { OwnSensors } from '../../src/engine/ownSensors.ts';
import { tickOwnSensors } from '../dagster/ownSensors.ts';
import { PostgresForTests } from '../dagster/postgres/server.ts';
import { instanceInDatabase, postgresEnv, postgresInstance } from '../dagster/postgres/written.ts';
import { instanceIn } from '../dagster/reading/home.ts';

const HOUR = 3_600_000;

/** A home in which Dagster ticks, and how it is read. */
interface Place {
  readonly home: string;
  readonly instance: DagsterInstance;
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

async function onSqlite(): Promise<Place> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'firedrill-own-'));
  const dispose = () => rm(home, { recursive: true, force: true, maxRetries: 10 });
  return { home, instance: instanceIn(home), env: {}, dispose };
}

async function onPostgres(): Promise<Place> {
  const server = await PostgresForTests.start();
  const database = await server.newDatabase();
  const written = await postgresInstance(server, database);
  return {
    home: written.home,
    instance: instanceInDatabase(server.url(database)),
    env: await postgresEnv(server, database),
    dispose: async () => {
      await written.dispose();
      await server.stop();
    },
  };
}

for (const [storage, make] of [
  ['SQLite', onSqlite],
  ['Postgres', onPostgres],
] as const) {
  describe(`the project's own sensors, ticked by Dagster's own daemon, on ${storage}`, function () {
    this.timeout(120_000);
    let place: Place;
    let own: OwnSensors;
    let activity: OwnActivity;

    const tick = (rounds: number): Promise<void> => tickOwnSensors(place.home, rounds, place.env);
    const open = async (): Promise<OwnSensors> => {
      const storage = await scheduleStorageOf(place.instance);
      assert.ok(storage);
      return new OwnSensors(storage);
    };
    const read = (limit = 100): Promise<OwnActivity> => {
      const now = Date.now();
      return own.activity({ from: now - HOUR, to: now, limit }, now);
    };
    const ticksOf = (name: string, of = activity): readonly OwnTick[] => {
      const sensor = of.sensors.find((each) => each.name === name);
      assert.ok(sensor, name);
      return of.ticks.filter((each) => each.sensor === sensor.id);
    };

    before(async () => {
      place = await make();
      own = await open();
    });
    after(async () => {
      await own?.close();
      await place?.dispose();
    });

    it('are none while the instance has no schedule storage', async () => {
      const { sensors, ticks } = await read();
      assert.deepEqual([sensors, ticks], [[], []]);
      assert.equal(await own.news((await read()).version, Date.now()), null);
    });

    it('are listed with their code location, once they have ticked, with when they are due', async () => {
      await tick(2);
      activity = await read();
      assert.deepEqual(
        activity.sensors.map(({ name, codeLocation, running, ticking }) => [name, codeLocation, running, ticking]),
        [
          ['breaks', 'ai_audi', true, false],
          ['moves_its_cursor', 'ai_audi', true, false],
          ['skips', 'ai_audi', true, false],
          ['skips_silently', 'ai_audi', true, true],
        ],
      );
      for (const { nextTickAt, lastTick } of activity.sensors) {
        assert.ok(lastTick && nextTickAt && Math.abs(nextTickAt - lastTick.lastStartedAt - 1000) < 500);
      }
    });

    it('have a row for each way a tick ended; equal ones count', () => {
      const [skipped, ...none] = ticksOf('skips');
      assert.deepEqual(none, []);
      assert.equal(skipped?.count, 2);
      assert.deepEqual(skipped?.end, { kind: 'skipped', reason: 'no new file in /data/in' });
      assert.ok(skipped.durationMs > 0 && skipped.durationMs < 60_000 && skipped.lastStartedAt > skipped.startedAt);
      const [moved, first] = ticksOf('moves_its_cursor');
      assert.deepEqual([first?.end.kind, first?.runsRequested.length, first?.cursorAfter], ['success', 1, '1']);
      assert.deepEqual([moved?.end.kind, moved?.cursorBefore, moved?.cursorAfter], ['skipped', '1', '2']);
    });

    it('tell the error of their own code first, then its cause, then where it was raised', () => {
      const [failed] = ticksOf('breaks');
      assert.ok(failed?.end.kind === 'failure');
      const lines = failed.end.error.split('\n');
      assert.equal(lines[0], 'ValueError: the feed has no $(flame) connection');
      assert.equal(lines[1], "  caused by KeyError: 'connection'");
      assert.match(failed.end.error, /own_sensors\.py", line \d+, in breaks/);
      assert.equal(failed.count, 2);
    });

    it('tell nothing while the file stands still, then what changed, and a tick that never ended', async () => {
      await new Promise((resolve) => setTimeout(resolve, 50)); // until the file's times can be trusted
      const { version } = await read();
      assert.equal(await own.news(version, Date.now()), null);
      await tick(1);
      const news = await own.news(version, Date.now());
      assert.ok(news);
      assert.deepEqual(
        ticksOf('skips', news).map(({ id, count }) => [id, count]),
        ticksOf('skips').map(({ id }) => [id, 3]),
        'the row that counted on',
      );
      assert.deepEqual(
        ticksOf('skips_silently', news).map(({ end }) => end.kind),
        ['skipped', 'unended'],
      );
      assert.deepEqual(
        (await read()).ticks.map(({ id }) => id).sort(),
        (await rereadAll()).ticks.map(({ id }) => id).sort(),
        'the same as read anew',
      );
    });

    it('are answered up to a limit, with from when on all are told', async () => {
      const all = await read();
      const some = await read(2);
      assert.deepEqual(some.ticks, all.ticks.slice(0, 2));
      assert.equal(some.from, all.ticks[1]?.lastStartedAt);
      assert.ok(some.from > all.from);
    });

    if (storage === 'SQLite') {
      it('are read without a trace in their folder', async () => {
        const folder = path.join(place.home, 'schedules');
        const before = await readdir(folder);
        await read();
        assert.deepEqual(await readdir(folder), before);
      });
    }

    async function rereadAll(): Promise<OwnActivity> {
      const fresh = await open();
      try {
        return await fresh.activity({ from: Date.now() - HOUR, to: Date.now(), limit: 100 }, Date.now());
      } finally {
        await fresh.close();
      }
    }
  });
}
