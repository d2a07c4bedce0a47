"""Which failures stand in an instance's log: read straight from its table `event_logs`, whatever its storage."""

import json
from dataclasses import dataclass
from typing import Literal

import sqlalchemy
from case import Case, Expected, Json
from dagster import DagsterInstance


@dataclass(frozen=True)
class FailureRow:
    """A failed evaluation or a failed run. `storage_id` is the row's id in `event_logs`."""

    storage_id: int
    run_id: str
    kind: Literal["check", "run"]
    check: tuple[tuple[str, ...], str] | None


class FailureLog:
    def __init__(self, instance: DagsterInstance) -> None:
        self._storage = instance.event_log_storage

    def end(self) -> int:
        """The highest storage id, 0 where nothing was ever recorded."""
        return self._query("select max(id) from event_logs")[0][0] or 0

    def failures_after(self, storage_id: int) -> list[FailureRow]:
        rows = self._query(
            "select id, run_id, dagster_event_type, event from event_logs where id > :after and"
            " dagster_event_type in ('ASSET_CHECK_EVALUATION', 'PIPELINE_FAILURE') order by id",
            after=storage_id,
        )
        failures = []
        for row_id, run_id, event_type, text in rows:
            if event_type == "PIPELINE_FAILURE":
                failures.append(FailureRow(row_id, run_id, "run", None))
                continue
            data = json.loads(text)["dagster_event"]["event_specific_data"]
            if not data["success"]:  # Dagster's stored name of `passed`
                check = (tuple(data["asset_key"]["path"]), data["check_name"])
                failures.append(FailureRow(row_id, run_id, "check", check))
        return failures

    def _query(self, sql: str, **parameters: int) -> list:
        with self._storage.index_connection() as connection:
            return list(connection.execute(sqlalchemy.text(sql), parameters).fetchall())


class Surprise(Exception):
    """A case did not leave exactly the rows that it should."""


def match(case: Case, rows: list[FailureRow], run_ids: list[str]) -> list[Json]:
    """The manifest's entries for a case; `run_ids` are its runs, one for each attempt."""
    left = list(rows)
    entries = []
    for expected in case.expected:
        row = next((row for row in left if _is(row, expected, run_ids)), None)
        if row is None:
            raise Surprise(f"{case.name}: no row for '{expected.message}' among {rows}")
        left.remove(row)
        entries.append(
            {
                "case": case.name,
                "kind": row.kind,
                "storage_id": row.storage_id,
                "run_id": row.run_id or None,
                "expected": expected.to_json(row.run_id),
            }
        )
    if left:
        raise Surprise(f"{case.name}: rows that nobody expected: {left}")
    return entries


def _is(row: FailureRow, expected: Expected, run_ids: list[str]) -> bool:
    if row.kind != expected.kind:
        return False
    if expected.kind == "run":
        return expected.attempt < len(run_ids) and row.run_id == run_ids[expected.attempt]
    return row.check == expected.check
