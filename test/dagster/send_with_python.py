"""Lets the two Python sensors' helpers send, for every failure of an instance, what they would send.

    python test/dagster/send_with_python.py --home DIR --dsn DSN [--storage-id 12,40] [--oem audi]
    python test/dagster/send_with_python.py --home DIR --print

One JSON line for each failure, in log order: {storage_id, kind, event_id, event}. The OEM is that of the run's code
location, as each location's own sensor would have it (--oem: as one location's check sensor forwards all).
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

CORE = Path(__file__).resolve().parent / "workspace" / "packages" / "ai_core"
sys.path.insert(0, str(CORE))

import sentry_sdk  # noqa: E402
from ai_core.sentry_sensors import (  # noqa: E402
    FLUSH_SECONDS,
    SentryEvent,
    build_run_event,
    check_evaluation_of,
    check_failure_events,
    init_sentry,
    new_check_evaluations,
    oem_of,
    send_event,
)
from dagster import DagsterEventType, DagsterInstance  # noqa: E402


def location_of(instance: DagsterInstance, run_id: str) -> str | None:
    run = instance.get_run_by_id(run_id) if run_id else None
    return run.remote_job_origin.location_name if run and run.remote_job_origin else None


def failures(instance: DagsterInstance, oem: str | None) -> Iterator[tuple[int, str, SentryEvent]]:
    """(storage id, kind, event) for every failure in the log."""
    cursor = 0
    while rows := new_check_evaluations(instance, cursor):
        cursor = rows[-1][0]
        for storage_id, entry in rows:
            evaluation = check_evaluation_of(entry)
            if evaluation is None:
                continue
            name = oem or oem_of(location_of(instance, entry.run_id)) or evaluation.asset_key.path[0]
            for _, event in check_failure_events(instance, [(storage_id, entry)], name):
                yield storage_id, "check", event
    cursor = 0
    while rows := sorted(
        instance.event_log_storage.get_logs_for_all_runs_by_log_id(
            after_cursor=cursor, dagster_event_type=DagsterEventType.RUN_FAILURE, limit=100
        ).items()
    ):
        cursor = rows[-1][0]
        for storage_id, entry in rows:
            run = instance.get_run_by_id(entry.run_id)
            if run is not None:
                steps = [
                    record.get_dagster_event()
                    for record in instance.all_logs(run.run_id, of_type=DagsterEventType.STEP_FAILURE)
                ]
                # A run without a code location has no sensor of its own; the OEM is its step key's first part.
                first = (steps[0].step_key or "").split("__")[0] if steps else ""
                name = oem or oem_of(location_of(instance, entry.run_id)) or first
                yield storage_id, "run", build_run_event(run, entry.get_dagster_event(), steps, name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", required=True)
    parser.add_argument("--dsn")
    parser.add_argument("--storage-id", default="", help="only these, separated by commas")
    parser.add_argument("--oem", help="the OEM of every event")
    parser.add_argument("--print", action="store_true", help="send nothing")
    options = parser.parse_args()
    if not options.print:
        if not options.dsn:
            parser.error("--dsn or --print")
        os.environ["SENTRY_DSN"] = options.dsn
        init_sentry()
    wanted = {int(part) for part in options.storage_id.split(",") if part}
    os.environ["DAGSTER_HOME"] = options.home
    with DagsterInstance.from_config(options.home) as instance:
        found = sorted(failures(instance, options.oem), key=lambda row: row[0])
        for storage_id, kind, event in found:
            if wanted and storage_id not in wanted:
                continue
            event_id = None
            if not options.print:
                event_id = send_event(event)
                sentry_sdk.flush(FLUSH_SECONDS)
            line = {"storage_id": storage_id, "kind": kind, "event_id": event_id, "event": vars(event)}
            # JSON has no NaN and no Infinity: their names as texts.
            print(json.dumps(json.loads(json.dumps(line), parse_constant=str)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
