"""Lets the specified Python sensors work off a backlog, flushing each tick, and prints how long that took.

    python bench/python/drain.py --home DIR --kind check|run --dsn DSN

Prints one JSON line {"seconds": s, "sent": n}: from the first tick's begin to the last tick's end, called in a loop
without the pauses that Dagster's daemon makes; with --ticks at most so many of them. That favours Python: the daemon waits at least 30 s between two ticks.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "dagster" / "workspace" / "packages" / "ai_core"))

import sentry_sdk  # noqa: E402
from ai_core.sentry_sensors import (  # noqa: E402
    FLUSH_SECONDS,
    check_failure_events,
    init_sentry,
    new_check_evaluations,
    run_failure_sentry_sensor,
    send_event,
)
from dagster import DagsterInstance, build_sensor_context  # noqa: E402
from dagster._core.definitions.run_status_sensor_definition import RunStatusSensorCursor  # noqa: E402


def drain_runs(instance: DagsterInstance, ticks: int) -> int:
    """As the daemon does: a tick handles some failed runs, and its cursor is the next tick's."""
    cursor = RunStatusSensorCursor(record_id=0).to_json()
    sent = 0
    for _ in range(ticks):
        context = build_sensor_context(instance=instance, cursor=cursor)
        done = run_failure_sentry_sensor.evaluate_tick(context)
        if not done.dagster_run_reactions:
            break
        sent += len(done.dagster_run_reactions)
        cursor = done.cursor
    return sent


def drain_checks(instance: DagsterInstance, ticks: int) -> int:
    """As the specification's sensor does, a page of 100 and a flush at a time."""
    cursor = 0
    sent = 0
    for _ in range(ticks):
        rows = new_check_evaluations(instance, cursor)
        if not rows:
            break
        for _, event in check_failure_events(instance, rows, "audi"):
            send_event(event)
            sent += 1
        sentry_sdk.flush(FLUSH_SECONDS)
        cursor = rows[-1][0]
    return sent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", required=True)
    parser.add_argument("--kind", choices=["check", "run"], required=True)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--ticks", type=int, default=1_000_000)
    options = parser.parse_args()
    os.environ["SENTRY_DSN"] = options.dsn
    init_sentry()
    with DagsterInstance.from_config(options.home) as instance:
        began = time.perf_counter()
        sent = (drain_checks if options.kind == "check" else drain_runs)(instance, options.ticks)
        print(json.dumps({"seconds": time.perf_counter() - began, "sent": sent}))


if __name__ == "__main__":
    main()
