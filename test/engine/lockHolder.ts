// A window that leads at the state of an instance and, told to, is stopped in the middle of a write: until it goes on.
import { instanceId } from '../../src/failure/ids.ts';
import { openStateStore } from '../../src/store/stateStore.ts';

const [folder = '', instance = ''] = process.argv.slice(2);
const { store } = openStateStore({ folder, instance: instanceId(instance), now: Date.now });
store.lease.take({ rank: 1, tickInterval: 60_000 });
process.send?.('leads');
process.once('message', () => {
  store.decide(() => process.kill(process.pid, 'SIGSTOP'));
  store.close();
  process.disconnect();
});
