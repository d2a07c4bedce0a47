/**
 * A worker thread that speaks the engine's protocol and does on request what an engine should not: end, hang, throw.
 * What is tested with it is its host.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import type { EngineApi, EngineSettings, HostApi } from '../../src/engine/api.ts';

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread');
let settings: EngineSettings | undefined;

const api: Pick<EngineApi, 'configure' | 'clearInbox' | 'searchInstance' | 'checkDsn' | 'dismiss' | 'stop'> = {
  configure: async (given) => {
    settings = given;
    if (workerData.env.FIXTURE === 'refuse') throw new Error('There are no such settings.\nAsk the baker.');
  },
  clearInbox: async () => process.exit(7),
  searchInstance: async () => {
    setImmediate(() => {
      throw new Error('lost my mind');
    });
    return await new Promise(() => {});
  },
  checkDsn: async (name) => {
    switch (name) {
      case 'secret':
        return { ok: false, message: String(await host.secretDsn('ai_audi')) };
      case 'env':
        return { ok: false, message: JSON.stringify(process.env) };
      default:
        return { ok: false, message: JSON.stringify(settings) };
    }
  },
  dismiss: async () => {
    throw new Error('There is no such failure.');
  },
  stop: async () => {
    if (workerData.env.FIXTURE === 'hang') await new Promise(() => {});
    host.log('info', 'stopped with everything on disk');
  },
};

const host = createBirpc<HostApi, typeof api>(api, {
  post: (message) => port.postMessage(message),
  on: (receive) => port.on('message', receive),
  timeout: -1,
});
