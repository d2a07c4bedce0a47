"""Jobs of ops: nested graphs, mapped steps, wrong types, missing outputs, an executor that raises."""

from dagster import (
    DagsterType,
    DynamicOut,
    DynamicOutput,
    Executor,
    ExecutorRequirement,
    Out,
    Output,
    executor,
    graph,
    in_process_executor,
    job,
    op,
)

positive = DagsterType(name="PositiveInt", type_check_fn=lambda _, value: isinstance(value, int) and value > 0)


@op
def extract() -> int:
    return 1


@op
def inner(rows: int) -> int:
    raise OverflowError("price does not fit")


@graph
def transform():
    inner(extract())


@job(executor_def=in_process_executor)
def nested_import():
    """The failing step's key is `transform.inner`."""
    transform()


@op(out=DynamicOut(int))
def split():
    for number in range(2):
        yield DynamicOutput(number, mapping_key=f"key_{number}")


@op
def mapped(number: int) -> int:
    if number == 1:
        raise ZeroDivisionError("shard 1 has no rows")
    return number


@job(executor_def=in_process_executor)
def fan_out():
    """The failing step's key is `mapped[key_1]`."""
    split().map(mapped)


@op(out=Out(positive))
def count_rows():
    return -1


@job(executor_def=in_process_executor)
def type_check():
    count_rows()


@op(out={"rows": Out(int), "rejected": Out(int)})
def two_outputs():
    yield Output(1, "rows")


@job(executor_def=in_process_executor)
def missing_output():
    two_outputs()


class BrokenExecutor(Executor):
    @property
    def retries(self):
        from dagster._core.execution.retries import RetryMode

        return RetryMode.DISABLED

    def execute(self, plan_context, execution_plan):
        raise RuntimeError("the cluster has no free node")


@executor(name="broken", requirements=[ExecutorRequirement.RECONSTRUCTABLE_JOB])
def broken_executor(_):
    return BrokenExecutor()


@job(executor_def=broken_executor)
def on_cluster():
    """No step ever starts."""
    extract()


@job(executor_def=in_process_executor)
def count_only():
    """A plain job that works."""
    extract()


ALL = [nested_import, fan_out, type_check, missing_output, on_cluster, count_only]
