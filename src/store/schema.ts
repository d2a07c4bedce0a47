import { FAILURES } from './schema/failures.ts';
import { INBOX } from './schema/inbox.ts';
import { NEWS } from './schema/news.ts';
import { OUTBOX } from './schema/outbox.ts';
import { NAMED_TICKS, WATCHING } from './schema/watching.ts';

/** The state of one instance. Times are ms since 1970, a failure's `timestamp` seconds, as its event log has it. */
export const STATE_MIGRATIONS: readonly string[] = [[WATCHING, FAILURES, OUTBOX, NEWS].join('\n'), NAMED_TICKS];

/** The inbox, one for all instances. */
export const INBOX_MIGRATIONS: readonly string[] = [INBOX];
