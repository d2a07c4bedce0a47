// Mocha's spec reporter, which also writes rows (see rows.ts) to the file that FIREDRILL_ROWS names. Used outside and
// inside the extension host.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { TestRow } from './rows.ts';

export default class RowsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.FIREDRILL_ROWS;
    if (file === undefined) throw new Error('FIREDRILL_ROWS is not set');
    const write = (line: TestRow | { finished: true }) => appendFileSync(file, `${JSON.stringify(line)}\n`);
    runner.on('pass', (test) => write({ title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.on('fail', (test, error) => {
      write({ title: test.fullTitle(), ms: test.duration ?? 0, error: String(error?.stack ?? error) });
    });
    runner.on('end', () => write({ finished: true }));
  }
}
