"""Provokes cases in this process, against an instance that nobody else has to serve.

The runs are created as the webserver creates them (same tags, same code location) and executed here; a
run that needs a process of its own is launched through a code server, as the daemon does.
"""

import asyncio
import json
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from actions import RUN_CONFIG, create_run_of_removed_location, enqueue, flag, report_body, report_to_instance
from case import ASSET_JOB, Case, Json, Launch, RemovedLocation, Report
from dagster import (
    AssetCheckKey,
    AssetKey,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
)
from dagster._core.definitions.reconstruct import ReconstructableJob, ReconstructableRepository
from dagster._core.definitions.selector import JobSubsetSelector
from dagster._core.execution.api import execute_job, execute_run
from dagster._core.origin import JobPythonOrigin
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget, WorkspaceFileTarget
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import consume_new_runs_for_automatic_reexecution
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from log import FailureLog, match

LOCATIONS = {"ai_audi": "ai_audi.definitions", "ai_bmw": "ai_bmw.definitions"}
logger = logging.getLogger("provoke")


def reconstruct(origin: JobPythonOrigin) -> ReconstructableJob:
    repository = origin.repository_origin
    return ReconstructableJob(
        repository=ReconstructableRepository(
            repository.code_pointer, repository.container_image, repository.executable_path, repository.entry_point
        ),
        job_name=origin.job_name,
    )


