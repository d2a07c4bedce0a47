import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { safe } from '../../src/ui/message.ts';

const ui = path.join(import.meta.dirname, '..', '..', 'src', 'ui');

describe('a notification', () => {
  it('holds no key, no link, no icon and one line', () => {
    const text = safe('[click](https://evil.example) $(flame)\nhttps://0123456789abcdef@o1.ingest.sentry.io/42');
    assert.ok(!/\]\(|\$\(|\n|0123456789abcdef/.test(text), text);
    assert.ok(safe('x'.repeat(5000)).length <= 600);
  });

  it('is shown by the one file that makes its text safe', async () => {
    const files = (await readdir(ui, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const showing: string[] = [];
    for (const file of files) {
      const code = await readFile(path.join(ui, file), 'utf8');
      if (/\bshow(?:Warning|Error|Information)Message\(/.test(code)) showing.push(file);
    }
    assert.deepEqual(showing, ['say.ts']);
  });
});
