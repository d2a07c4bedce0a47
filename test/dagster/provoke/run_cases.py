"""Runs that fail, and one that does not."""

from case import Case, Launch, RemovedLocation, run_fails


def failing(*names: str) -> tuple[tuple[str, ...], ...]:
    return tuple(("audi", "failing", name) for name in names)


STEPS = [
    Case(
        "run-exception",
        "an exception in an asset",
        Launch(assets=failing("plain")),
        (run_fails("Dagster run failure: audi/failing/plain (ValueError)", "ValueError: dealer 4711 has no country"),),
    ),
    Case(
        "run-cause-chain",
        "an exception with causes of its own: the user's exception is the first cause of Dagster's wrapper",
        Launch(assets=failing("cause_chain")),
        (
            run_fails(
                "Dagster run failure: audi/failing/cause_chain (SourceUnavailable)",
                "ai_audi.errors.SourceUnavailable: configurator API is down",
            ),
        ),
    ),
    Case(
        "run-exception-context",
        "an exception raised while another was handled",
        Launch(assets=failing("context")),
        (
            run_fails(
                "Dagster run failure: audi/failing/context (RuntimeError)", "RuntimeError: while handling the missing key"
            ),
        ),
    ),
    Case(
        "run-exception-no-text",
        "an exception without a text",
        Launch(assets=failing("no_text")),
        (run_fails("Dagster run failure: audi/failing/no_text (AssertionError)", "AssertionError"),),
    ),
    Case(
        "run-exception-lines",
        "an error text of several lines, with markup and unicode",
        Launch(assets=failing("lines_and_markup")),
        (
            run_fails(
                "Dagster run failure: audi/failing/lines_and_markup (ValueError)",
                'ValueError: first line\nsecond <img src=x onerror=alert(1)> $(flame) [a](http://x) "größe" \u2028 end',
            ),
        ),
    ),
    Case(
        "run-exception-200-kb",
        "an error text of 200 kB",
        Launch(assets=failing("text_200_kb")),
        (run_fails("Dagster run failure: audi/failing/text_200_kb (ValueError)", "ValueError: " + "x" * 200_000),),
    ),
    Case(
        "run-input-error",
        "an input cannot be loaded",
        Launch(assets=failing("raw_options", "input")),
        (
            run_fails(
                "Dagster run failure: audi/failing/input (FileNotFoundError)",
                "FileNotFoundError: no object at s3://audi-lake/raw/options.parquet",
            ),
        ),
    ),
    Case(
        "run-output-error",
        "an output cannot be stored",
        Launch(assets=failing("output")),
        (
            run_fails(
                "Dagster run failure: audi/failing/output (OSError)",
                "OSError: disk quota exceeded while writing registrations.parquet",
            ),
        ),
    ),
    Case(
        "run-retry-policy",
        "a step with a RetryPolicy: one failure at the end",
        Launch(assets=failing("retries")),
        (run_fails("Dagster run failure: audi/failing/retries (ConnectionError)", "ConnectionError: try 2 of 2 failed"),),
    ),
    Case(
        "run-retry-requested",
        "the asset itself asks to be tried again, once too often: no wrapper that the rule names",
        Launch(assets=failing("retry_requested")),
        (
            run_fails(
                "Dagster run failure: audi/failing/retry_requested (RetryRequested)", "Exceeded max_retries of 1"
            ),
        ),
    ),
    Case(
        "run-failure-raised",
        "the asset raises Dagster's own Failure, which is no wrapper",
        Launch(assets=failing("failure")),
        (
            run_fails(
                "Dagster run failure: audi/failing/failure (Failure)",
                "dagster._core.definitions.events.Failure: the file has no header",
            ),
        ),
    ),
    Case(
        "run-system-exit",
        "sys.exit in an asset",
        Launch(assets=failing("system_exit")),
        (run_fails("Dagster run failure: audi/failing/system_exit (SystemExit)", "SystemExit: 3"),),
    ),
    Case(
        "run-child-crash",
        "the step's own process crashes (multiprocess executor)",
        Launch(assets=failing("child_crash"), executor="multiprocess"),
        (
            run_fails(
                "Dagster run failure: audi/failing/child_crash (ChildProcessCrashException)",
                "dagster._core.executor.child_process_executor.ChildProcessCrashException",
            ),
        ),
    ),
    Case(
        "run-type-check",
        "an output of the wrong type",
        Launch(job="type_check", executor="own"),
        (
            run_fails(
                "Dagster run failure: count_rows (DagsterTypeCheckDidNotPass)",
                job="type_check",
                error_starts="dagster._core.errors.DagsterTypeCheckDidNotPass: ",
            ),
        ),
    ),
    Case(
        "run-missing-output",
        "an output that was promised and not made",
        Launch(job="missing_output", executor="own"),
        (
            run_fails(
                "Dagster run failure: two_outputs (DagsterStepOutputNotFoundError)",
                job="missing_output",
                error_starts="dagster._core.errors.DagsterStepOutputNotFoundError: ",
            ),
        ),
    ),
    Case(
        "run-several-steps",
        "two steps fail: the first by storage id makes the message",
        Launch(assets=failing("first", "other")),
        (run_fails("Dagster run failure: audi/failing/first (ValueError)", "ValueError: the first of two"),),
    ),
    Case(
        "run-multi-asset",
        "a multi-asset with a name of its own",
        Launch(
            assets=tuple(("audi", "feeds", part) for part in ("farben_größe", 'the "best" of', "in/out", "price__list")),
            tags={"drill": "feeds-down"},
        ),
        (run_fails("Dagster run failure: audi_feeds (TimeoutError)", "TimeoutError: feed server: no answer"),),
    ),
    Case(
        "run-graph-asset",
        "an op inside a graph asset",
        Launch(assets=failing("graph")),
        (
            run_fails(
                "Dagster run failure: audi/failing/graph.load (BufferError)", "BufferError: bulk load stopped at row 17"
            ),
        ),
    ),
    Case(
        "run-nested-graph",
        "an op inside a graph: graph.inner",
        Launch(job="nested_import", executor="own"),
        (
            run_fails(
                "Dagster run failure: transform.inner (OverflowError)",
                "OverflowError: price does not fit",
                job="nested_import",
            ),
        ),
    ),
    Case(
        "run-mapped-step",
        "one step of many that were mapped: mapped[key_1]",
        Launch(job="fan_out", executor="own"),
        (
            run_fails(
                "Dagster run failure: mapped[key_1] (ZeroDivisionError)",
                "ZeroDivisionError: shard 1 has no rows",
                job="fan_out",
            ),
        ),
    ),
    Case(
        "run-double-underscore",
        "a double underscore inside an asset's name is lost in its step key",
        Launch(assets=(("audi", "price__list"),)),
        (run_fails("Dagster run failure: audi/price/list (LookupError)", "LookupError: no list for week 18"),),
    ),
    Case(
        "run-partition",
        "a run with a partition",
        Launch(
            assets=(("audi", "2024", "prices"),),
            tags={"drill": "prices-source-down", "dagster/partition": "2026-05-01"},
        ),
        (
            run_fails(
                "Dagster run failure: audi/2024/prices (ConnectionError)",
                "ConnectionError: prices.audi.example did not answer within 30 s",
                partition="2026-05-01",
            ),
        ),
    ),
    Case(
        "run-other-location",
        "a run of the second code location",
        Launch(location="ai_bmw", assets=(("bmw", "2025", "prices"),), tags={"drill": "source-down"}),
        (
            run_fails(
                "Dagster run failure: bmw/2025/prices (ConnectionError)",
                "ConnectionError: prices.bmw.example refused the connection",
                oem="bmw",
            ),
        ),
    ),
    Case(
        "run-no-location",
        "a run that names no code location: the OEM is the step key's first part",
        Launch(
            assets=failing("plain"), without_location=True
        ),
        (run_fails("Dagster run failure: audi/failing/plain (ValueError)", "ValueError: dealer 4711 has no country"),),
    ),
]

