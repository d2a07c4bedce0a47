import * as l10n from '@vscode/l10n';
import { DatabaseError } from 'pg';
import { messageOf } from '../../failure/messageOf.ts';
import { EventLogError, type EventLogFault } from '../eventLog.ts';
import type { PostgresServer } from './server.ts';

/** Postgres' codes (appendix "Error Codes" of its manual) that mean: not now, or not for us. */
const FAULTS: Readonly<Record<string, EventLogFault>> = {
  '42P01': 'no-tables', // undefined_table
  '42703': 'no-tables', // undefined_column
  '55P03': 'locked', // lock_not_available
  '40P01': 'locked', // deadlock_detected
  '57014': 'locked', // query_canceled: our own limit; one slow statement is no lost instance
  '28P01': 'other', // invalid_password
  '28000': 'other', // invalid_authorization_specification
  '3D000': 'other', // invalid_catalog_name
  '42501': 'other', // insufficient_privilege
};

/** What Postgres, `pg` or the network said, as an error that a data engineer understands. It holds no password. */
export function postgresFault(error: unknown, server: PostgresServer): EventLogError {
  if (error instanceof EventLogError) return error;
  const code = error instanceof DatabaseError ? (error.code ?? '') : '';
  // No code: the network. 08, 53, 57: the connection broke, the server has no room, it stops or gave the statement up.
  const fault = FAULTS[code] ?? (code === '' || /^(08|53|57)/.test(code) ? 'gone' : 'other');
  // No cause: pg's errors may hold the connection's settings.
  return new EventLogError(fault, explain(fault, code, words(error), server));
}

function explain(fault: EventLogFault, code: string, said: string, { label }: PostgresServer): string {
  switch (fault) {
    case 'gone':
      return l10n.t('The Postgres {0} cannot be read now: {1}. Firedrill tries again.', label, said);
    case 'locked':
      return l10n.t('The event log in the Postgres {0} is locked ({1}). Firedrill tries again.', label, said);
    case 'no-tables':
      return l10n.t(
        'The Postgres {0} holds no Dagster event log ({1}). Dagster makes its tables when it first starts on this home.',
        label,
        said,
      );
    default:
      if (code.startsWith('28') || code === '3D000' || code === '42501') {
        return l10n.t(
          'The Postgres {0} does not let Firedrill in: {1}. Check the storage in dagster.yaml and the environment variables that it names.',
          label,
          said,
        );
      }
      return l10n.t('The Postgres {0} cannot be read: {1}.', label, said);
  }
}

/** `localhost` has two addresses, and the error of both says nothing by itself. */
function words(error: unknown): string {
  const text = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
  return text.trim().replace(/\.$/, '') || l10n.t('it did not say why');
}
