import { createHash } from 'node:crypto';
import type { CanonicalRequest } from './request.ts';

/** Headers of the connection, not of the alert: the HTTP client decides them. */
const CONNECTION_HEADERS = ['host', 'connection', 'content-length'];
/** Headers that carry a secret: they enter at the socket only. */
const SECRET_HEADERS = ['x-sentry-auth'];
const LEFT_OUT: ReadonlySet<string> = new Set([...CONNECTION_HEADERS, ...SECRET_HEADERS]);

/**
 * SHA-256 (64 hex digits) of a request: the alert's identity in preview, outbox and receipt.
 *
 * It can be recomputed from a request captured on the raw socket:
 *
 * 1. Method as sent; URL = `http://` or `https://`, the Host header's value, the path of the request line.
 * 2. Header names in lower case, values without surrounding spaces; `host`, `connection`, `content-length` and
 *    `x-sentry-auth` left out; sorted by name (bytewise; equal names stay in the order sent).
 * 3. Every part is framed as a netstring: its length in bytes (UTF-8) in decimal, `:`, the bytes, `,`.
 * 4. The hash is over: method, URL, then name and value of each header, then an empty part (`0:,`), then the body.
 *
 * A header name is never empty, so the empty part ends the headers and no two requests share one text.
 */
export function canonicalHash(request: Omit<CanonicalRequest, 'method'> & { readonly method: string }): string {
  const hash = createHash('sha256');
  const part = (bytes: Uint8Array | string): void => {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    hash.update(`${buffer.byteLength}:`).update(buffer).update(',');
  };
  part(request.method);
  part(request.url);
  const headers = request.headers
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => !LEFT_OUT.has(name))
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [name, value] of headers) {
    part(name);
    part(value);
  }
  part('');
  part(request.body);
  return hash.digest('hex');
}
