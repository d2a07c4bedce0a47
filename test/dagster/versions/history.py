"""The history of failures that every Dagster from 1.8 on can make: the cases of `provoke` whose runs need neither a
webserver, a daemon nor a code server, done with what all these versions have.

    python test/dagster/versions/history.py --home DIR

Writes DIR/manifest.json as `provoke` does; the storage id of an evaluation is null where the event log has none
(before 1.12.11, which keeps them in `asset_check_executions`).
"""

import argparse
import json
import os
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parent / "workspace"
LOCATIONS = {"ai_audi": "audi", "ai_bmw": "bmw"}
CODE = [
    str(HERE.parent / "provoke"),
    str(HERE / "locations"),
    *(str(WORKSPACE / "projects" / name) for name in LOCATIONS),
    str(WORKSPACE / "packages" / "ai_core"),
]
sys.path[:0] = CODE
os.environ["PYTHONPATH"] = os.pathsep.join(CODE)  # for the steps that have a process of their own

import older  # noqa: E402, F401  before anything takes its names from dagster
from case import ASSET_JOB, Case, Expected, Json, Launch, RemovedLocation, Report, run_fails  # noqa: E402
from check_cases import CHECK_CASES  # noqa: E402
from dagster import (  # noqa: E402
    AssetCheckEvaluation,
    AssetCheckKey,
    AssetCheckSeverity,
    AssetKey,
    DagsterInstance,
    GraphDefinition,
    JobDefinition,
    __version__,
)
from dagster._core.code_pointer import ModuleCodePointer  # noqa: E402
from dagster._core.definitions.reconstruct import ReconstructableJob, ReconstructableRepository  # noqa: E402
from dagster._core.execution.api import create_execution_plan, execute_run  # noqa: E402
from dagster._core.snap import snapshot_from_execution_plan  # noqa: E402
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin  # noqa: E402
from run_cases import RUN_CASES  # noqa: E402

VERSION = tuple(int(part) for part in __version__.split("."))

if VERSION < (1, 11):
    from dagster._core.remote_representation import origin as origins
else:
    from dagster._core import remote_origin as origins

RUN_CONFIG = {
    "in_process": {"execution": {"config": {"in_process": {}}}},
    "multiprocess": {"execution": {"config": {"multiprocess": {"max_concurrent": 1}}}},
    "own": {},
}

# The first version that takes an evaluation of a check that no definition names.
UNNAMED_CHECKS = (1, 10)


def told_before_1_12(case: Case) -> Case:
    """Where a step's own process could not make its resources, there was no step failure yet."""
    if case.name != "run-resource-multiprocess":
        return case
    expected = run_fails(
        "Dagster run failure: ai_audi/__ASSET_JOB (DagsterSubprocessError)",
        error_starts="dagster._core.errors.DagsterSubprocessError: During multiprocess execution errors occurred",
    )
    return replace(case, name=f"{case.name}-before-1.12", expected=(expected,))


CASES = [*CHECK_CASES, *RUN_CASES]
if VERSION < (1, 12):
    CASES = [told_before_1_12(case) for case in CASES]


def can_make(case: Case) -> bool:
    if VERSION < UNNAMED_CHECKS and case.name.startswith("check-name-"):
        return False
    match case.action:
        case Report(via=via):
            return via == "instance"
        case Launch(own_process=own_process, run_retries=run_retries):
            return not own_process and run_retries == 0
        case RemovedLocation():
            return True


def reconstructable(location: str, job: str) -> ReconstructableJob:
    pointer = ModuleCodePointer(LOCATIONS[location], "defs", None)
    return ReconstructableJob(repository=ReconstructableRepository(pointer), job_name=job)


def job_origin(location: str, job: str) -> origins.RemoteJobOrigin:
    target = LoadableTargetOrigin(module_name=f"{location}.definitions")
    location_origin = origins.ManagedGrpcPythonEnvCodeLocationOrigin(target, location_name=location)
    return origins.RemoteJobOrigin(origins.RemoteRepositoryOrigin(location_origin, "__repository__"), job)


def launch(instance: DagsterInstance, action: Launch) -> str:
    """Creates the run as the webserver does, with the code location it is of, and executes it here."""
    assets = [AssetKey(list(parts)) for parts in action.assets]
    checks = [AssetCheckKey(AssetKey(list(parts)), name) for parts, name in action.checks]
    job = reconstructable(action.location, action.job)
    selects = action.job == ASSET_JOB and bool(assets or checks)
    if selects:
        job = job.get_subset(asset_selection=frozenset(assets), asset_check_selection=frozenset(checks))
    definition = job.get_definition()
    config = RUN_CONFIG[action.executor]
    plan = create_execution_plan(job, run_config=config, instance_ref=instance.get_ref(), tags=action.tags)
    run = instance.create_run(
        job_name=action.job,
        run_id=None,
        run_config=config,
        status=None,
        tags=action.tags,
        root_run_id=None,
        parent_run_id=None,
        step_keys_to_execute=plan.step_keys_to_execute,
        execution_plan_snapshot=snapshot_from_execution_plan(plan, definition.get_job_snapshot_id()),
        job_snapshot=definition.get_job_snapshot(),
        parent_job_snapshot=definition.get_parent_job_snapshot(),
        asset_selection=frozenset(assets) if selects else None,
        asset_check_selection=frozenset(checks) if selects else None,
        resolved_op_selection=None,
        op_selection=None,
        remote_job_origin=None if action.without_location else job_origin(action.location, action.job),
        job_code_origin=job.get_python_origin(),
        asset_graph=definition.asset_layer.asset_graph,
    )
    try:
        execute_run(job, run, instance, raise_on_error=False)
    except BaseException:  # what a resource or an executor raises comes out here; it is in the log
        pass
    return run.run_id


