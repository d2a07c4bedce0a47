"""Does a failed run reach Sentry? Makes one in an ephemeral instance and sends it; no `dg dev` required.

    SENTRY_DSN=https://... python ../../scripts/test_run_failure_e2e.py      (in projects/ai_audi)
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages" / "ai_core"))

import sentry_sdk  # noqa: E402
from ai_core.sentry_sensors import FLUSH_SECONDS, build_run_event, init_sentry, oem_of, send_event  # noqa: E402
from dagster import DagsterEventType, DagsterInstance, asset, materialize  # noqa: E402


@asset(key=["audi", "2024", "prices"])
def prices() -> None:
    raise ConnectionError("prices.audi.example did not answer within 30 s")


def main() -> int:
    if not init_sentry():
        print("SENTRY_DSN is not set")
        return 1
    with DagsterInstance.ephemeral() as instance:
        result = materialize([prices], instance=instance, raise_on_error=False)
        steps = [
            entry.get_dagster_event()
            for entry in instance.all_logs(result.run_id, of_type=DagsterEventType.STEP_FAILURE)
        ]
        failure = instance.all_logs(result.run_id, of_type=DagsterEventType.RUN_FAILURE)[0].get_dagster_event()
        event = build_run_event(result.dagster_run, failure, steps, oem_of(Path(os.getcwd()).name))
        print(f"{event.message}: {send_event(event)}")
    sentry_sdk.flush(FLUSH_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
