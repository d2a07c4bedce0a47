// What VS Code's `extensionTestsPath` names, bundled to CommonJS: mocha inside the extension host. Each test is written
// to a file as it ends, so that what was learnt survives the extension host; `run-host-tests.ts` reads it.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Called by VS Code; rejects when a test failed. */
export async function run(): Promise<void> {
  const file = setting('FIREDRILL_HOST_RESULT');
  const write = (row: object) => appendFileSync(file, `${JSON.stringify(row)}\n`);
  const grep = process.env.FIREDRILL_HOST_GREP;
  const mocha = new Mocha({ color: false, timeout: 20_000, ...(grep ? { grep } : {}) });
  for (const test of JSON.parse(setting('FIREDRILL_HOST_FILES'))) mocha.addFile(test);
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => write({ title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.on('pending', (test) => write({ title: test.fullTitle(), ms: 0, error: 'skipped' }));
    runner.on('fail', (test, error) => {
      write({ title: test.fullTitle(), ms: test.duration ?? 0, error: String(error?.stack ?? error) });
    });
  });
  write({ finished: true, failures });
  if (failures > 0) throw new Error(`${failures} failed`);
}
