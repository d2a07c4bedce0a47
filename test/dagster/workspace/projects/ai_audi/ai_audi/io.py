"""Storage that breaks: one that cannot read, one that cannot write."""

from typing import Any

from dagster import ConfigurableIOManager, InputContext, OutputContext


class BrokenReadIOManager(ConfigurableIOManager):
    def handle_output(self, context: OutputContext, obj: Any) -> None:
        return None

    def load_input(self, context: InputContext) -> Any:
        raise FileNotFoundError("no object at s3://audi-lake/raw/options.parquet")


class BrokenWriteIOManager(ConfigurableIOManager):
    def handle_output(self, context: OutputContext, obj: Any) -> None:
        raise OSError("disk quota exceeded while writing registrations.parquet")

    def load_input(self, context: InputContext) -> Any:
        return None
