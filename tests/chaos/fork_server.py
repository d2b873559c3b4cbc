"""Daemons that begin with the house's code already read, which is half of what a start takes; for those who start them very often.

`python -m tests.chaos.fork_server` reads the code, and begins the `inbox` command of each line it is given as a child of its own: the site,
a tab, the file to log in. It answers with the number of the process.
"""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

import inbox.daemon.run
from inbox.__main__ import main
from tests.chaos.points import ROOT
from tests.rig.daemon import environment

READ = (inbox.daemon.run,)
"""What brings in the rest, channels aside."""
READY = "ready"


class ForkServer:
    """One such process. `env` is added to the small environment of its daemons."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(env),
            text=True,
        )
        assert self._said() == READY

    def begin(self, site: Path, log: Path) -> int:
        """Start `inbox run` for a site, in a process group of its own; its number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{site}\t{log}\n")
        self._process.stdin.flush()
        return int(self._said())

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        """Begin no more."""
        self._process.communicate(timeout=20)


def _serve() -> None:
    for name in (one.name for one in entry_points(group="inbox.channels")):
        entry_points(group="inbox.channels")[name].load()
    gc.freeze()
    print(READY, flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they are gone when they end
    for line in sys.stdin:
        site, log = line.rstrip("\n").split("\t")
        pid = os.fork()
        if not pid:
            os._exit(_run(site, log))
        print(pid, flush=True)


def _run(site: str, log: str) -> int:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(site)
    for number, path, how in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
        os.dup2(os.open(path, how, 0o644), number)
    os.dup2(1, 2)
    return main(["run", "--site", site])


if __name__ == "__main__":
    _serve()
