"""What a case is: how a failure is provoked, and what the specification says must be sent for it.

The expected events are written by hand, case by case; nothing here knows how Firedrill renders.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

AssetKeyParts = tuple[str, ...]
Json = Any

ASSET_JOB = "__ASSET_JOB"


@dataclass(frozen=True)
class Launch:
    """A run of a job of the workspace."""

    job: str = ASSET_JOB
    location: str = "ai_audi"
    assets: tuple[AssetKeyParts, ...] = ()
    checks: tuple[tuple[AssetKeyParts, str], ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    # "own" is the executor that the job itself names.
    executor: Literal["in_process", "multiprocess", "own"] = "in_process"
    # The run needs a process of its own, started by a code server (it kills itself, is cancelled, ...).
    own_process: bool = False
    # A file under .drill/ of the instance's home that stands while the run starts.
    flag: str | None = None
    # Cancel the run as soon as it has started.
    cancel: bool = False
    # Dagster starts this many further attempts of the whole run.
    run_retries: int = 0
    # Started like `dagster job execute`: the run records no code location.
    without_location: bool = False


@dataclass(frozen=True)
class Report:
    """A run-less evaluation, reported to the webserver over REST or to the instance itself."""

    via: Literal["rest", "instance"]
    asset: AssetKeyParts
    check: str
    passed: bool = False
    severity: Literal["WARN", "ERROR"] = "ERROR"
    metadata: dict[str, Json] = field(default_factory=dict)
    partition: str | None = None


@dataclass(frozen=True)
class RemovedLocation:
    """A run waits in the queue while its code location is taken out of the workspace."""

    location: str
    job: str


@dataclass(frozen=True)
class Expected:
    """One failure that must be found. `run_id` is put in by the one who provoked it."""

    kind: Literal["check", "run"]
    message: str
    level: Literal["warning", "error"]
    tags: dict[str, str]
    extra: dict[str, Json]
    # How to find the row: which check of which asset, or which attempt of the run.
    check: tuple[AssetKeyParts, str] | None = None
    attempt: int = 0
    # Where Dagster words the error and its wording differs between versions: only its beginning.
    error_starts: str | None = None
    will_retry: bool = False

    def to_json(self, run_id: str | None) -> Json:
        extra = dict(self.extra)
        if run_id:
            extra["run_id"] = run_id
        expected: dict[str, Json] = {
            "message": self.message,
            "level": self.level,
            "tags": self.tags,
            "extra": extra,
        }
        if self.error_starts is not None:
            expected["error_starts"] = self.error_starts
        if self.will_retry:
            expected["will_retry"] = True
        return expected


@dataclass(frozen=True)
class Case:
    name: str
    what: str
    action: Launch | Report | RemovedLocation
    expected: tuple[Expected, ...] = ()

    @property
    def needs_code_server(self) -> bool:
        return isinstance(self.action, Launch) and self.action.own_process


def check_fails(
    message: str,
    asset: AssetKeyParts,
    check: str,
    severity: Literal["WARN", "ERROR"],
    metadata: dict[str, Json],
    oem: str = "audi",
    partition: str | None = None,
) -> Expected:
    """The table "Asset check failure" of the specification."""
    tags = {"oem": oem, "check_name": check, "severity": severity}
    extra: dict[str, Json] = {"asset_key": "/".join(asset), "metadata": metadata}
    if partition is not None:
        tags["partition_date"] = partition
        extra["partition_date"] = partition
    level: Literal["warning", "error"] = "warning" if severity == "WARN" else "error"
    return Expected("check", message, level, tags, extra, check=(asset, check))


def run_fails(
    message: str,
    error: str | None = None,
    *,
    job: str = ASSET_JOB,
    oem: str = "audi",
    partition: str | None = None,
    error_starts: str | None = None,
    attempt: int = 0,
    will_retry: bool = False,
) -> Expected:
    """The table "Run failure" of the specification."""
    tags = {"job_name": job, "oem": oem}
    extra: dict[str, Json] = {"job_name": job}
    if error is not None:
        extra["error"] = error
    if partition is not None:
        tags["partition_date"] = partition
        extra["partition_date"] = partition
    return Expected(
        "run", message, "error", tags, extra, error_starts=error_starts, attempt=attempt, will_retry=will_retry
    )
