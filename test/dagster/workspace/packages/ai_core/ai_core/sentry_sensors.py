"""The two monitoring sensors: asset check failures and run failures to Sentry.

The helpers (`build_*_event`, `forward_check_failures`, `send_event`) need no running Dagster,
so the scripts in `scripts/` call them directly.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sentry_sdk
from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DefaultSensorStatus,
    EventLogEntry,
    RunFailureSensorContext,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    run_failure_sensor,
    sensor,
)

BATCH = 100
SAMPLE_RECORDS = 50
PARTITION_TAG = "dagster/partition"
FLUSH_SECONDS = 10

# Errors that Dagster puts around the user's own exception, which is their cause.
WRAPPERS = {
    "DagsterExecutionStepExecutionError",
    "DagsterExecutionLoadInputError",
    "DagsterExecutionHandleOutputError",
    "RetryRequestedFromPolicy",
}


@dataclass(frozen=True)
class SentryEvent:
    """One event as the specification's tables describe it."""

    message: str
    level: str
    tags: dict[str, str]
    extra: dict[str, Any]


def oem_of(location_name: str | None) -> str:
    """ai_audi -> audi; a name without the prefix stays as it is."""
    return (location_name or "").removeprefix("ai_")


# --- Asset checks -------------------------------------------------------------------------------


def new_check_evaluations(
    instance: DagsterInstance, cursor: int, limit: int = BATCH
) -> list[tuple[int, EventLogEntry]]:
    """The evaluations recorded after `cursor` (a storage id), oldest first, at most `limit`.

    Not `instance.get_event_records(EventRecordsFilter(after_cursor=cursor))`: the default SQLite
    storage keeps one file a run and refuses an int cursor there ("a cursor that is not run-aware"),
    and without a cursor its ids count in each run from 1. This call reads the log of all runs,
    whose ids go up over the whole instance.
    """
    connection = instance.event_log_storage.get_logs_for_all_runs_by_log_id(
        after_cursor=cursor,
        dagster_event_type=DagsterEventType.ASSET_CHECK_EVALUATION,
        limit=limit,
    )
    return sorted(connection.items())


def last_check_storage_id(instance: DagsterInstance) -> int:
    """Where the log ends now: a new sensor starts there and forwards no history."""
    return instance.event_log_storage.get_maximum_record_id() or 0


def check_evaluation_of(entry: EventLogEntry) -> AssetCheckEvaluation | None:
    event = entry.dagster_event
    data = event.event_specific_data if event else None
    return data if isinstance(data, AssetCheckEvaluation) else None


def metadata_values(evaluation: AssetCheckEvaluation) -> dict[str, Any]:
    """Plain values; lists of records are cut to the specified 50."""
    values = {}
    for key, value in evaluation.metadata.items():
        plain = getattr(value, "value", None)
        if plain is value or not isinstance(plain, (str, int, float, bool, list, dict, type(None))):
            plain = str(plain)
        if key == "records" and isinstance(plain, list):
            plain = plain[:SAMPLE_RECORDS]
        values[key] = plain
    return values


def build_check_event(
    evaluation: AssetCheckEvaluation, run_id: str, oem: str, run_partition: str | None = None
) -> SentryEvent:
    severity = evaluation.severity
    asset_key = evaluation.asset_key.to_user_string()
    # `partition` is newer than the oldest Dagster that we run on.
    partition = getattr(evaluation, "partition", None) or run_partition
    tags = {"oem": oem, "check_name": evaluation.check_name, "severity": severity.value}
    extra: dict[str, Any] = {
        "asset_key": asset_key,
        "run_id": run_id,
        "metadata": metadata_values(evaluation),
    }
    if partition:
        tags["partition_date"] = partition
        extra["partition_date"] = partition
    return SentryEvent(
        message=f"Dagster asset check failure: {evaluation.check_name} on {asset_key} ({severity.value})",
        level="warning" if severity == AssetCheckSeverity.WARN else "error",
        tags=tags,
        extra=extra,
    )


def run_partition_of(instance: DagsterInstance, run_id: str) -> str | None:
    """The partition of the run; a run-less evaluation has no run."""
    run = instance.get_run_by_id(run_id) if run_id else None
    return run.tags.get(PARTITION_TAG) if run else None


