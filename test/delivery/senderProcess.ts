// A process of its own that sends what stands in a state folder, until it is killed.
import { parseDsn } from '../../src/channels/sentry/dsn.ts';
import { keyOf } from '../../src/channels/sentry/envelope.ts';
import { rateLimitUntil } from '../../src/channels/sentry/rateLimit.ts';
import { verdictOf } from '../../src/channels/sentry/verdict.ts';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import { Sender } from '../../src/delivery/sender.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import { openStateStore } from '../../src/store/stateStore.ts';
import { INSTANCE } from '../store/samples.ts';

const [folder = '', port = '', key = ''] = process.argv.slice(2);
const parsed = parseDsn(`http://${key}@127.0.0.1:${port}/42`);
if (parsed.outcome === 'malformed') throw new Error(parsed.message);
const { dsn } = parsed;
const client = new HttpClient({ proxy: NO_PROXY_SET, env: {} });
const { store } = openStateStore({ folder, instance: INSTANCE, now: Date.now });
new Sender({
  queue: new SendQueue(store, { now: Date.now }),
  client: () => client,
  resolveKey: async () => ({
    outcome: 'resolved',
    ...keyOf(dsn),
  }),
  verdict: verdictOf,
  holdUntil: rateLimitUntil,
  changed: () => undefined,
  fault: (error) => {
    throw error;
  },
  now: Date.now,
  elapsed: () => performance.now(),
  random: Math.random,
}).wake();
