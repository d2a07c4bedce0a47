import type { DatabaseSync } from 'node:sqlite';
import * as l10n from '@vscode/l10n';
import { SQLITE } from './sqliteCodes.ts';
import { StateStoreError } from './stateStoreError.ts';

/**
 * Brings a database to the newest schema: each text is one step, `user_version` counts the steps done, and all that
 * are missing run in one transaction. A database of a newer Firedrill is left alone: StateStoreError.
 */
export function migrate(db: DatabaseSync, steps: readonly string[], file: string): void {
  if (version(db) === steps.length) return;
  db.exec('begin immediate');
  try {
    const done = version(db); // another window may have been faster
    if (done > steps.length) {
      throw new StateStoreError(
        file,
        l10n.t(
          'The state file {0} was written by a newer Firedrill (schema {1}; this one knows {2}). Update the extension; the file is left as it is.',
          file,
          done,
          steps.length,
        ),
      );
    }
    if (done === 0 && tables(db) > 0) {
      // A SQLite file that is not ours stands in our place: treated as a damaged one, set aside.
      throw Object.assign(new Error(l10n.t('it holds tables that are not of Firedrill')), {
        errcode: SQLITE.notADatabase,
      });
    }
    for (const step of steps.slice(done)) db.exec(step);
    db.exec(`pragma user_version = ${steps.length}`);
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

const version = (db: DatabaseSync): number => Number(db.prepare('pragma user_version').get()?.user_version);
const tables = (db: DatabaseSync): number => Number(db.prepare('select count(*) as n from sqlite_schema').get()?.n);
