import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** ms within which a writer's several changes are told as one. */
const GATHER = 5;

/**
 * Calls `onChange` when the file or its write-ahead log changes, by the folder's watch events. Only a hint: bind
 * mounts, network drives and some systems deliver none, and a folder that cannot be watched is no error, since the
 * peek looks anyway. Returns a function that stops it.
 */
export function watchFile(file: string, onChange: () => void): () => void {
  const name = path.basename(file);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const stop = () => {
    clearTimeout(timer);
    watcher?.close();
    watcher = undefined;
  };
  try {
    watcher = watch(path.dirname(file), { persistent: false }, (_event, changed) => {
      if (changed !== null && !changed.startsWith(name)) return; // the runs' own logs
      timer ??= setTimeout(() => {
        timer = undefined;
        onChange();
      }, GATHER);
    });
    watcher.on('error', stop); // e.g. the folder was removed
  } catch {
    stop();
  }
  return stop;
}
