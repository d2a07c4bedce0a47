import assert from 'node:assert/strict';
import type { FailureRow } from '../../src/engine/api.ts';
import { WrittenHome } from '../dagster/reading/home.ts';
import { HostedEngine, until } from './hostedEngine.ts';

/** Seconds since 1970, some minutes ago. */
const AGO = Math.floor(Date.now() / 1000) - 600;

describe('a failure whose check passed later', () => {
  let home: WrittenHome;
  let hosted: HostedEngine;
  const listed = async (): Promise<readonly FailureRow[]> =>
    (await hosted.engine.failures({ status: 'all', group: null, limit: 100, before: null })).rows;
  const passedSince = async (run: string) => (await listed()).find(({ runId }) => runId === run)?.passedSince;
  const start = async () => {
    hosted = await HostedEngine.start({ dagsterHome: home.home, confirmedHomes: [home.home] });
  };

  beforeEach(() => {
    home = new WrittenHome();
  });
  afterEach(async () => {
    await hosted.dispose();
    home.dispose();
  });

  it('is marked at first contact, with the time of the first pass behind it', async () => {
    home.evaluation('early', AGO, { passed: true });
    home.evaluation('first', AGO + 1, { partition: 'monday' });
    home.evaluation('other day', AGO + 2, { partition: 'tuesday' });
    home.evaluation('other check', AGO + 3, { check: 'other', partition: 'monday' });
    home.evaluation('passes', AGO + 4, { passed: true, partition: 'monday' });
    home.evaluation('passes again', AGO + 5, { passed: true, partition: 'monday' });
    home.evaluation('last', AGO + 6, { partition: 'monday' });
    await start();
    const rows = await until(async () => {
      const found = await listed();
      return found.length === 4 && found;
    }, 'four failures');
    const marks = Object.fromEntries(rows.map(({ runId, passedSince }) => [runId, passedSince]));
    assert.deepEqual(marks, { last: null, 'other check': null, 'other day': null, first: AGO + 4 });
  });

  it('is marked as soon as the sensor sees the pass, and the views are told', async () => {
    await start();
    const at = Date.now() / 1000;
    home.evaluation('fails', at);
    await until(async () => (await passedSince('fails')) === null, 'the failure');
    home.evaluation('passes', at + 0.25, { passed: true });
    await until(async () => (await passedSince('fails')) === at + 0.25, 'the mark');
    const told = () => [...hosted.failures, ...hosted.changed].map((row) => row.passedSince);
    await until(() => told().includes(at + 0.25), 'the change');
  });

  it('is marked when a look back finds it behind a pass that was read long ago', async () => {
    home.evaluation('fails', AGO - 100_000);
    home.evaluation('passes', AGO, { passed: true });
    await start();
    assert.equal((await listed()).length, 0);
    await hosted.engine.lookBack(48);
    assert.equal(await passedSince('fails'), AGO);
  });
});
