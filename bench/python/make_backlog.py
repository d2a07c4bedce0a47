"""Makes the instances that the backlogs are measured on, with a real Dagster.

    python bench/python/make_backlog.py --home DIR --checks 5000 --runs 300

DIR/before is an instance in which one run has succeeded; DIR/checks and DIR/runs are the same instance after that many
failed check evaluations (ten records each) and failed runs.
"""

import argparse
import shutil
from pathlib import Path

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    DagsterInstance,
    MetadataValue,
    asset,
    materialize,
    multi_asset_check,
)

PRICES = AssetKey(["audi", "2026", "prices"])
CHECKS_A_RUN = 100


def records(check: int) -> list[dict]:
    return [
        {
            "model": f"A{n} Sportback",
            "trim": "S line",
            "price_a": 41_250.5 + check,
            "price_b": 39_990 + n,
            "difference": 1_260.5,
            "valid_from": "2026-05-01",
            "source": "configurator",
        }
        for n in range(10)
    ]


@asset(key=PRICES)
def prices() -> None:
    return None


@multi_asset_check(specs=[AssetCheckSpec(f"difference_{n:03}", asset=PRICES) for n in range(CHECKS_A_RUN)])
def differences():
    for n in range(CHECKS_A_RUN):
        yield AssetCheckResult(
            passed=False,
            asset_key=PRICES,
            check_name=f"difference_{n:03}",
            severity=AssetCheckSeverity.WARN if n % 2 else AssetCheckSeverity.ERROR,
            metadata={"count": 10, "records": MetadataValue.json(records(n))},
        )


@asset(key=["audi", "2026", "broken"])
def broken() -> None:
    raise ValueError("no such table: dealers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--checks", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    options = parser.parse_args()

    def run(home: Path, times: int, *definitions) -> None:
        with DagsterInstance.from_config(str(home)) as instance:
            for _ in range(times):
                materialize(definitions, instance=instance, raise_on_error=False)

    before = options.home / "before"
    before.mkdir(parents=True)
    (before / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", "utf-8")
    run(before, 1, prices)
    for name in ("checks", "runs"):
        shutil.copytree(before, options.home / name)
    run(options.home / "checks", options.checks // CHECKS_A_RUN, prices, differences)
    run(options.home / "runs", options.runs, broken)


if __name__ == "__main__":
    main()
