import type { Preview } from '../../engine/api.ts';

/** One POSIX shell word. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The canonical request as a command for a POSIX shell, byte for byte. Where the key stands masked in the headers, as in the
 * preview, whoever runs it puts their own in.
 */
export function asCurl(request: Pick<Preview['request'], 'url' | 'headers'> & { readonly body: string }): string {
  const headers = request.headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return ['curl -sS -X POST', ...headers, `--data-binary ${quote(request.body)}`, quote(request.url)].join(' \\\n  ');
}
