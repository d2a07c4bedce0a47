"""Checks that have partitions themselves, and one with every kind of metadata."""

from ai_core.drill import drill
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetKey,
    MetadataValue,
    TableColumn,
    TableColumnConstraints,
    TableColumnDep,
    TableColumnLineage,
    TableConstraints,
    TableRecord,
    TableSchema,
    asset,
    asset_check,
)

from ai_audi.partitions import DAYS


@asset(key=["audi", "stock"], group_name="stock", partitions_def=DAYS)
def stock() -> list[int]:
    return [3]


@asset_check(asset=stock, name="freshness", partitions_def=DAYS)
def stock_freshness(context: AssetCheckExecutionContext) -> AssetCheckResult:
    return AssetCheckResult(
        passed=drill(context) != "stale",
        severity=AssetCheckSeverity.WARN,
        metadata={"hours_old": 31.5},
    )


@asset(key=["audi", "colors"], group_name="stock")
def colors() -> list[str]:
    return ["glacier white"]


SCHEMA = TableSchema(
    columns=[
        TableColumn("vin", "string", description="vehicle", constraints=TableColumnConstraints(nullable=False)),
        TableColumn("price", "float"),
    ],
    constraints=TableConstraints(other=["vin is unique"]),
)


@asset_check(asset=colors, name="every_metadata_type")
def colors_every_metadata_type(context: AssetCheckExecutionContext) -> AssetCheckResult:
    if drill(context) != "metadata":
        return AssetCheckResult(passed=True)
    return AssetCheckResult(
        passed=False,
        severity=AssetCheckSeverity.ERROR,
        metadata={
            "an_int": 7,
            "an_int_below_zero": -3,
            "an_int_beyond_2_53": 9007199254740993,
            "a_float": 0.25,
            "a_float_nan": float("nan"),
            "a_float_inf": float("inf"),
            "a_float_minus_inf": float("-inf"),
            "a_text": "two\nlines",
            "a_text_empty": "",
            "a_text_150_kb": "0123456789" * 15_000,
            "a_markdown": MetadataValue.md("**bold** <img src=x onerror=alert(1)> $(flame)"),
            "a_json": MetadataValue.json({"a": [1, 2.5, None, True], "b": {}}),
            "a_json_nested": MetadataValue.json(
                {"1": {"2": {"3": {"4": {"5": {"6": {"7": {"8": {"9": "deep"}}}}}}}}}
            ),
            "a_table": MetadataValue.table(
                records=[
                    TableRecord({"vin": "WAUZZZ00001", "price": 41990.5}),
                    TableRecord({"vin": "WAUZZZ00002", "price": None}),
                ],
                schema=SCHEMA,
            ),
            "a_table_schema": MetadataValue.table_schema(SCHEMA),
            "a_column_lineage": MetadataValue.column_lineage(
                TableColumnLineage(
                    {"price": [TableColumnDep(asset_key=AssetKey(["audi", "2024", "prices"]), column_name="price_eur")]}
                )
            ),
            "a_url": MetadataValue.url("https://example.com/report?day=2026-05-01"),
            "a_path": MetadataValue.path("/lake/audi/colors.parquet"),
            "a_notebook": MetadataValue.notebook("/lake/notebooks/colors.ipynb"),
            "a_python_artifact": MetadataValue.python_artifact(MetadataValue),
            "an_asset": MetadataValue.asset(AssetKey(["audi", "2024", "prices"])),
            "a_job": MetadataValue.job("nightly_prices", location_name="ai_audi"),
            "a_run": MetadataValue.dagster_run("b4d0e6a8-0000-4000-8000-000000000001"),
            "a_timestamp": MetadataValue.timestamp(1777593600.0),
            "a_bool": True,
            "a_null": None,
        },
    )
