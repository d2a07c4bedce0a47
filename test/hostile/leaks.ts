import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { constants, inflateRawSync } from 'node:zlib';

/** Packed within packed is followed so deep. */
const DEPTH = 4;
/** Bytes before what is packed; gzip's where it names no file, as Node and Python write it. */
const GZIP_HEADER = 10;
const ZLIB_HEADER = 2;

/**
 * The forms in which a secret stands in these bytes, by name: as it is, whole or the first 12 characters alone, in
 * UTF-16, base64 (wherever in a text it began), percent or hex encoding; also inside what was packed with gzip or
 * deflate.
 */
export function formsIn(bytes: Buffer, secret: string, depth = DEPTH): readonly string[] {
  const found = formsOf(secret)
    .filter(([, form]) => bytes.includes(form))
    .map(([name]) => name);
  if (depth === 0) return found;
  return [
    ...found,
    ...unpackedFrom(bytes).flatMap((inner) => formsIn(inner, secret, depth - 1).map((at) => `packed ${at}`)),
  ];
}

/** All that is found in the files below a folder, as `file: form`; `skip` takes a file's path within it. */
export async function leaksBelow(
  folder: string,
  secret: string,
  skip: (file: string) => boolean = () => false,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaks: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if (skip(path.relative(folder, file))) continue;
    const bytes = await readFile(file).catch(() => Buffer.alloc(0)); // gone meanwhile: nothing stays of it
    leaks.push(...formsIn(bytes, secret).map((form) => `${file}: ${form}`));
  }
  return leaks;
}

function formsOf(secret: string): readonly (readonly [string, Buffer])[] {
  const bytes = Buffer.from(secret);
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return [
    ['plain', bytes],
    ['beginning', bytes.subarray(0, 12)],
    ['UTF-16', Buffer.from(secret, 'utf16le')],
    ['percent', Buffer.from(percent)],
    ['percent', Buffer.from(percent.toUpperCase())],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ...[0, 1, 2].map((before) => ['base64', base64After(bytes, before)] as const),
  ];
}

/** The characters of base64 that are the same whatever stands before and after, where so many bytes came before. */
function base64After(bytes: Buffer, before: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const first = Math.ceil((before * 4) / 3);
  const last = Math.floor(((before + bytes.length) * 4) / 3);
  return Buffer.from(text.slice(first, last));
}

/** What can be unpacked from anywhere in these bytes, also where it is cut off or followed by something else. */
function unpackedFrom(bytes: Buffer): Buffer[] {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 50_000_000 };
  const unpacked: Buffer[] = [];
  for (let at = 0; at < bytes.length - 2; at += 1) {
    const [first, second = 0] = [bytes[at], bytes[at + 1]];
    const gzip = first === 0x1f && second === 0x8b && bytes[at + 2] === 8;
    const zlib = first === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(second);
    if (!gzip && !zlib) continue;
    try {
      unpacked.push(inflateRawSync(bytes.subarray(at + (gzip ? GZIP_HEADER : ZLIB_HEADER)), options));
    } catch {
      // It only looked packed.
    }
  }
  return unpacked;
}
