"""Runs a program and takes it and all that it started with it when the one who asked for it is gone.

    python guard.py [--user ID] PROGRAM [ARGUMENTS]

With --user the program runs as that user and the group of the same number, which takes root.

Whoever starts this holds its standard input open and never writes to it. When that closes, for whatever reason
(SIGKILL included), or on SIGTERM, the program is asked to end; what is left after GRACE seconds is killed. Start it
as the leader of a process group of its own.
"""

import os
import signal
import subprocess
import sys
import threading

GRACE = 3.0
WINDOWS = sys.platform == "win32"


def end(child: subprocess.Popen) -> None:
    if WINDOWS:
        # Windows knows no polite signal for a tree.
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(child.pid)], capture_output=True, check=False)
        return
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        pass
    # The whole group, this process too: run workers and code servers may outlive their parent.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> int:
    if not WINDOWS and os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    command, identity = sys.argv[1:], {}
    if command[0] == "--user":
        identity = {"user": int(command[1]), "group": int(command[1]), "extra_groups": []}
        command = command[2:]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **identity)
    asked = threading.Event()

    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        asked.set()

    threading.Thread(target=watch, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    if not WINDOWS:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the one who started this
    while child.poll() is None and not asked.wait(0.2):
        pass
    code = child.poll()
    end(child) if code is None else (None if WINDOWS else end_rest())
    return code or 0


def end_rest() -> None:
    """The program ended by itself: nobody of its group may stay."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
