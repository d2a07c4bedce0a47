"""Makes the demo project load on a Dagster before 1.12: adds to `dagster` what it lacks. Import it first."""

import functools
import inspect

import dagster

if not hasattr(dagster, "AssetCheckEvaluation"):  # before 1.11
    from dagster._core.definitions.asset_check_evaluation import AssetCheckEvaluation

    dagster.AssetCheckEvaluation = AssetCheckEvaluation


def without(function, *names: str):
    """The function, for callers that give it arguments of these names too."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*args, **{name: value for name, value in kwargs.items() if name not in names})

    return call


# Checks have partitions of their own from 1.12 on.
if "partitions_def" not in inspect.signature(dagster.asset_check).parameters:
    dagster.asset_check = without(dagster.asset_check, "partitions_def")
