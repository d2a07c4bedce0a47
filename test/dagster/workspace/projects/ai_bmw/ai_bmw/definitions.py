import os
from pathlib import Path

from ai_core.core_defs import build_core_defs
from ai_core.drill import drill
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    Definitions,
    asset,
    asset_check,
    define_asset_job,
)

# Stands for a native library that takes the process down when it is loaded.
if (Path(os.environ.get("DAGSTER_HOME", ".")) / ".drill" / "bmw_dies_at_import").exists():
    os._exit(1)


@asset(key=["bmw", "2025", "prices"], group_name="prices")
def prices(context: AssetExecutionContext) -> list[int]:
    if drill(context) == "source-down":
        raise ConnectionError("prices.bmw.example refused the connection")
    return [57900, 61250]


@asset_check(asset=prices, name="integrity", description="Every model of the source is in the table.")
def prices_integrity(context: AssetCheckExecutionContext) -> AssetCheckResult:
    bad = drill(context) == "integrity"
    return AssetCheckResult(
        passed=not bad,
        severity=AssetCheckSeverity.ERROR,
        metadata={"count": 2, "missing_source_count": 2, "unexpected_row_count": 0} if bad else {"count": 0},
    )


bmw_prices = define_asset_job("bmw_prices", selection=[prices])

defs = Definitions.merge(
    Definitions(assets=[prices], asset_checks=[prices_integrity], jobs=[bmw_prices]),
    build_core_defs(),
)
