import { DELIVERY_OF_FAILURE } from './outboxSql.ts';
import { STORED } from './storedFailure.ts';

/** Listed as from before Firedrill or by looking back, and left at that. */
const LISTED_EARLIER = "failures.before_firedrill = 1 and failures.status = 'pending'";

/** The statements of the failures; those of lists are put together where they are asked for. */
export const SQL = {
  insert: `
      insert into failures (id, kind, status, test, before_firedrill, timestamp, found_at, tick, severity, check_name,
        asset_key, place, asset, partition, run_id, storage_id, grouping_key, searched)
      values ($id, $kind, 'pending', $test, $before, $timestamp, $foundAt, $tick, $severity, $check,
        $assetKey, $place, $asset, $partition, $run, $storageId, $grouping, $searched)
      on conflict (id) do update set before_firedrill = 0, tick = excluded.tick
        where ${LISTED_EARLIER} and excluded.before_firedrill = 0
      returning seq, passed_since, (${DELIVERY_OF_FAILURE}) as delivery`,
  insertBody: 'insert into failure_bodies (seq, brief, whole) values (?, ?, ?) on conflict (seq) do nothing',
  one: `${STORED} where id = ?`,
  bySeq: `${STORED} where seq = ?`,
  whole: 'select whole from failures join failure_bodies using (seq) where id = ?',
  decided: `select 1 from failures where id = ? and (not (${LISTED_EARLIER}) or ?)`,
  setStatus: 'update failures set status = $status where id = $id and status <> $status',
  change: `
      update failures set severity = $severity, check_name = $check, asset_key = $assetKey, place = $place,
        asset = $asset, partition = $partition, grouping_key = $grouping, searched = $searched
      where id = $id and test = 1 returning seq`,
  changeBody: 'update failure_bodies set brief = ?, whole = ? where seq = ?',
  ofTick: `${STORED} where tick = ? order by seq desc`,
  ofRun: `${STORED} where run_id = ? order by seq`,
  ofGrouping: `${STORED} where grouping_key = ? order by seq desc limit ?`,
  grouped: "select count(*) as n from failures where grouping_key = ? and status = 'pending'",
  ofIssue: `${STORED} where grouping_key = ? and status = 'pending' order by seq desc limit ?`,
  // Chosen before it is joined with the texts, as for a page.
  alike: `${STORED} where seq in (
      select failures.seq from failures join failures as it on it.id = $id and failures.id <> it.id
        and (failures.grouping_key = it.grouping_key
          or (failures.check_name = it.check_name and failures.asset_key = it.asset_key))
      order by failures.seq desc limit $limit) order by seq desc`,
  pending:
    "select count(*) as n from failures where status = 'pending' and before_firedrill = 0 and kind = ? and test = 0",
  markPassed: `
      update failures set passed_since = $timestamp
      where check_name = $check and asset_key = $asset and partition is $partition and passed_since is null
        and timestamp < $timestamp
      returning seq`,
} as const;
