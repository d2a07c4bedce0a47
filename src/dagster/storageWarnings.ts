import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';

/** File systems over a network, or over the border between WSL and Windows, by Linux' names. */
const REMOTE: Readonly<Record<string, () => string>> = {
  '9p': () => l10n.t('a file system shared over 9p'),
  drvfs: () => l10n.t("Windows' file system, seen from WSL"),
  nfs: network('NFS'),
  nfs4: network('NFS'),
  cifs: network('SMB'),
  smb3: network('SMB'),
  smbfs: network('SMB'),
  afs: network('AFS'),
  ceph: network('Ceph'),
  glusterfs: network('GlusterFS'),
  'fuse.sshfs': network('SSHFS'),
  'fuse.glusterfs': network('GlusterFS'),
  'fuse.rclone': network('rclone'),
  vboxsf: hostFolder,
  'fuse.vmhgfs-fuse': hostFolder,
  prl_fs: hostFolder,
};

function network(protocol: string): () => string {
  return () => l10n.t('a network file system ({0})', protocol);
}

function hostFolder(): string {
  return l10n.t("a shared folder of the virtual machine's host");
}

/**
 * What makes reading these databases doubtful: SQLite's write-ahead log needs memory that both sides share, which no
 * network file system gives (sqlite.org/wal.html).
 * @param mounts the text of `/proc/mounts`; null where there is none (not Linux).
 */
export function storageWarnings(file: string, mounts: string | null): readonly string[] {
  const what =
    mounts === null
      ? /^[\\/]{2}[^\\/?.]/.test(file)
        ? l10n.t('a network share')
        : undefined
      : remoteMount(file, mounts);
  if (what === undefined) return [];
  return [
    l10n.t(
      "{0} lies on {1}. SQLite's write-ahead log is not safe there: Firedrill may see changes late or find the log unreadable. Keep DAGSTER_HOME on a local disk.",
      path.dirname(file),
      what,
    ),
  ];
}

function remoteMount(file: string, mounts: string): string | undefined {
  let found = { point: '', type: '' };
  for (const line of mounts.split('\n')) {
    const [, escaped, type, options = ''] = line.split(' ');
    if (escaped === undefined || type === undefined) continue;
    const point = escaped.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const isAbove = point === '/' || file === point || file.startsWith(`${point}/`);
    // A later mount on the same point covers the earlier.
    const isWindows = type === '9p' && options.includes('aname=drvfs');
    if (isAbove && point.length >= found.point.length) found = { point, type: isWindows ? 'drvfs' : type };
  }
  return REMOTE[found.type]?.();
}

/** Linux' table of mounts; null elsewhere. */
export function readMounts(): string | null {
  try {
    return readFileSync('/proc/mounts', 'utf8');
  } catch {
    return null; // not Linux: only the path itself can tell
  }
}

/** The path with links resolved as far as it exists. */
export function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPath(parent), path.basename(file));
  }
}
