"""One asset for each way in which a step can fail. Each fails whenever it is materialized."""

import os
import signal
import sys
import time

from dagster import (
    AssetExecutionContext,
    ConfigurableResource,
    Failure,
    InitResourceContext,
    MetadataValue,
    RetryPolicy,
    RetryRequested,
    asset,
    graph_asset,
    op,
)

from ai_audi.errors import SourceUnavailable

GROUP = "ways_to_fail"


def key(name: str) -> list[str]:
    return ["audi", "failing", name]


@asset(key=key("plain"), group_name=GROUP)
def plain() -> None:
    raise ValueError("dealer 4711 has no country")


@asset(key=key("cause_chain"), group_name=GROUP)
def cause_chain() -> None:
    try:
        try:
            raise ConnectionResetError("connection reset by peer")
        except ConnectionResetError as error:
            raise TimeoutError("no answer after 3 tries") from error
    except TimeoutError as error:
        raise SourceUnavailable("configurator API is down") from error


@asset(key=key("context"), group_name=GROUP)
def context_chain() -> None:
    try:
        {}["model_code"]
    except KeyError:
        raise RuntimeError("while handling the missing key")


@asset(key=key("no_text"), group_name=GROUP)
def no_text() -> None:
    raise AssertionError


@asset(key=key("lines_and_markup"), group_name=GROUP)
def lines_and_markup() -> None:
    raise ValueError('first line\nsecond <img src=x onerror=alert(1)> $(flame) [a](http://x) "größe" \u2028 end')


@asset(key=key("text_200_kb"), group_name=GROUP)
def text_200_kb() -> None:
    raise ValueError("x" * 200_000)


@asset(key=key("raw_options"), group_name=GROUP, io_manager_key="broken_read")
def raw_options() -> list[str]:
    return []


@asset(key=key("input"), group_name=GROUP)
def input_error(raw_options: list[str]) -> None:
    return None


@asset(key=key("output"), group_name=GROUP, io_manager_key="broken_write")
def output_error() -> list[str]:
    return ["registration"]


@asset(key=key("retries"), group_name=GROUP, retry_policy=RetryPolicy(max_retries=1, delay=0))
def retries(context: AssetExecutionContext) -> None:
    raise ConnectionError(f"try {context.retry_number + 1} of 2 failed")


@asset(key=key("retry_requested"), group_name=GROUP)
def retry_requested() -> None:
    try:
        raise ConnectionError("no answer")
    except ConnectionError as error:
        raise RetryRequested(max_retries=1) from error


@asset(key=key("failure"), group_name=GROUP)
def failure() -> None:
    raise Failure(description="the file has no header", metadata={"file": MetadataValue.path("/in/a.csv")})


@asset(key=key("system_exit"), group_name=GROUP)
def system_exit() -> None:
    sys.exit(3)


@asset(key=key("child_crash"), group_name=GROUP)
def child_crash() -> None:
    """Takes its own process down; with the multiprocess executor the run lives on and sees it."""
    os._exit(7)


class PriceService(ConfigurableResource):
    def setup_for_execution(self, context: InitResourceContext) -> None:
        raise PermissionError("the token of the price service has expired")


@asset(key=key("resource"), group_name=GROUP, resource_defs={"price_service": PriceService()})
def resource_error(price_service: PriceService) -> None:
    return None


@asset(key=key("first"), group_name=GROUP)
def first() -> None:
    raise ValueError("the first of two")


@asset(key=key("second"), group_name=GROUP, deps=[plain])
def after_plain() -> None:
    """Never runs after `plain` failed."""


@asset(key=key("other"), group_name=GROUP)
def other() -> None:
    raise ArithmeticError("the second of two")


@asset(key=key("once"), group_name=GROUP)
def once(context: AssetExecutionContext) -> None:
    """Fails in each attempt of a run that is retried as a whole."""
    raise ConnectionError(f"attempt {context.run.tags.get('dagster/retry_number', '0')}")


@asset(key=key("waits"), group_name=GROUP)
def waits(context: AssetExecutionContext) -> None:
    """Waits to be killed or cancelled, at most two minutes."""
    for _ in range(1200):
        time.sleep(0.1)


@asset(key=key("kills_worker"), group_name=GROUP)
def kills_worker() -> None:
    """Its process ends as if the machine had taken it: no word in the log."""
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)


@op
def fetch() -> int:
    return 1


@op
def load(rows: int) -> int:
    raise BufferError("bulk load stopped at row 17")


@graph_asset(key=key("graph"), group_name=GROUP)
def pipeline():
    return load(fetch())
