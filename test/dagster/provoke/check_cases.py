"""Failing (and passing) asset checks."""

from case import Case, Launch, Report, check_fails, run_fails

PRICES = ("audi", "2024", "prices")
MARKET_PRICES = ("audi", "2024", "market_prices")
DAY = "2026-05-01"


def on_day(drill: str, day: str = DAY) -> dict[str, str]:
    return {"drill": drill, "dagster/partition": day}


def conflicts(count: int) -> list[dict]:
    return [
        {"vin": f"WAUZZZ{i:05d}", "price_eur": 41990 + i, "source_price_eur": 41990 - i} for i in range(1, count + 1)
    ]


def prices_check(check: str, drill: str) -> Launch:
    return Launch(assets=(PRICES,), checks=((PRICES, check),), tags=on_day(drill))


SPECIFIED = [
    Case(
        "check-discrepancies",
        "the specified check discrepancies at WARN, with 12 records",
        prices_check("discrepancies", "discrepancies"),
        (
            check_fails(
                "Dagster asset check failure: discrepancies on audi/2024/prices (WARN)",
                PRICES,
                "discrepancies",
                "WARN",
                {"records": conflicts(12)},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-discrepancies-50",
        "exactly the 50 records that may be sent",
        prices_check("discrepancies", "discrepancies-50"),
        (
            check_fails(
                "Dagster asset check failure: discrepancies on audi/2024/prices (WARN)",
                PRICES,
                "discrepancies",
                "WARN",
                {"records": conflicts(50)},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-discrepancies-73",
        "more records than may be sent: the first 50 remain",
        prices_check("discrepancies", "discrepancies-73"),
        (
            check_fails(
                "Dagster asset check failure: discrepancies on audi/2024/prices (WARN)",
                PRICES,
                "discrepancies",
                "WARN",
                {"records": conflicts(50)},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-integrity",
        "the specified check integrity at ERROR, in the nightly job with its siblings passing",
        Launch(job="nightly_prices", tags=on_day("integrity")),
        (
            check_fails(
                "Dagster asset check failure: integrity on audi/2024/prices (ERROR)",
                PRICES,
                "integrity",
                "ERROR",
                {"count": 3, "missing_source_count": 2, "unexpected_row_count": 1},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-unresolved-refs",
        "the specified check unresolved_refs: a few are a warning",
        prices_check("unresolved_refs", "unresolved-refs"),
        (
            check_fails(
                "Dagster asset check failure: unresolved_refs on audi/2024/prices (WARN)",
                PRICES,
                "unresolved_refs",
                "WARN",
                {"count": 4, "sample_refs": ["8Y001", "8Y002", "8Y003", "8Y004"]},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-unresolved-refs-many",
        "the same check, many are an error",
        prices_check("unresolved_refs", "unresolved-refs-many"),
        (
            check_fails(
                "Dagster asset check failure: unresolved_refs on audi/2024/prices (ERROR)",
                PRICES,
                "unresolved_refs",
                "ERROR",
                {"count": 1204, "sample_refs": ["8Y001", "8Y002", "8Y003", "8Y004", "8Y005"]},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-all-three",
        "all three fail in one run",
        Launch(job="nightly_prices", tags=on_day("all-three")),
        (
            check_fails(
                "Dagster asset check failure: discrepancies on audi/2024/prices (WARN)",
                PRICES,
                "discrepancies",
                "WARN",
                {"records": conflicts(2)},
                partition=DAY,
            ),
            check_fails(
                "Dagster asset check failure: integrity on audi/2024/prices (ERROR)",
                PRICES,
                "integrity",
                "ERROR",
                {"count": 3, "missing_source_count": 2, "unexpected_row_count": 1},
                partition=DAY,
            ),
            check_fails(
                "Dagster asset check failure: unresolved_refs on audi/2024/prices (WARN)",
                PRICES,
                "unresolved_refs",
                "WARN",
                {"count": 1, "sample_refs": ["8Y001"]},
                partition=DAY,
            ),
        ),
    ),
    Case(
        "check-passes-again",
        "the same checks pass the next day: no failure",
        Launch(job="nightly_prices", tags={"dagster/partition": "2026-05-02"}),
    ),
]

def column(name: str, type_: str, description: str | None = None, nullable: bool = True) -> dict:
    """A table's column as it is sent, with what Dagster adds by itself."""
    constraints = {"nullable": nullable, "unique": False, "other": []}
    return {"name": name, "type": type_, "description": description, "constraints": constraints, "tags": {}}


COLUMNS = {
    "columns": [column("vin", "string", "vehicle", nullable=False), column("price", "float")],
    "constraints": {"other": ["vin is unique"]},
}

# Numbers stay numbers, an int beyond 2^53 and nan and inf are texts, json is its value, a table is
# {schema, records}, the rest is Dagster's own text: Python's str of what is no plain value.
EVERY_METADATA_TYPE = {
    "a_bool": True,
    "a_column_lineage": "TableColumnLineage(deps_by_column={'price': [TableColumnDep("
    "asset_key=AssetKey(['audi', '2024', 'prices']), column_name='price_eur')]})",
    "a_float": 0.25,
    "a_float_inf": "inf",
    "a_float_minus_inf": "-inf",
    "a_float_nan": "nan",
    "a_job": "DagsterJobMetadataValue(job_name='nightly_prices', location_name='ai_audi', repository_name=None)",
    "a_json": {"a": [1, 2.5, None, True], "b": {}},
    "a_json_nested": {"1": {"2": {"3": {"4": {"5": {"6": {"7": {"8": {"9": "deep"}}}}}}}}},
    "a_markdown": "**bold** <img src=x onerror=alert(1)> $(flame)",
    "a_notebook": "/lake/notebooks/colors.ipynb",
    "a_null": None,
    "a_path": "/lake/audi/colors.parquet",
    "a_python_artifact": "PythonArtifactMetadataValue("
    "module='dagster._core.definitions.metadata.metadata_value', name='MetadataValue')",
    "a_run": "b4d0e6a8-0000-4000-8000-000000000001",
    "a_table": {
        "schema": COLUMNS,
        "records": [{"vin": "WAUZZZ00001", "price": 41990.5}, {"vin": "WAUZZZ00002", "price": None}],
    },
    "a_table_schema": "TableSchema(columns=["
    "TableColumn(name='vin', type='string', description='vehicle', "
    "constraints=TableColumnConstraints(nullable=False, unique=False, other=[]), tags={}), "
    "TableColumn(name='price', type='float', description=None, "
    "constraints=TableColumnConstraints(nullable=True, unique=False, other=[]), tags={})], "
    "constraints=TableConstraints(other=['vin is unique']))",
    "a_text": "two\nlines",
    "a_text_150_kb": "0123456789" * 15_000,
    "a_text_empty": "",
    "a_timestamp": 1777593600,
    "a_url": "https://example.com/report?day=2026-05-01",
    "an_asset": "audi/2024/prices",
    "an_int": 7,
    "an_int_below_zero": -3,
    "an_int_beyond_2_53": "9007199254740993",
}

COLORS = ("audi", "colors")
DEALERS = ("audi", "dealers")
TRIMS = ("audi", "trims")
OPTIONS = ("audi", "options")
STOCK = ("audi", "stock")

IN_RUNS = [
    Case(
        "check-every-metadata-type",
        "one check with every type of metadata that Dagster has",
        Launch(checks=((COLORS, "every_metadata_type"),), tags={"drill": "metadata"}),
        (
            check_fails(
                "Dagster asset check failure: every_metadata_type on audi/colors (ERROR)",
                COLORS,
                "every_metadata_type",
                "ERROR",
                EVERY_METADATA_TYPE,
            ),
        ),
    ),
    Case(
        "check-no-metadata",
        "severity by default, nothing else said",
        Launch(checks=((TRIMS, "none_missing"),), tags={"drill": "bare"}),
        (check_fails("Dagster asset check failure: none_missing on audi/trims (ERROR)", TRIMS, "none_missing", "ERROR", {}),),
    ),
    Case(
        "check-in-asset-step",
        "a check that the asset's own step evaluates",
        Launch(assets=(DEALERS,), checks=((DEALERS, "country_known"),), tags={"drill": "country"}),
        (
            check_fails(
                "Dagster asset check failure: country_known on audi/dealers (WARN)",
                DEALERS,
                "country_known",
                "WARN",
                {"dealers": ["4711", "4712"]},
            ),
        ),
    ),
    Case(
        "check-blocking",
        "a blocking check fails: the evaluation, and the run",
        Launch(assets=(OPTIONS, ("audi", "catalog")), checks=((OPTIONS, "has_rows"),), tags={"drill": "blocking"}),
        (
            check_fails(
                "Dagster asset check failure: has_rows on audi/options (ERROR)", OPTIONS, "has_rows", "ERROR", {"rows": 0}
            ),
            run_fails(
                "Dagster run failure: audi/options_has_rows (DagsterAssetCheckFailedError)",
                error_starts="dagster._core.errors.DagsterAssetCheckFailedError: ",
            ),
        ),
    ),
    Case(
        "check-blocking-warn",
        "a blocking check fails at WARN: only the evaluation, the run goes on",
        Launch(assets=(OPTIONS, ("audi", "catalog")), checks=((OPTIONS, "has_rows"),), tags={"drill": "blocking-warn"}),
        (
            check_fails(
                "Dagster asset check failure: has_rows on audi/options (WARN)", OPTIONS, "has_rows", "WARN", {"rows": 0}
            ),
        ),
    ),
    Case(
        "check-records-table",
        "60 records as a table: the first 50 remain",
        Launch(
            assets=(MARKET_PRICES,),
            checks=((MARKET_PRICES, "discrepancies"),),
            tags={
                "drill": "discrepancies-table",
                "dagster/partition": "2026-05-01|fr",
                "dagster/partition/date": "2026-05-01",
                "dagster/partition/market": "fr",
            },
        ),
        (
            check_fails(
                "Dagster asset check failure: discrepancies on audi/2024/market_prices (WARN)",
                MARKET_PRICES,
                "discrepancies",
                "WARN",
                {
                    "records": {
                        "schema": {
                            "columns": [column("row", "int"), column("price", "float")],
                            "constraints": {"other": []},
                        },
                        "records": [{"row": i, "price": 0.5 * i} for i in range(1, 51)],
                    }
                },
                partition="2026-05-01|fr",
            ),
        ),
    ),
    Case(
        "check-partitioned",
        "a check with partitions of its own: the evaluation names its partition",
        Launch(
            checks=((STOCK, "freshness"),), tags={"drill": "stale", "dagster/partition": "2026-05-03"}
        ),
        (
            check_fails(
                "Dagster asset check failure: freshness on audi/stock (WARN)",
                STOCK,
                "freshness",
                "WARN",
                {"hours_old": 31.5},
                partition="2026-05-03",
            ),
        ),
    ),
    Case(
        "check-range-backfill",
        "a range of days in one run has no single partition",
        Launch(
            assets=(PRICES,),
            checks=((PRICES, "integrity"),),
            tags={
                "drill": "integrity",
                "dagster/asset_partition_range_start": "2026-05-01",
                "dagster/asset_partition_range_end": "2026-05-03",
            },
        ),
        (
            check_fails(
                "Dagster asset check failure: integrity on audi/2024/prices (ERROR)",
                PRICES,
                "integrity",
                "ERROR",
                {"count": 3, "missing_source_count": 2, "unexpected_row_count": 1},
            ),
        ),
    ),
    Case(
        "check-multi-dimensional",
        "a partition key of two dimensions",
        Launch(
            assets=(MARKET_PRICES,),
            checks=((MARKET_PRICES, "currency"),),
            tags={
                "drill": "currency",
                "dagster/partition": "2026-05-01|de",
                "dagster/partition/date": "2026-05-01",
                "dagster/partition/market": "de",
            },
        ),
        (
            check_fails(
                "Dagster asset check failure: currency on audi/2024/market_prices (ERROR)",
                MARKET_PRICES,
                "currency",
                "ERROR",
                {"unknown_currency": "XEU"},
                partition="2026-05-01|de",
            ),
        ),
    ),
    Case(
        "check-other-location",
        "a check of the second code location",
        Launch(
            location="ai_bmw", assets=(("bmw", "2025", "prices"),), checks=((("bmw", "2025", "prices"), "integrity"),), tags={"drill": "integrity"}
        ),
        (
            check_fails(
                "Dagster asset check failure: integrity on bmw/2025/prices (ERROR)",
                ("bmw", "2025", "prices"),
                "integrity",
                "ERROR",
                {"count": 2, "missing_source_count": 2, "unexpected_row_count": 0},
                oem="bmw",
            ),
        ),
    ),
    Case(
        "check-no-location",
        "a run like that of `dagster job execute` names no code location: the OEM is the asset key's first part",
        Launch(job="nightly_prices", tags=on_day("integrity"), without_location=True),
        (
            check_fails(
                "Dagster asset check failure: integrity on audi/2024/prices (ERROR)",
                PRICES,
                "integrity",
                "ERROR",
                {"count": 3, "missing_source_count": 2, "unexpected_row_count": 1},
                partition=DAY,
            ),
        ),
    ),
]


def feed(name: str, what: str, drill: str, asset_name: str, check: str, message: str) -> Case:
    asset = ("audi", "feeds", asset_name)
    metadata = {"<b>": "`code` [link](http://example.com)", "schlüssel": "Grün – ü/ß"}
    feeds = tuple(("audi", "feeds", part) for part in ("farben_größe", 'the "best" of', "in/out", "price__list"))
    return Case(name, what, Launch(assets=feeds, tags={"drill": drill}), (check_fails(message, asset, check, "WARN", metadata),))


NAMES = [
    feed(
        "check-name-unicode",
        "asset and check named beyond ASCII",
        "names-unicode",
        "farben_größe",
        "größe_vollständig",
        "Dagster asset check failure: größe_vollständig on audi/feeds/farben_größe (WARN)",
    ),
    feed(
        "check-name-quotes",
        "asset and check with quotes in their names",
        "names-quotes",
        'the "best" of',
        "it's \"quoted\"",
        'Dagster asset check failure: it\'s "quoted" on audi/feeds/the "best" of (WARN)',
    ),
    feed(
        "check-name-slash",
        "an asset key with a slash inside a part",
        "names-slash",
        "in/out",
        "in/out both ways",
        "Dagster asset check failure: in/out both ways on audi/feeds/in/out (WARN)",
    ),
    feed(
        "check-name-double-underscore",
        "a double underscore inside a name",
        "names-double-underscore",
        "price__list",
        "no__gaps",
        "Dagster asset check failure: no__gaps on audi/feeds/price__list (WARN)",
    ),
]

WITHOUT_RUN = [
    Case(
        "check-reported-rest",
        "an evaluation reported to the webserver, without a run",
        Report("rest", PRICES, "discrepancies", severity="WARN", metadata={"records": conflicts(1)}),
        (
            check_fails(
                "Dagster asset check failure: discrepancies on audi/2024/prices (WARN)",
                PRICES,
                "discrepancies",
                "WARN",
                {"records": conflicts(1)},
            ),
        ),
    ),
    Case(
        "check-reported-rest-partition",
        "the same for a partition (Dagster refuses a second one for the same check and partition)",
        Report(
            "rest",
            PRICES,
            "integrity",
            metadata={"count": 1, "missing_source_count": 0, "unexpected_row_count": 1},
            partition="2026-05-04",
        ),
        (
            check_fails(
                "Dagster asset check failure: integrity on audi/2024/prices (ERROR)",
                PRICES,
                "integrity",
                "ERROR",
                {"count": 1, "missing_source_count": 0, "unexpected_row_count": 1},
                partition="2026-05-04",
            ),
        ),
    ),
    Case(
        "check-reported-rest-names",
        "the same with a name that no definition could have, and no severity",
        Report("rest", ("audi", 'weiß "x"/y', "ü"), "naïve check/2", metadata={"note": "<script>alert(1)</script>"}),
        (
            check_fails(
                'Dagster asset check failure: naïve check/2 on audi/weiß "x"/y/ü (ERROR)',
                ("audi", 'weiß "x"/y', "ü"),
                "naïve check/2",
                "ERROR",
                {"note": "<script>alert(1)</script>"},
            ),
        ),
    ),
    Case(
        "check-reported-instance",
        "an evaluation reported to the instance by a script, without a run",
        Report("instance", ("bmw", "2025", "prices"), "integrity", metadata={"count": 1, "missing_source_count": 1, "unexpected_row_count": 0}),
        (
            check_fails(
                "Dagster asset check failure: integrity on bmw/2025/prices (ERROR)",
                ("bmw", "2025", "prices"),
                "integrity",
                "ERROR",
                {"count": 1, "missing_source_count": 1, "unexpected_row_count": 0},
                oem="bmw",
            ),
        ),
    ),
    Case(
        "check-reported-passes",
        "a passing evaluation, reported without a run: no failure",
        Report("instance", PRICES, "discrepancies", passed=True, severity="WARN"),
    ),
]

CHECK_RAISES = Case(
    "run-check-raises",
    "a check whose body raises makes no evaluation, only a run failure; the step key is the check's",
    Launch(checks=((("audi", "models"), "integrity"),), tags={"drill": "check-raises"}),
    (run_fails("Dagster run failure: audi/models_integrity (KeyError)", "KeyError: 'model_code'"),),
)

CHECK_CASES = [*SPECIFIED, *IN_RUNS, *NAMES, *WITHOUT_RUN, CHECK_RAISES]