class DirectProvoker:
    """One instance, one process. Use as a context manager."""

    def __init__(self, home: Path, workspace: Path) -> None:
        self._home = home
        self._workspace = workspace
        self._stack = ExitStack()
        self._servers: Future[WorkspaceProcessContext] | None = None
        self._webserver = None

    def __enter__(self) -> "DirectProvoker":
        self._instance = self._stack.enter_context(DagsterInstance.from_config(str(self._home)))
        self._log = FailureLog(self._instance)
        origins = [
            InProcessCodeLocationOrigin(
                LoadableTargetOrigin(
                    module_name=module, working_directory=str(self._workspace / "projects" / name)
                ),
                location_name=name,
            )
            for name, module in LOCATIONS.items()
        ]
        self._context = self._stack.enter_context(
            WorkspaceProcessContext(self._instance, InProcessWorkspaceLoadTarget(origins))
        )
        return self

    def __exit__(self, *exc) -> None:
        self._stack.close()

    def provoke(self, case: Case) -> list[Json]:
        """Makes the case happen; the manifest's entries for it."""
        before = self._log.end()
        run_ids = self._act(case)
        return match(case, self._log.failures_after(before), run_ids)

    def _act(self, case: Case) -> list[str]:
        action = case.action
        if isinstance(action, Report):
            self._report(action)
            return []
        if isinstance(action, RemovedLocation):
            return [self._queue_for_removed_location(action)]
        if action.own_process:
            return [self._run_in_own_process(action)]
        if action.without_location:
            return [self._execute_job(action)]
        run = self._create_run(action)
        self._execute(run)
        return [run.run_id, *self._retries(action, run)]

    # --- runs -----------------------------------------------------------------------------------

    def _create_run(self, action: Launch, context: WorkspaceProcessContext | None = None) -> DagsterRun:
        """As the webserver's launch mutation does."""
        request = (context or self._context).create_request_context()
        location = request.get_code_location(action.location)
        assets = [AssetKey(list(parts)) for parts in action.assets]
        checks = [AssetCheckKey(AssetKey(list(parts)), name) for parts, name in action.checks]
        selects = bool(assets or checks) and action.job == ASSET_JOB
        job = location.get_job(
            JobSubsetSelector(
                location_name=action.location,
                repository_name="__repository__",
                job_name=action.job,
                op_selection=None,
                asset_selection=assets if selects else None,
                asset_check_selection=checks if selects else None,
            )
        )
        config = RUN_CONFIG["in_process" if action.executor == "own" and action.own_process else action.executor]
        plan = location.get_execution_plan(
            job, run_config=config, step_keys_to_execute=None, known_state=None, instance=self._instance
        )
        return self._instance.create_run(
            job_name=action.job,
            run_id=None,
            run_config=config,
            status=DagsterRunStatus.NOT_STARTED,
            tags={**job.tags, **action.tags},
            root_run_id=None,
            parent_run_id=None,
            step_keys_to_execute=plan.execution_plan_snapshot.step_keys_to_execute,
            execution_plan_snapshot=plan.execution_plan_snapshot,
            job_snapshot=job.job_snapshot,
            parent_job_snapshot=job.parent_job_snapshot,
            asset_selection=frozenset(assets) if selects else None,
            asset_check_selection=frozenset(checks) if selects else None,
            resolved_op_selection=None,
            op_selection=None,
            remote_job_origin=job.get_remote_origin(),
            job_code_origin=job.get_python_origin(),
            asset_graph=request.asset_graph,
        )

    def _execute(self, run: DagsterRun) -> None:
        assert run.job_code_origin is not None
        try:
            execute_run(reconstruct(run.job_code_origin), run, self._instance, raise_on_error=False)
        except BaseException as error:  # what a resource or an executor raises comes out here; it is in the log
            logger.debug("run %s: %r", run.run_id, error)

    def _execute_job(self, action: Launch) -> str:
        """What `dagster job execute` does."""
        location = self._context.create_request_context().get_code_location(action.location)
        origin = location.get_repository("__repository__").get_full_job(action.job).get_python_origin()
        result = execute_job(
            reconstruct(origin),
            instance=self._instance,
            run_config=RUN_CONFIG[action.executor],
            tags=action.tags,
            asset_selection=[AssetKey(list(parts)) for parts in action.assets] or None,
        )
        return result.run_id

    def _retries(self, action: Launch, run: DagsterRun) -> list[str]:
        """What the daemon does for a failed run that Dagster retries as a whole."""
        run_ids = []
        for _ in range(action.run_retries):
            record = self._instance.get_run_record_by_id(run.run_id)
            assert record is not None
            list(consume_new_runs_for_automatic_reexecution(self._context, [record], logger))
            run = next(r for r in self._instance.get_runs() if r.parent_run_id == run.run_id)
            self._starting(run)
            self._execute(self._reload(run))
            run_ids.append(run.run_id)
        return run_ids

    def _starting(self, run: DagsterRun) -> None:
        event = DagsterEvent(event_type_value=DagsterEventType.PIPELINE_STARTING.value, job_name=run.job_name)
        self._instance.report_dagster_event(event, run_id=run.run_id)

    def _reload(self, run: DagsterRun) -> DagsterRun:
        found = self._instance.get_run_by_id(run.run_id)
        assert found is not None
        return found

    # --- runs with a process of their own -------------------------------------------------------

    def start_code_servers(self) -> "Future[WorkspaceProcessContext]":
        """Begins to load the code locations in processes of their own (some 5 s), as `dagster dev` does."""
        if self._servers is None:
            starter = ThreadPoolExecutor(1)
            target = WorkspaceFileTarget([str(self._workspace / "workspace.yaml")])
            self._servers = starter.submit(lambda: WorkspaceProcessContext(self._instance, target).__enter__())
            self._stack.callback(self._stop_code_servers, starter)
        return self._servers

    def _stop_code_servers(self, starter: ThreadPoolExecutor) -> None:
        assert self._servers is not None
        self._servers.result().__exit__(None, None, None)
        starter.shutdown()

    def _run_in_own_process(self, action: Launch) -> str:
        servers = self.start_code_servers().result()
        run = self._create_run(action, servers)
        with flag(self._home, action.flag):
            self._instance.submit_run(run.run_id, servers.create_request_context())
            self._dequeue(servers)
            if action.cancel:
                self._wait(run, DagsterRunStatus.STARTED)
                self._instance.run_coordinator.cancel_run(run.run_id)
            self._wait(run, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED, DagsterRunStatus.SUCCESS)
        return run.run_id

    def _dequeue(self, context: WorkspaceProcessContext) -> None:
        """One round of the daemon that takes runs from the queue."""
        daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)
        list(daemon.run_iteration(context))

    def _wait(self, run: DagsterRun, *statuses: DagsterRunStatus, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while self._reload(run).status not in statuses:
            if time.monotonic() > deadline:
                raise TimeoutError(f"run {run.run_id} is {self._reload(run).status}, not {statuses}, after {seconds} s")
            time.sleep(0.1)

    def _queue_for_removed_location(self, action: RemovedLocation) -> str:
        run = create_run_of_removed_location(self._instance, action)
        enqueue(self._instance, run)
        self._dequeue(self._context)
        self._wait(run, DagsterRunStatus.FAILURE)
        return run.run_id

    # --- evaluations without a run --------------------------------------------------------------

    def _report(self, action: Report) -> None:
        if action.via == "instance":
            report_to_instance(self._instance, action)
        else:
            status, text = asyncio.run(self._post("/report_asset_check/", report_body(action)))
            if status != 200:
                raise RuntimeError(f"the webserver answered {status}: {text}")

    async def _post(self, path: str, body: Json) -> tuple[int, str]:
        """One request to Dagster's webserver application, without a socket."""
        if self._webserver is None:
            from dagster_webserver.webserver import DagsterWebserver

            self._webserver = DagsterWebserver(self._context).create_asgi_app()
        payload = json.dumps(body).encode()
        sent: list[dict] = []

        async def receive():
            return {"type": "http.request", "body": payload, "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        await self._webserver(scope, receive, send)
        status = next(m["status"] for m in sent if m["type"] == "http.response.start")
        text = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
        return status, text.decode()
