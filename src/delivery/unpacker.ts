import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const UNPACK: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What undoes a `content-encoding`; `none` where nothing is packed, `unknown` where it cannot be undone. */
export function unpacker(encoding = ''): Transform | 'none' | 'unknown' {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return 'none';
  return UNPACK[name]?.() ?? 'unknown';
}
