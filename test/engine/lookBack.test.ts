import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { WrittenHome } from '../dagster/reading/home.ts';
import { HostedEngine, until } from './hostedEngine.ts';

/** Seconds since 1970, before what first contact lists. */
const LONG_AGO = Math.floor(Date.now() / 1000) - 40 * 3600;
const RECORDED = 650;

describe('looking back', () => {
  let home: WrittenHome;
  let hosted: HostedEngine;

  before(async () => {
    home = new WrittenHome();
    for (let n = 0; n < RECORDED; n++) home.evaluation(`run ${n}`, LONG_AGO + n);
    hosted = await HostedEngine.start({ dagsterHome: home.home, confirmedHomes: [home.home], deliveryMode: 'inbox' });
  });
  after(async () => {
    await hosted?.dispose();
    home.dispose();
  });

  const listed = async (): Promise<number> =>
    (await hosted.engine.failures({ status: 'all', group: null, limit: 1, before: null })).total;

  it('lists what it found until it was broken off, and the rest the next time', async () => {
    assert.equal(await listed(), 0);
    const looking = hosted.engine.lookBack(48);
    await hosted.engine.cancelLookBack();
    const found = await looking;
    assert.ok(found < RECORDED, `${found}`);
    assert.equal(await listed(), found);
    assert.equal(await hosted.engine.lookBack(48), RECORDED - found);
    assert.equal(await listed(), RECORDED);
    assert.equal(await hosted.engine.lookBack(48), 0, 'none twice');
  });

  it('leaves what the sensor has not read yet to the sensor: it is sent by itself, once', async () => {
    const { engine } = hosted;
    await engine.setSensorRunning('asset_check_sentry_sensor', false);
    const inbox = (await engine.inboxEvents(10)).length;
    for (const run of ['late 1', 'late 2']) home.evaluation(run, Date.now() / 1000);
    await pause(5); // looking back goes up to the moment when it begins
    assert.equal(await engine.lookBack(1), 2);
    const seen = async () => (await engine.failures({ status: 'all', group: null, limit: 2, before: null })).rows;
    assert.deepEqual(
      (await seen()).map(({ beforeFiredrill }) => beforeFiredrill),
      [true, true],
    );
    const dismissed = (await seen()).find(({ runId }) => runId === 'late 2');
    await engine.dismiss(dismissed ? [dismissed.id] : []);
    await engine.setSensorRunning('asset_check_sentry_sensor', true);
    await until(
      () => hosted.failures.find(({ runId, beforeFiredrill }) => runId === 'late 1' && !beforeFiredrill),
      'news',
    );
    await until(async () => (await engine.inboxEvents(10)).length > inbox, 'its alert');
    await engine.tickNow('asset_check_sentry_sensor');
    assert.equal(await engine.lookBack(1), 0);
    const deliveries = await engine.deliveries({ group: null, limit: 9, before: null });
    assert.equal(deliveries.total, 1, 'what a person dismissed is not sent');
    assert.equal((await engine.inboxEvents(10)).length, inbox + 1);
  });
});
