"""What provoking in this process and through a running `dagster dev` have in common."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from case import Json, RemovedLocation, Report
from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    AssetKey,
    DagsterEvent,
    DagsterInstance,
    DagsterRun,
    GraphDefinition,
    JobDefinition,
)
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

RUN_CONFIG = {
    "in_process": {"execution": {"config": {"in_process": {}}}},
    "multiprocess": {"execution": {"config": {"multiprocess": {"max_concurrent": 1}}}},
    "own": {},
}


@contextmanager
def flag(home: Path, name: str | None) -> Iterator[None]:
    """A file under .drill/ of an instance's home for as long as the block lasts: it concerns no other instance."""
    if name is None:
        yield
        return
    path = home / ".drill" / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    try:
        yield
    finally:
        path.unlink()


def report_body(action: Report) -> Json:
    """The body that Dagster's REST endpoint for asset checks takes."""
    body: dict[str, Json] = {
        "asset_key": list(action.asset),
        "check_name": action.check,
        "passed": action.passed,
        "metadata": action.metadata,
    }
    if action.severity != "ERROR":  # the endpoint's default
        body["severity"] = action.severity
    if action.partition is not None:
        body["partition"] = action.partition
    return body


def report_to_instance(instance: DagsterInstance, action: Report) -> None:
    instance.report_runless_asset_event(
        AssetCheckEvaluation(
            asset_key=AssetKey(list(action.asset)),
            check_name=action.check,
            passed=action.passed,
            severity=AssetCheckSeverity(action.severity),
            metadata=action.metadata,
        )
    )


def create_run_of_removed_location(instance: DagsterInstance, action: RemovedLocation) -> DagsterRun:
    """A run as the webserver made it when the location was still in the workspace."""
    definition = JobDefinition(name=action.job, graph_def=GraphDefinition(name=action.job))
    origin = ManagedGrpcPythonEnvCodeLocationOrigin(
        LoadableTargetOrigin(module_name=f"{action.location}.definitions"), location_name=action.location
    )
    return instance.create_run_for_job(
        definition,
        remote_job_origin=RemoteJobOrigin(RemoteRepositoryOrigin(origin, "__repository__"), action.job),
        job_code_origin=JobPythonOrigin(
            job_name=action.job,
            repository_origin=RepositoryPythonOrigin(
                executable_path=sys.executable,
                code_pointer=ModuleCodePointer(f"{action.location}.definitions", "defs", None),
            ),
        ),
    )


def enqueue(instance: DagsterInstance, run: DagsterRun) -> None:
    instance.report_dagster_event(DagsterEvent.job_enqueue(run), run_id=run.run_id)
