"""Lets the specified Python sensors work off a backlog, flushing each tick, and prints how long that took.

    python bench/python/drain.py --home DIR --kind check|run --dsn DSN

Prints one JSON line {"seconds": s}: from the first tick's begin to the last tick's end, called in a loop without the
pauses that Dagster's daemon makes. That favours Python: the daemon waits at least 30 s between two ticks.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "dagster" / "workspace" / "packages" / "ai_core"))

from ai_core.sentry_sensors import (  # noqa: E402
    forward_check_failures,
    init_sentry,
    run_failure_sentry_sensor,
)
from dagster import DagsterInstance, build_sensor_context  # noqa: E402
from dagster._core.definitions.run_status_sensor_definition import RunStatusSensorCursor  # noqa: E402


def drain_runs(instance: DagsterInstance) -> None:
    """As the daemon does: a tick handles one failed run, and its cursor is the next tick's."""
    cursor = RunStatusSensorCursor(record_id=0).to_json()
    while True:
        context = build_sensor_context(instance=instance, cursor=cursor)
        done = run_failure_sentry_sensor.evaluate_tick(context)
        if not done.dagster_run_reactions:
            return
        cursor = done.cursor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", required=True)
    parser.add_argument("--kind", choices=["check", "run"], required=True)
    parser.add_argument("--dsn", required=True)
    options = parser.parse_args()
    os.environ["SENTRY_DSN"] = options.dsn
    init_sentry()
    with DagsterInstance.from_config(options.home) as instance:
        began = time.perf_counter()
        if options.kind == "check":
            forward_check_failures(instance, 0, "audi")
        else:
            drain_runs(instance)
        print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
