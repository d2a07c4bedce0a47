"""A history as an old Dagster writes it: check evaluations stand in `asset_check_executions` only (before 1.12.11).

    python test/dagster/old_history.py --home DIR

Uses the public API alone, so it runs on Dagster 1.8 and later. Writes DIR/manifest.json like `provoke` does; the
storage id of an evaluation is null where the event log has none.
"""

import argparse
import json
import os
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "provoke"))

from case import check_fails, run_fails  # noqa: E402
from dagster import (  # noqa: E402
    AssetCheckResult,
    AssetCheckSeverity,
    DagsterInstance,
    MetadataValue,
    asset,
    asset_check,
    materialize,
)

PRICES = ("audi", "2023", "prices")


@asset(key=list(PRICES))
def prices() -> None:
    return None


@asset_check(asset=prices, name="discrepancies")
def discrepancies(context) -> AssetCheckResult:
    bad = context.run.tags.get("drill") == "discrepancies"
    return AssetCheckResult(
        passed=not bad,
        severity=AssetCheckSeverity.WARN,
        metadata={"records": MetadataValue.json([{"vin": "WAUZZZ00001"}] if bad else [])},
    )


@asset_check(asset=prices, name="integrity")
def integrity(context) -> AssetCheckResult:
    bad = context.run.tags.get("drill") == "integrity"
    return AssetCheckResult(
        passed=not bad,
        severity=AssetCheckSeverity.ERROR,
        metadata={"count": 3, "missing_source_count": 2, "unexpected_row_count": 1} if bad else {},
    )


@asset(key=["audi", "old", "broken"])
def broken() -> None:
    raise ValueError("no such table: dealers")


@asset_check(asset=broken, name="never_runs")
def never_runs() -> AssetCheckResult:
    """Planned, never evaluated: its asset fails first."""
    return AssetCheckResult(passed=True)


CASES = {
    "old-check-discrepancies": (
        [prices, discrepancies, integrity],
        {"drill": "discrepancies", "dagster/partition": "2023-05-01"},
        check_fails(
            "Dagster asset check failure: discrepancies on audi/2023/prices (WARN)",
            PRICES,
            "discrepancies",
            "WARN",
            {"records": [{"vin": "WAUZZZ00001"}]},
            partition="2023-05-01",
        ),
    ),
    "old-check-integrity": (
        [prices, discrepancies, integrity],
        {"drill": "integrity"},
        check_fails(
            "Dagster asset check failure: integrity on audi/2023/prices (ERROR)",
            PRICES,
            "integrity",
            "ERROR",
            {"count": 3, "missing_source_count": 2, "unexpected_row_count": 1},
        ),
    ),
    "old-checks-pass": ([prices, discrepancies, integrity], {}, None),
    "old-run-exception": (
        [broken, never_runs],
        {},
        run_fails(
            "Dagster run failure: audi/old/broken (ValueError)",
            "ValueError: no such table: dealers",
            # `materialize` names its own job.
            job="__ephemeral_asset_job__",
        ),
    ),
}


def storage_id(home: Path, run_id: str, kind: str) -> int | None:
    event_type = "ASSET_CHECK_EVALUATION" if kind == "check" else "PIPELINE_FAILURE"
    connection = sqlite3.connect(home / "history" / "runs" / "index.db")
    try:
        rows = connection.execute(
            "select id, event from event_logs where run_id = ? and dagster_event_type = ? order by id",
            (run_id, event_type),
        ).fetchall()
    finally:
        connection.close()
    failed = [row_id for row_id, event in rows if kind == "run" or '"success": false' in event]
    return failed[0] if failed else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    home: Path = parser.parse_args().home.resolve()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", "utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    entries = []
    with DagsterInstance.from_config(str(home)) as instance:
        for name, (definitions, tags, expected) in CASES.items():
            result = materialize(definitions, instance=instance, tags=tags, raise_on_error=False)
            if expected is not None:
                entries.append(
                    {
                        "case": name,
                        "kind": expected.kind,
                        "storage_id": storage_id(home, result.run_id, expected.kind),
                        "run_id": result.run_id,
                        "expected": expected.to_json(result.run_id),
                    }
                )
    (home / "manifest.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
