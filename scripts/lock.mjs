// A lock between processes: a file that holds its owner's process id. Plain JavaScript, because start.mjs needs it
// before anything is installed; types in lock.d.mts.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The process that holds the lock: its id, 0 while it is just taking it, undefined when there is none any more. */
function ownerOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid > 0) return isRunning(pid) ? pid : undefined;
    return Date.now() - statSync(file).mtimeMs < 2000 ? 0 : undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

export async function withLock(file, work, onWait = () => {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; ; ) {
    if (tryTake(file)) {
      await pause(50); // two that found the same dead owner may both have removed the file: the later one holds it
      if (ownerOf(file) === process.pid) break;
    } else if (ownerOf(file) === undefined) {
      rmSync(file, { force: true });
    } else {
      if (!told) onWait();
      told = true;
      await pause(200);
    }
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
