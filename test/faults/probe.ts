/**
 * Loaded before the command line or the engine's worker, in tests only: announces on descriptor 3 that a point on the
 * way of a failure was reached, and stops the process there. What runs is the product's own code as it is.
 *
 * FIREDRILL_POINT: the point. FIREDRILL_NTH: the how manieth time it is reached. FIREDRILL_HOW: `wait` to be killed
 * right there, `stop` to stop the whole process until somebody lets it go on.
 */
import { writeSync } from 'node:fs';
import { SqliteEventLog } from '../../src/dagster/sqliteEventLog.ts';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import { Database } from '../../src/store/database.ts';
import { StateStore } from '../../src/store/stateStore.ts';
import type { Point } from './points.ts';

/** ms after which a request has certainly left. */
const ON_THE_WAY = 50;

let left = Number(process.env.FIREDRILL_NTH ?? 1);

function reached(point: Point): void {
  if (point !== process.env.FIREDRILL_POINT) return;
  left -= 1;
  if (left !== 0) return;
  writeSync(3, `${point}\n`);
  if (process.env.FIREDRILL_HOW === 'stop') process.kill(process.pid, 'SIGSTOP');
  else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const { read } = SqliteEventLog.prototype;
SqliteEventLog.prototype.read = async function (...args) {
  const page = await read.apply(this, args);
  if (page.entries.some(({ outcome }) => outcome === 'failure')) reached('page read');
  return page;
};

let storingFailures = false;
const { commitTick } = StateStore.prototype;
StateStore.prototype.commitTick = function (page) {
  storingFailures = page.found.length > 0;
  const committed = commitTick.call(this, page);
  storingFailures = false;
  if (committed.outcome === 'committed' && committed.added.length > 0) reached('after commit');
  return committed;
};

const { write } = Database.prototype;
Database.prototype.write = function <T>(durability: Parameters<typeof write>[0], work: () => T): T {
  const outermost = storingFailures;
  storingFailures = false;
  const whole = (): T => {
    const result = work();
    if (outermost) reached('before commit');
    return result;
  };
  return write.call(this, durability, whole) as T;
};

const { send } = HttpClient.prototype;
HttpClient.prototype.send = function (...args) {
  setTimeout(() => reached('request in flight'), ON_THE_WAY);
  return send.apply(this, args);
};

const { settle } = SendQueue.prototype;
SendQueue.prototype.settle = function (reports) {
  if (reports.some(({ result }) => result.kind === 'answered')) reached('answer before receipt');
  return settle.call(this, reports);
};
