"""Several assets in one step, and names that are not as plain as one would like."""

from ai_core.drill import drill
from dagster import (
    AssetCheckEvaluation,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetOut,
    Output,
    asset,
    asset_check,
    multi_asset,
)

COLORS = AssetKey(["audi", "feeds", "farben_größe"])
QUOTED = AssetKey(["audi", "feeds", 'the "best" of'])
SLASHED = AssetKey(["audi", "feeds", "in/out"])
DOUBLED = AssetKey(["audi", "feeds", "price__list"])

CHECKS = {
    "names-unicode": (COLORS, "größe_vollständig"),
    "names-quotes": (QUOTED, "it's \"quoted\""),
    "names-slash": (SLASHED, "in/out both ways"),
    "names-double-underscore": (DOUBLED, "no__gaps"),
}


@multi_asset(
    name="audi_feeds",
    outs={
        "colors": AssetOut(key=COLORS),
        "quoted": AssetOut(key=QUOTED),
        "slashed": AssetOut(key=SLASHED),
        "doubled": AssetOut(key=DOUBLED),
    },
    group_name="feeds",
)
def audi_feeds(context: AssetExecutionContext):
    """The checks are reported as evaluations: a check of a definition could not have such names."""
    word = drill(context)
    if word == "feeds-down":
        raise TimeoutError("feed server: no answer")
    for output in ("colors", "quoted", "slashed", "doubled"):
        yield Output(None, output)
    if word in CHECKS:
        asset_key, check_name = CHECKS[word]
        yield AssetCheckEvaluation(
            asset_key=asset_key,
            check_name=check_name,
            passed=False,
            severity=AssetCheckSeverity.WARN,
            metadata={"schlüssel": "Grün – ü/ß", "<b>": "`code` [link](http://example.com)"},
        )


@asset(key=["audi", "price__list"], group_name="feeds")
def price__list() -> None:
    """A double underscore inside a name: its step key cannot be told from a path."""
    raise LookupError("no list for week 18")


@asset(key=["audi", "trims"], group_name="feeds")
def trims() -> None:
    return None


@asset_check(asset=trims, name="none_missing")
def trims_none_missing(context) -> AssetCheckResult:
    """Severity ERROR by default, no metadata at all."""
    return AssetCheckResult(passed=drill(context) != "bare")
