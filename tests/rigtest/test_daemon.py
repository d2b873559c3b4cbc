"""The daemon's handle waits for readiness, stops, kills and leaves no child behind, played on a stand-in command."""

import signal
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.wait import NeverHappened, until

STAND_IN = textwrap.dedent(
    """
    import http.server, json, os, signal, subprocess, sys

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *words):
            pass

    if sys.argv[1] == "broken" or os.environ.get("BROKEN"):
        sys.exit("config.toml: no such key")
    if sys.argv[1] != "run":
        print(json.dumps({"words": sys.argv[1:], "given": sys.stdin.read()}, ensure_ascii=False))
        sys.exit(1)
    child = subprocess.Popen(["sleep", "600"])
    print("child", child.pid, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: (child.kill(), os._exit(0)))
    if os.environ.get("DEAF"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
    """
)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    made = stand_in(tmp_path)
    yield made
    made.close()


def stand_in(site: Path, **env: str) -> Daemon:
    program = site / "stand_in.py"
    program.write_text(STAND_IN)
    port = free_port()
    return Daemon(site, port, {"PORT": str(port), **env}, program=[sys.executable, str(program)])


def child(daemon: Daemon) -> int:
    """The process id of the child that the last run started."""
    return int(until(lambda: daemon.words()).split()[-1])


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_it_is_ready_after_start_and_gone_after_stop(daemon: Daemon) -> None:
    assert daemon.start().get("/other")[0] == 404
    assert daemon.ready()
    assert daemon.stop() == 0
    assert not daemon.ready()


def test_a_killed_one_leaves_its_children_to_close(daemon: Daemon) -> None:
    orphan = child(daemon.start())
    daemon.kill()
    assert daemon.ended() == -signal.SIGKILL
    assert alive(orphan)
    daemon.close()
    until(lambda: not alive(orphan))


def test_it_starts_again_and_keeps_the_log(daemon: Daemon) -> None:
    daemon.start().kill()
    first = child(daemon)
    daemon.start()
    assert daemon.words().count("child") == 2
    daemon.close()
    until(lambda: not alive(first))


def test_one_that_does_not_start_tells_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such key"):
        stand_in(tmp_path, BROKEN="1").start()


def test_one_that_does_not_stop_is_a_failure(tmp_path: Path) -> None:
    deaf = stand_in(tmp_path, DEAF="1").start()
    with pytest.raises(NeverHappened):
        deaf.stop(within=0.2)
    deaf.kill()
    deaf.close()


def test_other_commands_of_the_site_answer(daemon: Daemon) -> None:
    done = daemon.cli("reply", "K7Q2", given="سلام")
    assert (done.code, done.err) == (1, "")
    assert done.json() == {"words": ["reply", "K7Q2", "--site", str(daemon.site)], "given": "سلام"}
    assert daemon.cli("broken").err.strip() == "config.toml: no such key"
