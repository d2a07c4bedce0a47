"""Makes a Dagster instance fail in every way, and says what must be sent for each failure.

    python test/dagster/provoke --home DIR --all
    python test/dagster/provoke --home DIR --only run-exception,check-integrity
    python test/dagster/provoke --home DIR --serve          # case names on stdin, a JSON line for each
    python test/dagster/provoke --home DIR --live URL       # through a running `dagster dev`
    python test/dagster/provoke --list

The manifest (DIR/manifest.json, or --manifest) lists every failure that was provoked:
{case, kind, storage_id, run_id, expected: {message, level, tags, extra, ...}}.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="provoke", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", type=Path, help="the instance's DAGSTER_HOME")
    parser.add_argument("--workspace", type=Path, default=HERE.parent / "workspace", help="folder of workspace.yaml")
    parser.add_argument("--manifest", type=Path, help="default: manifest.json in the home")
    parser.add_argument("--only", default="", help="case names, separated by commas")
    parser.add_argument("--all", action="store_true", help="every case")
    parser.add_argument("--serve", action="store_true", help="read case names from stdin, line by line")
    parser.add_argument("--live", metavar="URL", help="the webserver of a running `dagster dev` on the same home")
    parser.add_argument("--pause", type=float, default=0, help="seconds between two cases")
    parser.add_argument("--list", action="store_true", help="print the cases and end")
    return parser.parse_args()


def private_stdout():
    """The answers' own channel; whatever Dagster or its children print goes to stderr."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return channel


class Manifest:
    """A JSON list of entries that grows with each case and is whole on disk at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = json.loads(path.read_text("utf-8")) if path.exists() else []

    def add(self, entries: list) -> None:
        self._entries += entries
        beside = self._path.with_suffix(".tmp")
        beside.write_text(json.dumps(self._entries, ensure_ascii=False, indent=1), "utf-8")
        beside.replace(self._path)


def main() -> int:
    options = arguments()
    from case import Case
    from check_cases import CHECK_CASES
    from run_cases import RUN_CASES

    cases: dict[str, Case] = {case.name: case for case in (*CHECK_CASES, *RUN_CASES)}
    if options.list:
        for case in cases.values():
            print(f"{case.name}: {case.what}")
        return 0
    names = list(cases) if options.all else [name for name in options.only.split(",") if name]
    unknown = [name for name in names if name not in cases]
    if unknown or options.home is None or (not names and not options.serve):
        print(f"provoke: unknown case {unknown[0]}" if unknown else "provoke: --home and one of --all, --only, --serve", file=sys.stderr)
        return 2

    out = private_stdout()
    manifest = Manifest((options.manifest or options.home / "manifest.json").resolve())
    options.home = options.home.resolve()
    options.workspace = options.workspace.resolve()
    os.chdir(options.workspace)  # the folders in workspace.yaml are relative to it
    os.environ["DAGSTER_HOME"] = str(options.home)
    os.environ.pop("SENTRY_DSN", None)

    def say(line: dict) -> None:
        # ASCII: some readers take U+2028, which an error text may hold, for the end of a line.
        out.write(json.dumps(line) + "\n")

    if options.live:
        from live import LiveProvoker

        provoker = LiveProvoker(options.home, options.workspace, options.live)
    else:
        from direct import DirectProvoker

        provoker = DirectProvoker(options.home, options.workspace)

    failed = False

    def run(name: str) -> None:
        nonlocal failed
        started = time.monotonic()
        try:
            entries = provoker.provoke(cases[name])
        except Exception as error:
            failed = True
            say({"case": name, "ok": False, "error": f"{type(error).__name__}: {error}"})
            return
        manifest.add(entries)
        seconds = round(time.monotonic() - started, 3)
        say({"case": name, "ok": True, "seconds": seconds, "entries": entries})

    with provoker:
        if options.serve:
            say({"ready": True, "cases": {case.name: case.what for case in cases.values()}})
            for line in sys.stdin:
                for name in line.strip().split(","):
                    if name in cases:
                        run(name)
                    elif name:
                        say({"case": name, "ok": False, "error": f"unknown case {name}"})
            return 0
        if not options.live and any(cases[name].needs_code_server for name in names):
            provoker.start_code_servers()  # while the other cases run
        for number, name in enumerate(names):
            if number and options.pause:
                time.sleep(options.pause)
            run(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
