"""`inbox demo` as a process: it serves what it printed, a customer is played over HTTP, and nothing is left behind."""

import http.client
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.rig.daemon import command, environment
from tests.rig.wait import until

WITHIN = 90.0
"""Seconds: on a quiet machine it takes five."""


@dataclass
class Shown:
    """A running demo: its address, and what it printed."""

    host: str
    printed: str
    process: "subprocess.Popen[bytes]"

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, body, and where it leads."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        body = urlencode(form).encode() if form else None
        headers = {"content-type": "application/x-www-form-urlencoded"} if form else {}
        connection.request(method, path, body, {**headers, "sec-fetch-site": "same-origin"})
        answer = connection.getresponse()
        told = answer.status, answer.read().decode(), answer.getheader("location") or ""
        connection.close()
        return told


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    """The demo in a folder of its own for what is temporary."""
    log = tmp_path / "log"
    (tmp_path / "tmp").mkdir()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [command(), "demo", "--port", "0"],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=tmp_path,
            env=environment({"TMPDIR": str(tmp_path / "tmp")}),
            start_new_session=True,
        )
    try:
        until(
            lambda: "Ctrl+C" in log.read_text() or process.poll() is not None, within=WITHIN, what="the demo is served"
        )
        printed = log.read_text()
        found = re.search(r"http://(127\.0\.0\.1:\d+)", printed)
        assert found, printed
        yield Shown(found[1], printed, process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def test_it_is_served_a_customer_is_answered_and_nothing_is_left(shown: Shown, tmp_path: Path) -> None:
    links = re.findall(r"\((\w+)\): http://127\.0\.0\.1:\d+(/login/\S+)", shown.printed)
    assert [who for who, _ in links] == ["sara", "reza", "emma"]
    assert shown.ask("GET", links[0][1])[0] == 200
    status, page, _ = shown.ask("GET", "/demo/?who=jack")
    assert (status, "Jack Rivers" in page) == (200, True)
    status, _, leads = shown.ask("POST", "/demo/", {"who": "jack", "text": "Is anybody there?"})
    assert (status, leads) == (303, "/demo/?who=jack")
    until(lambda: "demo-ours" in shown.ask("GET", "/demo/?who=jack")[1], what="the acknowledgement comes back")
    status, _, leads = shown.ask("POST", "/demo/enter", {"agent": "emma"})
    assert (status, leads.startswith("/login/")) == (303, True)
    assert shown.ask("GET", "/demo/?who=nobody")[0] == 404
    assert any(path.name.startswith("inbox-demo-") for path in (tmp_path / "tmp").iterdir())
    shown.process.send_signal(signal.SIGTERM)
    assert shown.process.wait(30) == 0
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_form_of_another_site_is_refused(shown: Shown) -> None:
    connection = http.client.HTTPConnection(shown.host, timeout=30)
    form = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site"}
    connection.request("POST", "/demo/", urlencode({"who": "jack", "text": "x"}), form)
    assert connection.getresponse().status == 403
    connection.close()
