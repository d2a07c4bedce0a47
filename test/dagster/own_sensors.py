"""Ticks sensors of a project of its own with Dagster's own sensor daemon.

    python test/dagster/own_sensors.py --home DIR [--rounds N]

One sensor for each way a tick can end. Each round evaluates all of them once, as `dagster-daemon` does, in this
process. The last sensor's last tick is left as a daemon that was killed leaves it: started, never ended.
"""

import argparse
import logging
import os
import time
from pathlib import Path

from dagster import (
    DagsterInstance,
    DefaultSensorStatus,
    Definitions,
    RunRequest,
    SensorResult,
    SkipReason,
    job,
    op,
    sensor,
)

ON = DefaultSensorStatus.RUNNING


@op
def nothing() -> None:
    return None


@job
def nightly() -> None:
    nothing()


@sensor(name="skips", default_status=ON, minimum_interval_seconds=1)
def skips(context):
    return SkipReason("no new file in /data/in")


@sensor(name="skips_silently", default_status=ON, minimum_interval_seconds=1)
def skips_silently(context):
    return None


@sensor(name="moves_its_cursor", default_status=ON, minimum_interval_seconds=1, job=nightly)
def moves_its_cursor(context):
    # A tick that requests nothing is skipped, whatever became of its cursor.
    seen = int(context.cursor or "0") + 1
    return SensorResult(cursor=str(seen), run_requests=[RunRequest(run_key=str(seen))] if seen == 1 else [])


@sensor(name="breaks", default_status=ON, minimum_interval_seconds=1)
def breaks(context):
    try:
        {}["connection"]
    except KeyError as cause:
        raise ValueError("the feed has no $(flame) connection") from cause


@sensor(name="stopped", default_status=DefaultSensorStatus.STOPPED)
def stopped(context):
    return SkipReason("never")


defs = Definitions(jobs=[nightly], sensors=[skips, skips_silently, moves_its_cursor, breaks, stopped])


def leave_started(instance: DagsterInstance, name: str) -> None:
    from dagster._core.scheduler.instigation import InstigatorType, TickData, TickStatus

    state = next(s for s in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR) if s.name == name)
    instance.create_tick(
        TickData(
            instigator_origin_id=state.instigator_origin_id,
            selector_id=state.selector_id,
            instigator_name=name,
            instigator_type=InstigatorType.SENSOR,
            status=TickStatus.STARTED,
            timestamp=time.time(),
        )
    )


def main() -> None:
    # Dagster's own daemon loop is no public API; its tests call it the same way.
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import PythonFileTarget
    from dagster._daemon.sensor import execute_sensor_iteration

    parser = argparse.ArgumentParser()
    parser.add_argument("--home", required=True)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    os.environ["DAGSTER_HOME"] = options.home
    yaml = Path(options.home) / "dagster.yaml"
    if not yaml.exists():
        # Runs that a sensor requests are run in this process.
        yaml.write_text(
            "telemetry:\n  enabled: false\nrun_launcher:\n"
            "  module: dagster._core.launcher.sync_in_memory_run_launcher\n  class: SyncInMemoryRunLauncher\n"
        )
    target = PythonFileTarget(
        python_file=str(Path(__file__).resolve()),
        attribute=None,
        working_directory=str(Path(__file__).resolve().parent),
        location_name="ai_audi",
    )
    with DagsterInstance.get() as instance, WorkspaceProcessContext(instance, target) as context:
        for round_ in range(options.rounds):
            if round_ > 0:
                time.sleep(1.1)
            list(execute_sensor_iteration(context, logging.getLogger("own_sensors"), None, None))
        leave_started(instance, "skips_silently")


if __name__ == "__main__":
    main()