def fail_from_outside(instance: DagsterInstance, action: RemovedLocation) -> str:
    """A run that waits in the queue, and that the daemon marks as failed since its location is gone."""
    definition = JobDefinition(name=action.job, graph_def=GraphDefinition(name=action.job))
    run = instance.create_run_for_job(definition, remote_job_origin=job_origin(action.location, action.job))
    instance.report_run_failed(run)
    return run.run_id


def report(instance: DagsterInstance, action: Report) -> str:
    instance.report_runless_asset_event(
        AssetCheckEvaluation(
            asset_key=AssetKey(list(action.asset)),
            check_name=action.check,
            passed=action.passed,
            severity=AssetCheckSeverity(action.severity),
            metadata=action.metadata,
        )
    )
    return ""


def act(instance: DagsterInstance, case: Case) -> str:
    """Makes the case happen; answers the run's id, '' where there is none."""
    match case.action:
        case Launch() as action:
            return launch(instance, action)
        case Report() as action:
            return report(instance, action)
        case RemovedLocation() as action:
            return fail_from_outside(instance, action)


class Failures:
    """Storage id, kind and event of the failures that came since the last look, wherever this Dagster keeps them."""

    def __init__(self, home: Path) -> None:
        self._path = home / "history" / "runs" / "index.db"
        self._seen: set[tuple[str, int]] = set()

    def fresh(self) -> list[tuple[int | None, str, Json]]:
        connection = sqlite3.connect(self._path)
        try:
            rows = connection.execute(
                "select 'event_logs', id, dagster_event_type, event from event_logs"
                " where dagster_event_type in ('ASSET_CHECK_EVALUATION', 'PIPELINE_FAILURE')"
                " union all select 'asset_check_executions', id, 'ASSET_CHECK_EVALUATION', evaluation_event"
                " from asset_check_executions where evaluation_event_storage_id is null and execution_status = 'FAILED'"
            ).fetchall()
        finally:
            connection.close()
        failures = []
        for table, row_id, event_type, text in rows:
            if (table, row_id) in self._seen:
                continue
            self._seen.add((table, row_id))
            event = json.loads(text)
            storage_id = row_id if table == "event_logs" else None
            if event_type == "PIPELINE_FAILURE":
                failures.append((storage_id, "run", event))
            elif not event["dagster_event"]["event_specific_data"]["success"]:
                failures.append((storage_id, "check", event))
        return failures


def is_of(expected: Expected, kind: str, event: Json) -> bool:
    if kind != expected.kind or expected.check is None:
        return kind == expected.kind
    data = event["dagster_event"]["event_specific_data"]
    return (tuple(data["asset_key"]["path"]), data["check_name"]) == expected.check


def entries_of(case: Case, run_id: str, left: list[tuple[int | None, str, Json]]) -> list[Json]:
    """The manifest's entries for a case that left these failures."""
    entries = []
    for expected in case.expected:
        row = next((row for row in left if is_of(expected, row[1], row[2])), None)
        if row is None:
            raise LookupError(f"no row for '{expected.message}' among {left}")
        left.remove(row)
        entries.append(
            {
                "case": case.name,
                "kind": expected.kind,
                "storage_id": row[0],
                "run_id": run_id or None,
                "expected": expected.to_json(run_id or None),
            }
        )
    if left:
        raise LookupError(f"rows that nobody expected: {left}")
    return entries


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    home: Path = parser.parse_args().home.resolve()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", "utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ.pop("SENTRY_DSN", None)
    os.chdir(WORKSPACE)
    entries: list[Json] = []
    surprises: list[str] = []
    with DagsterInstance.from_config(str(home)) as instance:
        failures = Failures(home)
        for case in CASES:
            if not can_make(case):
                continue
            try:
                run_id = act(instance, case)
                entries += entries_of(case, run_id, failures.fresh())
            except Exception as error:
                surprises.append(f"{case.name}: {type(error).__name__}: {error}"[:700])
    (home / "manifest.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1), "utf-8")
    for surprise in surprises:
        print(json.dumps({"ok": False, "error": surprise}))
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
