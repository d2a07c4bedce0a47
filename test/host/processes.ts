import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process and all that it started, by what Linux tells in /proc. */
export interface ProcessTree {
  readonly pids: readonly number[];
  /** TCP ports that any of them listens at. */
  readonly ports: readonly number[];
  /** Names of the threads of all, one entry each. */
  readonly threads: readonly string[];
  /** Command lines of those that an extension host started. */
  readonly ofExtensionHosts: readonly string[];
}

export function processTree(root: number): ProcessTree {
  const parents = new Map(pidsNow().map((pid) => [pid, parentOf(pid)]));
  const within = (pid: number | undefined): boolean => pid !== undefined && (pid === root || within(parents.get(pid)));
  const pids = [...parents.keys()].filter(within);
  const inodes = new Set(pids.flatMap(socketsOf));
  const hosts = new Set(pids.filter((pid) => /--type=extensionHost/.test(commandOf(pid))));
  return {
    pids,
    ports: listeners()
      .filter(({ inode }) => inodes.has(inode))
      .map(({ port }) => port),
    threads: pids.flatMap(threadsOf),
    ofExtensionHosts: pids.filter((pid) => hosts.has(parents.get(pid) ?? 0)).map(commandOf),
  };
}

const pidsNow = (): number[] => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** What stands there; nothing of a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return gone(error, '');
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return gone(error, []);
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch (error) {
    return gone(error, '');
  }
}

function gone<T>(error: unknown, nothing: T): T {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return nothing;
  throw error;
}

/** The field after the name in parentheses and the state; proc(5). */
const parentOf = (pid: number): number => Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1] ?? 0);
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
const threadsOf = (pid: number): string[] =>
  list(`/proc/${pid}/task`).map((task) => read(`/proc/${pid}/task/${task}/comm`).trim());
const socketsOf = (pid: number): string[] =>
  list(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1] ?? []);

/** Sockets in the state LISTEN (0A). */
function listeners(): { readonly port: number; readonly inode: string }[] {
  const lines = ['tcp', 'tcp6'].flatMap((name) => read(`/proc/net/${name}`).split('\n').slice(1));
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === '0A' ? [{ port: Number.parseInt(local.split(':').at(-1) ?? '', 16), inode }] : [];
  });
}
