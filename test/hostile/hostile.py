"""Records failures whose every text is hostile, through Dagster's own API: python hostile.py --home DIR --only NAMES

Each case is one check failure on an asset of its own, but for "run", a run failure.
"""

import argparse
import sys
import uuid

from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    AssetKey,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    JsonMetadataValue,
    MarkdownMetadataValue,
    UrlMetadataValue,
)
from dagster._core.events import DagsterEvent, DagsterEventType, JobFailureData, RunFailureReason
from dagster._utils.error import SerializableErrorInfo

MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b onclick="window.hacked=1">'
LINKS = "[run](command:workbench.action.quit) command:workbench.action.quit https://evil.example/x javascript:window.hacked=1"
ICON = "$(rocket) $(smiley~spin)"
MARKDOWN = "# big\n\n**bold** ![](https://evil.example/pixel.png) <https://evil.example> `code`\n\n| a |\n|---|"
ANSI = "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07here\x1b]8;;\x07 \x07\x08"
BIDI = "\u202egnp.exe\u202c \u2066isolate\u2069 \u200f\u061c"
NUL = "before\x00after"
SURROGATE = "lone \ud83d high, lone \ude00 low"
ALL = " ".join([MARKUP, LINKS, ICON, MARKDOWN, ANSI, BIDI, NUL, SURROGATE])

sys.setrecursionlimit(100_000)


def deep(levels: int):
    value = "bottom"
    for level in range(levels):
        value = {"d": value} if level % 2 else [value]
    return value


CASES = {
    "texts": {
        "all": ALL,
        "markdown": MarkdownMetadataValue(f"{MARKDOWN} {LINKS} {MARKUP}"),
        "url": UrlMetadataValue("javascript:window.hacked=1"),
        "command": UrlMetadataValue("command:workbench.action.quit"),
        "web": UrlMetadataValue("https://evil.example/x"),
        MARKUP: ALL,
        "__proto__": {"polluted": "yes"},
        "constructor": {"prototype": {"polluted": "yes"}},
        "records": JsonMetadataValue([{MARKUP: LINKS, "b": ANSI, "__proto__": 1}, {MARKUP: BIDI, "b": NUL}]),
    },
    "long": {"long": "<b>" + "x" * 10_000_000},
    "keys": {"keys": JsonMetadataValue({f"{MARKUP[:9]} {n}": n for n in range(10_000)})},
    "deep": {"deep": JsonMetadataValue(deep(1000))},
}


def check(instance: DagsterInstance, name: str) -> None:
    texts = name == "texts"
    instance.report_runless_asset_event(
        AssetCheckEvaluation(
            asset_key=AssetKey([f"hostile_{name}", f"{MARKUP} {LINKS} {ICON} {BIDI}"] if texts else [f"hostile_{name}"]),
            check_name=f"check_{name} {ICON} {LINKS} {MARKUP} {ANSI} {BIDI}" if texts else f"check_{name}",
            passed=False,
            severity=AssetCheckSeverity.WARN,
            description=ALL if texts else None,
            metadata=CASES[name],
        )
    )


def run(instance: DagsterInstance) -> None:
    made = DagsterRun(
        job_name=f"job_hostile {ICON} {LINKS} {MARKUP}",
        run_id=str(uuid.uuid4()),
        status=DagsterRunStatus.STARTED,
        tags={"dagster/partition": f"{BIDI} {MARKUP} {ICON}", "dagster/code_location": f"{MARKUP} {LINKS}"},
    )
    cause = SerializableErrorInfo(f"Cause: {ALL}\n", [f'  File "{MARKUP}", line 1\n'], f"{ICON}{MARKUP}")
    error = SerializableErrorInfo(f"Boom: {ALL}\n", [f'  File "{LINKS}", line 1, in {MARKUP}\n'], f"Boom{ICON}", cause)
    event = DagsterEvent(
        event_type_value=DagsterEventType.RUN_FAILURE.value,
        job_name=made.job_name,
        message=ALL,
        event_specific_data=JobFailureData(error=error, failure_reason=RunFailureReason.UNKNOWN),
    )
    instance.add_run(made)
    instance.report_dagster_event(event, run_id=made.run_id)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", required=True)
    parser.add_argument("--only", nargs="+", default=[*CASES, "run"])
    args = parser.parse_args()
    with DagsterInstance.from_config(args.home) as instance:
        for name in args.only:
            if name == "run":
                run(instance)
            else:
                check(instance, name)


main()
