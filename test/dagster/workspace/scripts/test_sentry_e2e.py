"""Does a failed asset check reach Sentry? Makes one in an ephemeral instance and sends it; no `dg dev` required.

    SENTRY_DSN=https://... python ../../scripts/test_sentry_e2e.py      (in projects/ai_audi)
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages" / "ai_core"))

import sentry_sdk  # noqa: E402
from ai_core.sentry_sensors import (  # noqa: E402
    FLUSH_SECONDS,
    check_failure_events,
    init_sentry,
    new_check_evaluations,
    oem_of,
    send_event,
)
from dagster import AssetCheckResult, AssetCheckSeverity, DagsterInstance, asset, asset_check, materialize  # noqa: E402


@asset(key=["audi", "2024", "prices"])
def prices() -> None:
    return None


@asset_check(asset=prices, name="discrepancies")
def discrepancies() -> AssetCheckResult:
    records = [{"vin": "WAUZZZ00001", "price_eur": 41991, "source_price_eur": 41989}]
    return AssetCheckResult(passed=False, severity=AssetCheckSeverity.WARN, metadata={"records": records})


def main() -> int:
    if not init_sentry():
        print("SENTRY_DSN is not set")
        return 1
    with DagsterInstance.ephemeral() as instance:
        materialize([prices, discrepancies], instance=instance, tags={"dagster/partition": "2026-05-01"})
        rows = new_check_evaluations(instance, 0)
        for _, event in check_failure_events(instance, rows, oem_of(Path(os.getcwd()).name)):
            print(f"{event.message}: {send_event(event)}")
    sentry_sdk.flush(FLUSH_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
