import { eventLogCases } from './eventLogCases.ts';
import { writtenSqlite } from './writtenStorage.ts';

describe('an event log on the default SQLite storage', () => eventLogCases(() => writtenSqlite('sharded')));

describe('an event log on the consolidated SQLite storage', () => eventLogCases(() => writtenSqlite('consolidated')));
