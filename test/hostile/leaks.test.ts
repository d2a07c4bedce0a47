import assert from 'node:assert/strict';
import { deflateSync, gzipSync } from 'node:zlib';
import { formsIn } from './leaks.ts';

const SECRET = '5ec12e7000000000000000000facade5';

describe('the search for secrets', () => {
  for (const [what, put] of [
    ['as it is', Buffer.from(`key=${SECRET}`)],
    ['cut off', Buffer.from(SECRET.slice(0, 14))],
    ['in UTF-16', Buffer.from(`a${SECRET}`, 'utf16le')],
    ['percent encoded', Buffer.from(SECRET.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`))],
    ['in hex', Buffer.from(Buffer.from(SECRET).toString('hex'))],
    ...['', 'a', 'ab', 'https://'].map(
      (before) =>
        [`in base64 after "${before}"`, Buffer.from(Buffer.from(`${before}${SECRET}@x`).toString('base64'))] as const,
    ),
    ['in gzip', Buffer.concat([Buffer.from('..'), gzipSync(`{"dsn":"${SECRET}"}`), Buffer.from('..')])],
    ['in deflate within gzip', gzipSync(deflateSync(SECRET))],
  ] as const) {
    it(`finds one ${what}`, () => {
      assert.notDeepEqual(formsIn(put, SECRET), []);
    });
  }

  it('finds none where none is', () => {
    assert.deepEqual(formsIn(Buffer.from(`key=•••• ${'0'.repeat(40)} ${gzipSync('facade')}`), SECRET), []);
  });
});