def check_failure_events(
    instance: DagsterInstance, rows: list[tuple[int, EventLogEntry]], oem: str
) -> Iterator[tuple[int, SentryEvent]]:
    """(storage id, event) for each failed evaluation among the rows."""
    for storage_id, entry in rows:
        evaluation = check_evaluation_of(entry)
        if evaluation is not None and not evaluation.passed:
            partition = run_partition_of(instance, entry.run_id)
            yield storage_id, build_check_event(evaluation, entry.run_id, oem, partition)


def forward_check_failures(instance: DagsterInstance, cursor: int, oem: str) -> int:
    """Send every failed evaluation after `cursor`, 100 at a time; the new cursor."""
    while True:
        rows = new_check_evaluations(instance, cursor)
        for _, event in check_failure_events(instance, rows, oem):
            send_event(event)
        sentry_sdk.flush(FLUSH_SECONDS)
        if rows:
            cursor = rows[-1][0]
        if len(rows) < BATCH:
            return cursor


# --- Run failures -------------------------------------------------------------------------------


def user_error(error: Any) -> Any:
    """The user's exception: the first cause of a wrapper, else the error itself."""
    if error is not None and error.cls_name in WRAPPERS and error.cause is not None:
        return error.cause
    return error


def build_run_event(
    run: DagsterRun, failure: DagsterEvent, step_failures: Sequence[DagsterEvent], oem: str
) -> SentryEvent:
    """`step_failures`: the run's STEP_FAILURE events, oldest first.

    The run failure itself names its first failed step only when the executor saw the step end; a process
    for each step that dies, or whose resource fails, leaves that field empty.
    """
    if step_failures:
        first_step = step_failures[0]
        error = user_error(first_step.step_failure_data.error)
        what = (first_step.step_key or "").replace("__", "/")
    else:
        # A run that was marked as failed from outside has no failure data at all.
        error = user_error(getattr(failure.event_specific_data, "error", None))
        origin = run.remote_job_origin
        location = origin.location_name if origin else None
        what = f"{location or oem}/{run.job_name}"
    error_class = error.cls_name if error is not None and error.cls_name else "UnknownError"
    text = error.message if error is not None else failure.message
    partition = run.tags.get(PARTITION_TAG)
    tags = {"job_name": run.job_name, "oem": oem}
    extra: dict[str, Any] = {
        "run_id": run.run_id,
        "job_name": run.job_name,
        "error": (text or "").removesuffix("\n"),
    }
    if partition:
        tags["partition_date"] = partition
        extra["partition_date"] = partition
    return SentryEvent(
        message=f"Dagster run failure: {what} ({error_class})", level="error", tags=tags, extra=extra
    )


# --- Sentry -------------------------------------------------------------------------------------


def init_sentry() -> bool:
    """False, and nothing is sent, when SENTRY_DSN is not set."""
    dsn = os.environ.get("SENTRY_DSN")
    if not dsn:
        return False
    sentry_sdk.init(dsn=dsn, default_integrations=False)
    return True


def send_event(event: SentryEvent) -> str | None:
    """Send one event in a scope of its own; the event id."""
    with sentry_sdk.new_scope() as scope:
        for key, value in event.tags.items():
            scope.set_tag(key, value)
        for key, value in event.extra.items():
            scope.set_extra(key, value)
        return sentry_sdk.capture_message(event.message, level=event.level)


# --- Sensors ------------------------------------------------------------------------------------


@sensor(
    name="asset_check_sentry_sensor",
    minimum_interval_seconds=60,
    default_status=DefaultSensorStatus.RUNNING,
    description="Failed asset check evaluations (WARN or ERROR) to Sentry.",
)
def asset_check_sentry_sensor(context: SensorEvaluationContext):
    if not init_sentry():
        return SkipReason("SENTRY_DSN is not set")
    if context.cursor is None:
        return SensorResult(cursor=str(last_check_storage_id(context.instance)))
    origin = context.code_location_origin
    oem = oem_of(origin.location_name if origin else None)
    cursor = forward_check_failures(context.instance, int(context.cursor), oem)
    return SensorResult(cursor=str(cursor))


@run_failure_sensor(
    name="run_failure_sentry_sensor",
    default_status=DefaultSensorStatus.RUNNING,
    description="Failed runs of this code location to Sentry.",
)
def run_failure_sentry_sensor(context: RunFailureSensorContext):
    if not init_sentry():
        return
    run = context.dagster_run
    origin = run.remote_job_origin
    oem = oem_of(origin.location_name if origin else None)
    send_event(build_run_event(run, context.failure_event, context.get_step_failure_events(), oem))
    sentry_sdk.flush(FLUSH_SECONDS)
