import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Lags } from '../../src/engine/lags.ts';
import { MemoryLog } from '../sensors/memoryLog.ts';
import { clockAt, cursorText, openIn, tempFolder, tickPage } from '../store/samples.ts';

describe('how far sensors are behind', () => {
  let folder: ReturnType<typeof tempFolder>;
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => folder.remove());

  it('is measured by one at a time, which reads the state no more once that is closed', async () => {
    const store = openIn(folder.path, clockAt());
    store.commitTick(tickPage({ cursorAfter: cursorText('1') }));
    let [asked, underWay, most] = [0, 0, 0];
    const log = new MemoryLog();
    log.lag = async () => {
      asked += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      await pause(50);
      underWay -= 1;
      return { rows: 1, oldestUnread: null };
    };
    const lags = new Lags({ log, store, onChange: () => assert.fail('it was closed before') });
    void lags.measure();
    const measured = lags.measure();
    await pause(10);
    lags.close();
    store.close();
    await measured;
    assert.deepEqual([asked, underWay, most], [1, 0, 1]);
  });

  it('never ends in an error that nobody hears: the next tick tells what is wrong with the state', async () => {
    const store = openIn(folder.path, clockAt());
    const lags = new Lags({ log: new MemoryLog(), store, onChange: () => {} });
    store.close();
    await lags.measure();
    lags.close();
  });
});
