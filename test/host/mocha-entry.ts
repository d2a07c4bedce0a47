// What VS Code's `extensionTestsPath` names, bundled to CommonJS: mocha inside the extension host.
import Mocha from 'mocha';
import RowsReporter from '../run/reporter.ts';

/** Called by VS Code; rejects when a test failed. */
export async function run(): Promise<void> {
  const grep = process.env.FIREDRILL_HOST_GREP;
  const mocha = new Mocha({
    color: false,
    timeout: 30_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: RowsReporter,
    ...(grep ? { grep } : {}),
  });
  for (const file of JSON.parse(process.env.FIREDRILL_HOST_FILES ?? '[]')) mocha.addFile(file);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