WITHOUT_STEP = [
    Case(
        "run-resource",
        "a resource fails in the run's own process: no step failure, and Dagster's error is none of the wrappers",
        Launch(assets=failing("resource")),
        (
            run_fails(
                "Dagster run failure: ai_audi/__ASSET_JOB (DagsterResourceFunctionError)",
                "dagster._core.errors.DagsterResourceFunctionError: "
                "Error executing resource_fn on ResourceDefinition price_service",
            ),
        ),
    ),
    Case(
        "run-resource-multiprocess",
        "the same with a process for each step: a step failure carries the error, without a wrapper",
        Launch(assets=failing("resource"), executor="multiprocess"),
        (
            run_fails(
                "Dagster run failure: audi/failing/resource (PermissionError)",
                "PermissionError: the token of the price service has expired",
            ),
        ),
    ),
    Case(
        "run-executor",
        "the executor raises before any step",
        Launch(job="on_cluster", executor="own"),
        (
            run_fails(
                "Dagster run failure: ai_audi/on_cluster (RuntimeError)",
                "RuntimeError: the cluster has no free node",
                job="on_cluster",
            ),
        ),
    ),
]

WITHOUT_ERROR = [
    Case(
        "run-location-removed",
        "the code location is gone when the run leaves the queue",
        RemovedLocation("ai_seat", "nightly_prices"),
        (
            run_fails(
                "Dagster run failure: ai_seat/nightly_prices (UnknownError)",
                "This run has been marked as failed from outside the execution context.",
                job="nightly_prices",
                oem="seat",
            ),
        ),
    ),
    Case(
        "run-worker-killed",
        "the run's process is killed: its step had started, no word of it in the log",
        Launch(assets=failing("kills_worker"), own_process=True),
        (
            run_fails(
                "Dagster run failure: ai_audi/__ASSET_JOB (UnknownError)",
                "This run has been marked as failed from outside the execution context.",
            ),
        ),
    ),
    Case(
        "run-dies-at-import",
        "the run's process dies while it loads the code",
        Launch(job="bmw_prices", location="ai_bmw", own_process=True, flag="bmw_dies_at_import"),
        (
            run_fails(
                "Dagster run failure: ai_bmw/bmw_prices (UnknownError)",
                "This run has been marked as failed from outside the execution context.",
                job="bmw_prices",
                oem="bmw",
            ),
        ),
    ),
]

WHOLE_RUNS = [
    Case(
        "run-will-retry",
        "Dagster retries the whole run: a failure for each attempt, the first says so",
        Launch(assets=failing("once"), tags={"dagster/max_retries": "1"}, run_retries=1),
        (
            run_fails(
                "Dagster run failure: audi/failing/once (ConnectionError)",
                "ConnectionError: attempt 0",
                will_retry=True,
            ),
            run_fails(
                "Dagster run failure: audi/failing/once (ConnectionError)", "ConnectionError: attempt 1", attempt=1
            ),
        ),
    ),
    Case(
        "run-cancelled",
        "a cancelled run is no failure",
        Launch(assets=failing("waits"), own_process=True, cancel=True),
    ),
    Case("run-succeeds", "a run that works: no failure", Launch(job="count_only", executor="own")),
]

RUN_CASES = [*STEPS, *WITHOUT_STEP, *WHOLE_RUNS, *WITHOUT_ERROR]
