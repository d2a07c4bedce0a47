"""Records one failed evaluation with a value of every metadata type; prints what Dagster itself calls each value.

    python metadata_texts.py --home DIR

One JSON object: name -> the value (JSON types), or Python's `str` of it.
"""

import json
import sys

import dagster as dg
from dagster import (
    AssetKey,
    DagsterInstance,
    MetadataValue,
    TableColumn,
    TableColumnConstraints,
    TableColumnDep,
    TableColumnLineage,
    TableConstraints,
    TableSchema,
)
from dagster._core.definitions.metadata.source_code import (
    CodeReferencesMetadataValue,
    LocalFileCodeReference,
    UrlCodeReference,
)

SCHEMA = TableSchema(
    columns=[
        TableColumn(
            "n",
            description="it's \"q\" größe\n\U0001f600\x7f\u200b",
            constraints=TableColumnConstraints(nullable=False, unique=True, other=["x > 1"]),
        ),
        TableColumn("m", "float", tags={"unit": "EUR"}),
    ],
    constraints=TableConstraints(other=["n > m"]),
)

VALUES = {
    "text": MetadataValue.text("two\nlines"),
    "md": MetadataValue.md("**b**"),
    "url": MetadataValue.url("https://x.example/?a=b"),
    "path": MetadataValue.path("/lake/a b.parquet"),
    "notebook": MetadataValue.notebook("/n.ipynb"),
    "int": MetadataValue.int(3),
    "big": MetadataValue.int(-(2**60) - 1),
    "float": MetadataValue.float(0.1),
    "nan": MetadataValue.float(float("nan")),
    "inf": MetadataValue.float(float("-inf")),
    "bool": MetadataValue.bool(False),
    "null": MetadataValue.null(),
    "timestamp": MetadataValue.timestamp(1700000000.5),
    "json": MetadataValue.json({"a": [1, 2.5, None, True, {"__class__": "AssetKey"}]}),
    "run": MetadataValue.dagster_run("1b2c"),
    "artifact": MetadataValue.python_artifact(MetadataValue),
    "job": MetadataValue.job("nightly", "ai_'audi'", repository_name="__repository__"),
    "schema": MetadataValue.table_schema(SCHEMA),
    "lineage": MetadataValue.column_lineage(
        TableColumnLineage({"c": [TableColumnDep(AssetKey(["a", "b"]), "d")], "e": []})
    ),
    "code": CodeReferencesMetadataValue(
        code_references=[
            LocalFileCodeReference(file_path="/a b.py", line_number=3),
            UrlCodeReference(url="https://x.example", label="l"),
        ]
    ),
}


def plain(value):
    inner = value.value
    if inner is value or not isinstance(inner, (str, int, float, bool, list, dict, type(None))):
        return str(inner)
    if isinstance(inner, float) and (inner != inner or inner in (float("inf"), float("-inf"))):
        return str(inner)
    if isinstance(inner, int) and abs(inner) > 2**53:
        return str(inner)
    return inner


home = sys.argv[sys.argv.index("--home") + 1]


@dg.asset
def colors() -> None: ...


@dg.asset_check(asset=colors, name="every_type")
def every_type():
    return dg.AssetCheckResult(passed=False, metadata=VALUES)


with DagsterInstance.from_config(home) as instance:
    dg.materialize([colors, every_type], instance=instance)
print(json.dumps({name: plain(value) for name, value in VALUES.items()}))
