import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

/**
 * What a mocha run leaves: one JSON line a test, written as it ends, and a last one when all have. So a run that is
 * killed in the middle is told from one that went well, and what it had learnt is kept.
 */
const Line = v.union([
  v.strictObject({ finished: v.literal(true) }),
  v.strictObject({ title: v.string(), ms: v.number(), error: v.exactOptional(v.string()) }),
]);

export interface TestRow {
  /** Titles of suites and test. */
  title: string;
  ms: number;
  /** Why it failed; absent when it passed. */
  error?: string;
}

export interface Rows {
  rows: TestRow[];
  /** Whether the run came to its end. */
  finished: boolean;
}

/** Reads what a run left; nothing when it never began. */
export async function readRows(file: string): Promise<Rows> {
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const whole = text.split('\n').slice(0, -1); // a killed process may leave half a line
  const lines = whole.map((line) => v.parse(Line, JSON.parse(line)));
  return {
    rows: lines.filter((line) => 'title' in line),
    finished: lines.some((line) => 'finished' in line),
  };
}
