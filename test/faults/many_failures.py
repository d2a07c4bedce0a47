"""Fills an instance with failures through Dagster's own API: evaluations with ten records each, and run failures.

python many_failures.py --home DIR --checks N --runs N [--first N]
"""

import argparse
import uuid

from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    AssetKey,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
)
from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "connect")
def without_sync(connection, _record) -> None:
    """Dagster syncs several times an event; nobody's power fails here."""
    connection.execute("PRAGMA synchronous=OFF")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", required=True)
    parser.add_argument("--checks", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    args = parser.parse_args()
    with DagsterInstance.from_config(args.home) as instance:
        for n in range(args.first, args.first + args.checks):
            records = [{"model": f"A{n}", "row": row, "price_a": row * 1.5, "price_b": None} for row in range(10)]
            instance.report_runless_asset_event(
                AssetCheckEvaluation(
                    asset_key=AssetKey(["audi", "2024", f"prices_{n}"]),
                    check_name="discrepancies",
                    passed=False,
                    severity=AssetCheckSeverity.WARN if n % 2 else AssetCheckSeverity.ERROR,
                    description=f"Two sources disagree, number {n}.",
                    metadata={"count": 10, "records": records},
                )
            )
        for n in range(args.first, args.first + args.runs):
            run = DagsterRun(job_name=f"job_{n}", run_id=str(uuid.uuid4()), status=DagsterRunStatus.STARTED)
            instance.report_run_failed(instance.add_run(run), f"Run number {n} failed.")


main()
