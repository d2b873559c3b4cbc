"""The long fuzz: `inbox demo` as a process of its own, and requests that nobody would send, for some minutes.

`python -m tests.web.fuzz --seconds 300 [--seed 1]`; it fails on any answer of 500 and above, and on silence. What took more than a
second is told: whether that is long, the machine decides.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from inbox.web.session import form_token
from tests.web.fuzzing import Came, Fuzz, Person, Sent, ask, routes
from tests.web.sites import Site

SLOW = 1.0
"""Seconds."""
_AT_ONCE = 3
"""Requests at the same time."""
_AWAY = frozenset({"/logout", "/account/sessions", "/account/password"})
"""Routes that end the session with which one asks."""


@contextmanager
def demo(folder: Path) -> Iterator[list[str]]:
    """A running demo: the links by which its agents come in."""
    command = [str(Path(sys.executable).parent / "inbox"), "demo", "--port", "0", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            links = []
            for line in process.stdout:
                links += re.findall(r"http://\S+/login/\S+", line)
                if "/demo/" in line:
                    break
            yield links
        finally:
            process.terminate()


def enter(link: str) -> tuple[Person, list[str]]:
    """Whom a login link lets in, and the references that their list shows."""
    parts = urlsplit(link)
    bound, jar = _ask(parts.netloc, "GET", parts.path)
    value = bound.split('name="bound" value="')[1].split('"')[0]
    _, jar = _ask(parts.netloc, "POST", parts.path, jar, urlencode({"bound": value}))
    listed, _ = _ask(parts.netloc, "GET", "/", jar)
    token = jar.split("inbox_session=")[1].split(";")[0]
    return Person(f"inbox_session={token}", form_token(token)), sorted(set(re.findall(r"/c/([0-9A-Z]{4,6})", listed)))


def _ask(host: str, method: str, path: str, jar: str = "", form: str = "") -> tuple[str, str]:
    wire = HTTPConnection(host, timeout=30)
    kind = {"content-type": "application/x-www-form-urlencoded"} if form else {}
    wire.request(method, path, form or None, {"cookie": jar, **kind})
    answer = wire.getresponse()
    text = answer.read().decode()
    kept = [line.split(";")[0] for line in answer.headers.get_all("set-cookie", []) if "Max-Age=0" not in line]
    wire.close()
    return text, "; ".join(kept)


def patterns() -> list[tuple[str, str]]:
    """The routes of every site."""
    with TemporaryDirectory() as folder:
        site = Site.made(Path(folder))
        found = [one for one in routes(site.app()) if one[1] not in _AWAY]
        site.store.close()
    return found


@dataclass
class Told:
    """How many were sent, and how many of them were answered badly, or late."""

    count: int = 0
    broken: int = 0
    slow: int = 0

    def hear(self, sent: Sent, answer: Came) -> None:
        """One answer; what is to be told of it is printed."""
        self.count += 1
        broken = answer.status == 0 or answer.status >= 500 or b"Traceback" in answer.body
        slow = answer.seconds > SLOW
        self.broken += broken
        self.slow += slow
        if broken or slow:
            print(f"{answer.status} after {answer.seconds:.2f} s: {sent.told}", flush=True)


async def run(fuzz: Fuzz, host: str, port: int, seconds: float) -> Told:
    """For that long, a few at a time."""
    ends, requests, told = time.monotonic() + seconds, fuzz.requests(), Told()

    async def one() -> None:
        while time.monotonic() < ends:
            sent = next(requests)
            told.hear(sent, await asyncio.to_thread(ask, host, port, sent))

    await asyncio.gather(*(one() for _ in range(_AT_ONCE)))
    return told


def main() -> int:
    """The command."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    with TemporaryDirectory() as folder, demo(Path(folder)) as links:
        people = [enter(link) for link in links]
        references = sorted({one for _, several in people for one in several})
        fuzz = Fuzz(Random(given.seed), patterns(), references, [Person(), *(one for one, _ in people)])
        where = urlsplit(links[0])
        told = asyncio.run(run(fuzz, where.hostname or "", where.port or 0, given.seconds))
    print(f"{told.count} requests, {told.broken} broken, {told.slow} over a second; seed {given.seed}")
    return 1 if told.broken else 0


if __name__ == "__main__":
    sys.exit(main())
