"""What each OEM project gets without any configuration of its own."""

from dagster import Definitions

from ai_core.sentry_sensors import asset_check_sentry_sensor, run_failure_sentry_sensor


def build_core_defs() -> Definitions:
    """The two monitoring sensors; the OEM is taken from the code location they run in."""
    return Definitions(sensors=[asset_check_sentry_sensor, run_failure_sentry_sensor])
