"""Provokes cases through the webserver of a running `dagster dev`, as a person at its interface does."""

import json
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from actions import RUN_CONFIG, create_run_of_removed_location, enqueue, flag, report_body, report_to_instance
from case import ASSET_JOB, Case, Json, Launch, RemovedLocation, Report
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from direct import DirectProvoker
from log import FailureLog, match

LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on Error { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
TERMINATE = """
mutation Terminate($runId: String!) {
  terminateRun(runId: $runId) { __typename ... on Error { message } }
}
"""
ENDED = (DagsterRunStatus.FAILURE, DagsterRunStatus.SUCCESS, DagsterRunStatus.CANCELED)


class LiveProvoker:
    """`home` is the DAGSTER_HOME of the `dagster dev` behind `url`."""

    def __init__(self, home: Path, workspace: Path, url: str) -> None:
        self._home = home
        self._workspace = workspace
        self._url = url.rstrip("/")
        self._stack = ExitStack()
        self._direct: DirectProvoker | None = None

    def __enter__(self) -> "LiveProvoker":
        self._instance = self._stack.enter_context(DagsterInstance.from_config(str(self._home)))
        self._log = FailureLog(self._instance)
        return self

    def __exit__(self, *exc) -> None:
        self._stack.close()

    def provoke(self, case: Case) -> list[Json]:
        action = case.action
        if isinstance(action, Launch) and action.without_location:
            return self._here(case)  # as `dagster job execute` beside the running webserver
        before = self._log.end()
        run_ids = self._act(action)
        return match(case, self._log.failures_after(before), run_ids)

    def _here(self, case: Case) -> list[Json]:
        if self._direct is None:
            self._direct = self._stack.enter_context(DirectProvoker(self._home, self._workspace))
        return self._direct.provoke(case)

    def _act(self, action: Launch | Report | RemovedLocation) -> list[str]:
        if isinstance(action, Report):
            if action.via == "rest":
                self._post("/report_asset_check/", report_body(action))
            else:
                report_to_instance(self._instance, action)
            return []
        if isinstance(action, RemovedLocation):
            run = create_run_of_removed_location(self._instance, action)
            enqueue(self._instance, run)
            self._wait(run.run_id, *ENDED)
            return [run.run_id]
        return self._launch(action)

    def _launch(self, action: Launch) -> list[str]:
        with flag(self._home, action.flag):
            run_id = self._start(action)
            if action.cancel:
                self._wait(run_id, DagsterRunStatus.STARTED)
                self._graphql(TERMINATE, {"runId": run_id})
            self._wait(run_id, *ENDED)
        run_ids = [run_id]
        for _ in range(action.run_retries):
            run_id = self._next_attempt(run_id)
            self._wait(run_id, *ENDED)
            run_ids.append(run_id)
        return run_ids

    def _start(self, action: Launch) -> str:
        selector: dict[str, Json] = {
            "repositoryLocationName": action.location,
            "repositoryName": "__repository__",
            "jobName": action.job,
        }
        if action.job == ASSET_JOB:
            selector["assetSelection"] = [{"path": list(parts)} for parts in action.assets]
            selector["assetCheckSelection"] = [
                {"assetKey": {"path": list(parts)}, "name": name} for parts, name in action.checks
            ]
        tags = [{"key": key, "value": value} for key, value in action.tags.items()]
        params = {
            "selector": selector,
            "runConfigData": RUN_CONFIG[action.executor],
            "executionMetadata": {"tags": tags},
        }
        answer = self._graphql(LAUNCH, {"params": params})["launchRun"]
        if answer["__typename"] != "LaunchRunSuccess":
            raise RuntimeError(f"the webserver did not launch the run: {answer}")
        return answer["run"]["runId"]

    def _next_attempt(self, run_id: str, seconds: float = 60) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            runs = self._instance.get_runs(RunsFilter(tags={"dagster/parent_run_id": run_id}))
            if runs:
                return runs[0].run_id
            time.sleep(0.2)
        raise TimeoutError(f"no further attempt of run {run_id} within {seconds} s")

    def _wait(self, run_id: str, *statuses: DagsterRunStatus, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while True:
            run = self._instance.get_run_by_id(run_id)
            if run is not None and run.status in statuses:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"run {run_id} is {run and run.status} after {seconds} s, not one of {statuses}")
            time.sleep(0.1)

    def _graphql(self, query: str, variables: Json) -> Json:
        answer = self._post("/graphql", {"query": query, "variables": variables})
        if answer.get("errors"):
            raise RuntimeError(f"the webserver refused: {answer['errors'][0]['message']}")
        return answer["data"]

    def _post(self, path: str, body: Json) -> Json:
        request = urllib.request.Request(
            self._url + path, json.dumps(body).encode(), {"content-type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())
