import path from 'node:path';
import { root } from './paths.ts';

/** The locked Node 22, which the oldest supported VS Code has. */
export function node22(): string {
  const windows = process.platform === 'win32';
  const folder = `node22-${windows ? 'win' : process.platform}-${process.arch}`;
  return path.join(root, 'node_modules', folder, 'bin', windows ? 'node.exe' : 'node');
}
