import assert from 'node:assert/strict';
import { WrittenHome } from '../dagster/reading/home.ts';
import { HostedEngine } from './hostedEngine.ts';

/** Seconds since 1970, before what first contact lists. */
const LONG_AGO = Math.floor(Date.now() / 1000) - 40 * 3600;
const RECORDED = 650;

describe('looking back', () => {
  let home: WrittenHome;
  let hosted: HostedEngine;

  before(async () => {
    home = new WrittenHome();
    for (let n = 0; n < RECORDED; n++) home.evaluation(`run ${n}`, LONG_AGO + n);
    hosted = await HostedEngine.start({ dagsterHome: home.home, confirmedHomes: [home.home] });
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
});
