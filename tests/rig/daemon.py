"""The installed `inbox` command as a real process: start, wait until it is ready, stop, kill, ask it things."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rig.loopback import HOST, free_port
from tests.rig.wait import until

_KEPT = ("PATH", "HOME", "TMPDIR", "COVERAGE_PROCESS_START")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one command ended: exit code and what it said."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The output read as JSON."""
        return json.loads(self.out)


class Daemon:
    """`inbox run` for one site. `web` is the port of its agent web address, which the site's config.toml must name.

    `env` is added to a small, clean environment; `program` may stand in for the installed command. The words of all
    runs are in `log`, in the site's folder.
    """

    def __init__(
        self, site: Path, web: int = 0, env: Mapping[str, str] | None = None, program: Sequence[str] | None = None
    ) -> None:
        self.site = site
        self._program = list(program or [command()])
        self.web = web or free_port()
        self.log = site / "daemon.log"
        self._env = environment(env)
        self._process: subprocess.Popen[bytes] | None = None
        self._runs: list[subprocess.Popen[bytes]] = []

    def start(self, *, wait: bool = True, within: float = 90.0) -> "Daemon":
        """Start it and, unless told otherwise, wait until `/readyz` says 200; raises with the log when it ends."""
        if self.running:
            raise RuntimeError(f"the daemon of {self.site} is already running")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._program, "run", "--site", str(self.site)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.site,
                env=self._env,
                start_new_session=True,  # so that `close` reaches children that outlive a killed parent
            )
        self._runs.append(self._process)
        if wait:
            until(lambda: self.ready() or not self.running, within=within, what=f"the daemon is ready, see {self.log}")
            if not self.running:
                raise RuntimeError(f"the daemon ended with {self._process.returncode}: {self.words()[-4000:]}")
        return self

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the present or last run."""
        if self._process is None:
            raise RuntimeError("the daemon was never started")
        return self._process.pid

    def ready(self) -> bool:
        """Whether `/readyz` answers 200 right now."""
        return self.get("/readyz")[0] == 200

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one page; status 0 when nobody answers."""
        connection = http.client.HTTPConnection(HOST, self.web, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def stop(self, within: float = 20.0) -> int:
        """Ask it to end (TERM) and hand back its exit code; longer than `within` seconds is a failure."""
        self.signal(signal.SIGTERM)
        return self.ended(within)

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL to the daemon alone; its children are left to notice)."""
        self.signal(signal.SIGKILL)
        self.ended()

    def signal(self, which: signal.Signals) -> None:
        """Send a signal to the daemon alone."""
        os.kill(self.pid, which)

    def ended(self, within: float = 60.0) -> int:
        """Wait until it has ended by itself, and hand back its exit code."""
        until(lambda: not self.running, within=within, what=f"the daemon ends, see {self.log}")
        assert self._process is not None
        return self._process.wait()

    def words(self) -> str:
        """Everything it logged so far, over all runs."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def cli(self, *words: str, given: str | None = None, within: float = 120.0) -> Outcome:
        """Run another command of the same site, such as `cli("list", "--format", "json")`; `given` goes to its input."""
        return run(
            *words,
            "--site",
            str(self.site),
            cwd=self.site,
            env=self._env,
            program=self._program,
            given=given,
            within=within,
        )

    def close(self) -> None:
        """End the daemon and every child that any run left behind."""
        if self.running:
            self.signal(signal.SIGTERM)
        for process in self._runs:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def command() -> str:
    """The installed command, beside the Python that runs the tests."""
    return str(Path(sys.executable).with_name("inbox"))


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """A small environment in which nothing of the developer's own settings shows."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1", **(more or {})}


def run(
    *words: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    program: Sequence[str] | None = None,
    given: str | None = None,
    within: float = 120.0,
) -> Outcome:
    """Run one `inbox` command to its end; `within` is seconds."""
    done = subprocess.run(
        [*(program or [command()]), *words],
        input=given or "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment(env),
        timeout=within,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
