"""Price lists, with the three quality checks of the platform."""

from ai_core.drill import drill
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    BackfillPolicy,
    MetadataValue,
    TableColumn,
    TableRecord,
    TableSchema,
    asset,
    asset_check,
)

from ai_audi.partitions import DAYS, DAYS_AND_MARKETS


@asset(
    key=["audi", "2024", "prices"],
    group_name="prices",
    partitions_def=DAYS,
    backfill_policy=BackfillPolicy.single_run(),
)
def prices(context: AssetExecutionContext) -> None:
    """One row for each model and day; it writes its table itself."""
    if drill(context) == "prices-source-down":
        raise ConnectionError("prices.audi.example did not answer within 30 s")


def conflict(number: int) -> dict:
    return {"vin": f"WAUZZZ{number:05d}", "price_eur": 41990 + number, "source_price_eur": 41990 - number}


CONFLICTS = {"all-three": 2, "discrepancies": 12, "discrepancies-50": 50, "discrepancies-73": 73}


@asset_check(asset=prices, name="discrepancies", description="Prices agree with the source system.")
def prices_discrepancies(context: AssetCheckExecutionContext) -> AssetCheckResult:
    records = [conflict(number) for number in range(1, CONFLICTS.get(drill(context), 0) + 1)]
    return AssetCheckResult(
        passed=not records,
        severity=AssetCheckSeverity.WARN,
        metadata={"records": MetadataValue.json(records)},
    )


@asset_check(asset=prices, name="integrity", description="Every row of the source is there, and no other.")
def prices_integrity(context: AssetCheckExecutionContext) -> AssetCheckResult:
    bad = drill(context) in ("integrity", "all-three")
    return AssetCheckResult(
        passed=not bad,
        severity=AssetCheckSeverity.ERROR,
        metadata={
            "count": 3 if bad else 0,
            "missing_source_count": 2 if bad else 0,
            "unexpected_row_count": 1 if bad else 0,
        },
    )


@asset_check(asset=prices, name="unresolved_refs", description="Every reference leads to a known model.")
def prices_unresolved_refs(context: AssetCheckExecutionContext) -> AssetCheckResult:
    """A few are a warning, many an error."""
    count = {"all-three": 1, "unresolved-refs": 4, "unresolved-refs-many": 1204}.get(drill(context), 0)
    return AssetCheckResult(
        passed=count == 0,
        severity=AssetCheckSeverity.ERROR if count > 100 else AssetCheckSeverity.WARN,
        metadata={"count": count, "sample_refs": [f"8Y{number:03d}" for number in range(1, min(count, 5) + 1)]},
    )


@asset(key=["audi", "2024", "market_prices"], group_name="prices", partitions_def=DAYS_AND_MARKETS)
def market_prices() -> list[int]:
    """Prices for each day and market."""
    return [41990]


@asset_check(asset=market_prices, name="discrepancies")
def market_prices_discrepancies(context: AssetCheckExecutionContext) -> AssetCheckResult:
    """Its records are a table."""
    bad = drill(context) == "discrepancies-table"
    records = [TableRecord({"row": number, "price": 0.5 * number}) for number in range(1, 61)]
    schema = TableSchema(columns=[TableColumn("row", "int"), TableColumn("price", "float")])
    return AssetCheckResult(
        passed=not bad,
        severity=AssetCheckSeverity.WARN,
        metadata={"records": MetadataValue.table(records, schema)} if bad else {},
    )


@asset_check(asset=market_prices, name="currency")
def market_prices_currency(context: AssetCheckExecutionContext) -> AssetCheckResult:
    return AssetCheckResult(
        passed=drill(context) != "currency",
        severity=AssetCheckSeverity.ERROR,
        metadata={"unknown_currency": "XEU"},
    )
