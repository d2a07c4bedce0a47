import type { Database } from './database.ts';

const FAILURE_COLUMNS = `id, kind, status, test, before_firedrill, timestamp, found_at, severity, check_name,
  asset_key, place, asset, partition, run_id, storage_id, grouping_key, passed_since, searched`;
const OUTBOX_COLUMNS = `failure_id, failure_kind, severity, title, partition, event_id, target_kind, target_key, host, project,
  sent_by, closes, queued_at, sha256, state, not_before, reason, tries, claim_owner, claim_epoch, claimed_at,
  claim_until, unknown_since, settled_at, status, duration_ms, may_repeat, confirmation`;

/**
 * Takes over the test failures of another state file, with their deliveries and receipts: those that were made before
 * an instance was found. The other file must be closed. What was taken over already is passed over, so that a crash
 * between the two files' commits doubles nothing.
 */
export function adopt(db: Database, otherFile: string): void {
  db.prepare('attach database ? as other').run(otherFile);
  try {
    db.write('synced', () => {
      db.prepare(
        `insert or ignore into main.failures (${FAILURE_COLUMNS})
         select ${FAILURE_COLUMNS} from other.failures where test = 1 order by seq`,
      ).run();
      db.prepare(
        `insert or ignore into main.failure_bodies (seq, brief, whole)
         select mine.seq, brief, whole from other.failures join other.failure_bodies using (seq)
         join main.failures mine using (id) where other.failures.test = 1`,
      ).run();
      const rows = db.prepare(
        `select id, event_id, target_key, queued_at from other.outbox o where not exists
         (select 1 from main.outbox m where m.event_id = o.event_id and m.target_key = o.target_key
          and m.queued_at = o.queued_at) order by id`,
      );
      const copy = db.prepare(
        `insert into main.outbox (${OUTBOX_COLUMNS}) select ${OUTBOX_COLUMNS} from other.outbox where id = ?`,
      );
      const copyRequest = db.prepare(
        `insert into main.requests (outbox_id, method, url, headers, body)
         select ?, method, url, headers, body from other.requests where outbox_id = ?`,
      );
      const copyTries = db.prepare(
        `insert into main.tries (outbox_id, claim_epoch, at, duration_ms, outcome, status, words)
         select ?, claim_epoch, at, duration_ms, outcome, status, words from other.tries where outbox_id = ?`,
      );
      for (const { id } of rows.all()) {
        if (id === undefined) continue;
        const copied = copy.run(id).lastInsertRowid;
        copyRequest.run(copied, id);
        copyTries.run(copied, id);
      }
      for (const table of ['tries', 'requests', 'outbox', 'failures']) db.prepare(`delete from other.${table}`).run();
    });
  } finally {
    db.prepare('detach database other').run();
  }
}
