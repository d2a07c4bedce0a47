import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { failingLine } from '../../src/engine/failingLine.ts';
import type { DagsterError } from '../../src/failure/failure.ts';
import { checkFailure, runFailure } from '../store/samples.ts';

describe('the failing line', () => {
  let outer: string;
  let folder: string;
  const file = (...parts: string[]): string => {
    const name = path.join(outer, ...parts);
    mkdirSync(path.dirname(name), { recursive: true });
    writeFileSync(name, 'raise ValueError\n');
    return name;
  };
  before(() => {
    outer = realpathSync(mkdtempSync(path.join(tmpdir(), 'firedrill-line-')));
    folder = path.join(outer, 'acme');
    mkdirSync(folder);
  });
  after(() => rmSync(outer, { recursive: true, force: true }));

  const error = (
    stack: readonly string[],
    cause: DagsterError | null = null,
    className = 'ValueError',
  ): DagsterError => ({
    className,
    message: '',
    stack,
    cause,
  });
  const frame = (name: string, line: number): string =>
    `  File "${name}", line ${line}, in prices\n    raise ValueError\n`;
  const find = (of: DagsterError | null, folders = [folder]) =>
    failingLine(runFailure(1, { step: { key: 'prices', error: of }, error: null }), folders);

  it('is the innermost frame that is a file of the workspace', async () => {
    const [op, helper] = [file('acme', 'op.py'), file('acme', 'lib', 'helper.py')];
    const installed = file('acme', '.venv', 'lib', 'python3.11', 'site-packages', 'pandas', 'frame.py');
    const standard = file('acme', '.cache', 'lib', 'python3.11', 'json', 'decoder.py');
    const stack = [
      frame('/usr/lib/dagster.py', 1),
      frame(op, 3),
      frame(helper, 12),
      frame(installed, 5),
      frame(standard, 6),
    ];
    assert.deepEqual(await find(error(stack)), { file: helper, line: 12 });
  });

  it('is the user’s exception’s before that of its cause or of Dagster’s wrapper', async () => {
    const [a, b, c] = [file('acme', 'a.py'), file('acme', 'b.py'), file('acme', 'c.py')];
    const cause = error([frame(b, 2)], null, 'KeyError');
    const wrapped = (user: DagsterError) => error([frame(c, 3)], user, 'DagsterExecutionStepExecutionError');
    assert.equal((await find(wrapped(error([frame(a, 1)], cause))))?.file, a);
    assert.equal((await find(wrapped(error([], cause))))?.file, b);
    assert.equal((await find(wrapped(error([]))))?.file, c);
  });

  it('may be named from the workspace’s folder on, or through a link to it', async () => {
    const real = file('acme', 'projects', 'ai_audi', 'prices.py');
    assert.equal((await find(error([frame('projects/ai_audi/prices.py', 4)])))?.file, real);
    const link = path.join(outer, 'link');
    symlinkSync(folder, link, 'junction');
    const through = await find(error([frame(path.join(link, 'projects', 'ai_audi', 'prices.py'), 4)]), [link]);
    assert.equal(through?.file, real);
  });

  it('is never one outside the workspace, however it is written', async () => {
    const secret = file('secret.py');
    mkdirSync(path.join(folder, 'folder.py'), { recursive: true });
    symlinkSync(secret, path.join(folder, 'leads-out.py'));
    const names = [
      secret,
      '../secret.py',
      path.join(folder, '..', 'secret.py'),
      `${folder}/leads-out.py`,
      `${folder}/folder.py`,
      `${folder}/gone.py`,
      `${folder}/\u0000.py`,
      '//evil.example/share/x.py',
      '\\\\evil.example\\share\\x.py',
      '<string>',
      folder,
      '',
    ];
    for (const name of names) assert.equal(await find(error([frame(name, 1)])), null, name);
    assert.equal(await find(error(['no frame', 'File "'])), null);
  });

  it('is none of a check failure, or of a run without an error', async () => {
    assert.equal(await failingLine(checkFailure(1), [folder]), null);
    assert.equal(await find(null), null);
  });
});
