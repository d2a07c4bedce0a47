// Preloaded (--import) into a process whose starter it must not outlive: the starter holds the other end of a pipe, so
// it closes however the starter ends, SIGKILL included. Then this process is asked to end as by a terminal; one that
// leads a process group (FIREDRILL_PARENT_PIPE=3,group) takes the group with it.
import net from 'node:net';
import { isMainThread } from 'node:worker_threads';

const wanted = process.env.FIREDRILL_PARENT_PIPE;
if (wanted && isMainThread) {
  delete process.env.FIREDRILL_PARENT_PIPE; // for this process alone, not for those it starts
  const [fd, group] = wanted.split(',');
  const pipe = new net.Socket({ fd: Number(fd), readable: true, writable: false });
  const end = () => {
    if (group) process.kill(-process.pid, 'SIGKILL');
    else if (process.platform === 'win32') process.exit(143);
    else process.kill(process.pid, 'SIGTERM');
  };
  pipe.on('error', end).on('close', end).resume();
  pipe.unref();
}
