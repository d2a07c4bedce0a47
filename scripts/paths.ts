import path from 'node:path';

/** The repository's root. */
export const root = path.dirname(import.meta.dirname);

/** What the scripts make for themselves and can make again; ignored by git. */
export const cache = path.join(root, '.cache');
