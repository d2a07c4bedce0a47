"""Models, options and the catalog built from them: a check that blocks, checks that raise."""

from ai_core.drill import drill
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    MaterializeResult,
    asset,
    asset_check,
)


@asset(key=["audi", "models"], group_name="catalog")
def models() -> list[str]:
    return ["A3", "A4", "Q5"]


@asset_check(asset=models, name="integrity")
def models_integrity(context: AssetCheckExecutionContext) -> AssetCheckResult:
    if drill(context) == "check-raises":
        raise KeyError("model_code")
    return AssetCheckResult(passed=True)


@asset(key=["audi", "options"], group_name="catalog")
def options() -> list[str]:
    return ["towbar"]


@asset_check(asset=options, name="has_rows", blocking=True)
def options_has_rows(context: AssetCheckExecutionContext) -> AssetCheckResult:
    return AssetCheckResult(
        passed=drill(context) not in ("blocking", "blocking-warn"),
        severity=AssetCheckSeverity.WARN if drill(context) == "blocking-warn" else AssetCheckSeverity.ERROR,
        description="The options table is empty.",
        metadata={"rows": 0},
    )


@asset(key=["audi", "catalog"], group_name="catalog", deps=[options])
def catalog() -> None:
    return None


@asset(key=["audi", "dealers"], group_name="catalog", check_specs=[AssetCheckSpec("country_known", asset=["audi", "dealers"])])
def dealers(context: AssetExecutionContext) -> MaterializeResult:
    """Its check is part of the asset's own step."""
    bad = drill(context) == "country"
    return MaterializeResult(
        check_results=[
            AssetCheckResult(
                check_name="country_known",
                passed=not bad,
                severity=AssetCheckSeverity.WARN,
                metadata={"dealers": ["4711", "4712"] if bad else []},
            )
        ]
    )
