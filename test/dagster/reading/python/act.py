"""Does things to an instance, one after the other: `check` and `fail` run, `delete` the newest run, `wipe` all.

    python act.py --home DIR check fail delete ...

Prints the run id of each step, '' for a wipe. After `-` it does what each line of its input names, until that ends.
"""

import sys

import dagster as dg


@dg.asset(key=["audi", "prices"])
def prices() -> None: ...


@dg.asset_check(asset=prices, name="integrity")
def integrity():
    return dg.AssetCheckResult(passed=False, metadata={"count": 3})


@dg.asset(key=["audi", "broken"])
def broken() -> None:
    raise ValueError("boom")


home, steps = sys.argv[2], sys.argv[3:]
if steps == ["-"]:
    steps = map(str.strip, sys.stdin)
with dg.DagsterInstance.from_config(home) as instance:
    for step in steps:
        if step == "wipe":
            run_id = ""
            instance.wipe()
        elif step == "delete":
            run_id = instance.get_runs(limit=1)[0].run_id
            instance.delete_run(run_id)
        else:
            assets = [prices, integrity] if step == "check" else [broken]
            run_id = dg.materialize(assets, instance=instance, raise_on_error=False).run_id
        print(run_id, flush=True)
