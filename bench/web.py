"""What the agents' pages cost when there is much: a real server with years of work, mail arriving, and fifty agents connected.

    python -m bench.web [--folder DIR] [--sizes 10000,100000] [--pages 200]

Times are those of whole answers over one connection on loopback, one after the other. With a folder the sites are kept in it
and taken again the next time: a large one takes some minutes to be made up.
"""

import argparse
import gzip
import http.client
import random
import smtplib
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, machine, percentile, told
from bench.growth import flat, grows
from bench.harness import at_rest, running
from bench.letters import SUPPORT
from bench.site import Site
from bench.web_site import LEAST, Many, built
from bench.workload import SEED, build
from inbox.domain.ids import AgentId
from inbox.store.store import Store
from inbox.store.tables import session as sessions
from inbox.text.references import reference
from inbox.web.session import digest
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink

STREAMS = 50
MAILS = 2.0
"""Mails that arrive in a second, as in a busy hour."""
COOKIE, TOKEN = "inbox_session", "bench"  # opens a made-up site on loopback
MINE = "list of one agent"
LISTS = {
    "list": "/",
    MINE: "/?view=mine",
    "list of what is done": "/?view=done",
}
SEARCHES = {
    "search, a rare word": "word39000",
    "search, a common word": "invoice",
    "search, two common words": "سفارش refund",
    "search, a phrase": '"the invoice"',
    "search, a beginning": "word39*",
    "search, a name": "sara",
    "search, common words and filters": "invoice refund is:done assignee:agent7 tag:vip",
    "search, a common word in little": "invoice is:snoozed team:team3 priority:urgent",
    "search, filters alone": "is:done tag:vip team:team2 priority:urgent has:file",
    "search, without a word": "order -invoice is:open",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How long the answers took, in milliseconds, and the largest of them gzipped, in KB."""

    milliseconds: tuple[float, ...]
    kb: float


class Agent:
    """Somebody who is signed in, on one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str) -> tuple[float, bytes]:
        """One page: milliseconds until all of it was here, and the page. Raises `RuntimeError` where it is none."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"cookie": f"{COOKIE}={TOKEN}", "accept-language": "en"})
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return took, body

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def measure(folder: Path, sizes: Sequence[int] = (10_000, 100_000), pages: int = 200) -> list[Result]:
    """Every size on a site of its own; the JSON of each."""
    return [_measured(folder, Many(size), pages) for size in sizes]


def over(folder: Path, histories: Sequence[int], pages: int = 200) -> list[Result]:
    """The same, and how each page grows with what there is."""
    found = {history: _measured(folder, Many(history), pages) for history in histories}

    def costs(what: str) -> dict[int, float]:
        return {h: next(one.value for one in result.figures if one.what == what) for h, result in found.items()}

    why = "the more messages hold a word, the more there are to be ranked, up to a bound"
    figures = (
        *(flat(f"CPU of {name}", costs(f"CPU of {name}")) for name in ("conversation", *LISTS) if name != MINE),
        flat(f"CPU of {MINE}, once it is full", {h: cost for h, cost in costs(f"CPU of {MINE}").items() if h >= LEAST}),
        *(grows(f"CPU of {name}", costs(f"CPU of {name}")) for name in SEARCHES),
    )
    facts = {**machine(), "why searches grow": why}
    return [*found.values(), Result("web over histories", datetime.now(UTC), figures, facts)]


def _measured(folder: Path, many: Many, pages: int) -> Result:
    with ExitStack() as ending:
        sink = ending.enter_context(closing(SmtpSink(Path(tempfile.mkdtemp(prefix="inbox-sink-"))).start()))
        listener, web = free_port(), free_port()
        site = built(folder / f"web-{many.conversations}", many, sink.port, listener, web)
        _sign_in(site)
        daemon = ending.enter_context(running(site))
        at_rest(daemon.pid)
        agent = ending.enter_context(closing(Agent(web)))
        cpu = {name: _cpu(daemon, agent, path, min(pages, 40)) for name, path in _once(many).items()}
        streams, how = ending.enter_context(_streams(web))
        arrived = ending.enter_context(_mail(listener))
        found = {name: _asked(agent, paths, pages) for name, paths in _paths(many).items()}
        scripts = _scripts(agent)
    figures = [figure for name, asked in found.items() for figure in _figures(name, asked)]
    largest = max(asked.kb for asked in found.values())
    more = (
        at_most("largest page, gzipped", largest, "KB", 40, binding=True),
        at_most("all scripts, gzipped", scripts, "KB", 60, binding=True),
        *(told(f"CPU of {name}", milliseconds, "ms") for name, milliseconds in cpu.items()),
        told("mails that arrived meanwhile", arrived[0]),
    )
    facts = {
        **machine(),
        "messages": f"{many.messages:,}",
        "connected": f"{streams} {how}",
        "pages of each": str(pages),
    }
    return Result(f"web, {many.conversations:,} conversations", datetime.now(UTC), (*figures, *more), facts)


def _figures(name: str, asked: Asked) -> tuple[Figure, Figure]:
    bound = 100 if name.startswith("search") else 40
    return (
        told(f"{name}, p50", percentile(asked.milliseconds, 50), "ms"),
        at_most(f"{name}, p95", percentile(asked.milliseconds, 95), "ms", bound, binding=False),
    )


def _sign_in(site: Site) -> None:
    store, now = Store("sqlite:///data/inbox.db", site.folder), datetime.now(UTC)
    values = {
        "digest": digest(TOKEN),
        "agent_id": AgentId(7),
        "created_at": now,
        "expires_at": now.replace(year=now.year + 1),
    }
    store.write_now(lambda unit: unit.insert_new(sessions, **values))
    store.close()


def _paths(many: Many) -> Mapping[str, Iterator[str]]:
    chance = random.Random(SEED)

    def opened() -> Iterator[str]:
        while True:
            yield _conversation(chance.randrange(1, many.conversations + 1))

    def same(path: str) -> Iterator[str]:
        while True:
            yield path

    return {"conversation": opened(), **{name: same(path) for name, path in {**LISTS, **_searches()}.items()}}


def _once(many: Many) -> Mapping[str, str]:
    """One page of each sort, for what it costs the processor."""
    return {"conversation": _conversation(many.conversations // 2), **LISTS, **_searches()}


def _searches() -> Mapping[str, str]:
    return {name: f"/?{urlencode({'q': query})}" for name, query in SEARCHES.items()}


def _conversation(number: int) -> str:
    return f"/c/{reference(number.to_bytes(4, 'big') * 4, 8)}"


def _asked(agent: Agent, paths: Iterator[str], pages: int) -> Asked:
    for _ in range(3):
        agent.ask(next(paths))
    answers = [agent.ask(next(paths)) for _ in range(pages)]
    kb = max(len(gzip.compress(body)) for _, body in answers) / 1000
    return Asked(tuple(took for took, _ in answers), kb)


def _cpu(daemon: Daemon, agent: Agent, path: str, pages: int) -> float:
    """Milliseconds of the server's processor for one page, while nothing else goes on."""
    agent.ask(path)
    before = _ticks(daemon.pid)
    for _ in range(pages):
        agent.ask(path)
    return (_ticks(daemon.pid) - before) * 10 / pages


def _ticks(pid: int) -> int:
    """Hundredths of a second that a process has run (proc(5): utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _scripts(agent: Agent) -> float:
    """KB of all scripts that a page names, gzipped."""
    _, page = agent.ask("/")
    named = [part.split('"')[0] for part in page.decode().split('<script src="')[1:]]
    return sum(len(gzip.compress(agent.ask(path)[1])) for path in named) / 1000


@contextmanager
def _streams(port: int) -> Iterator[tuple[int, str]]:
    """Fifty agents whose pages stand open: their streams, or where the house has none, connections that are kept."""
    several = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(STREAMS)]
    how = "streams"
    for connection in several:
        headers = {"cookie": f"{COOKIE}={TOKEN}", "accept": "text/event-stream"}
        connection.request("GET", "/live", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            answer.read()
            how = "kept connections"
    try:
        yield len(several), how
    finally:
        for connection in several:
            connection.close()


@contextmanager
def _mail(port: int) -> Iterator[list[int]]:
    """Mail that arrives as long as this lasts; the list holds how many did."""
    arrived, over = [0], threading.Event()

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="customer.test") as client:
            for mail in build(5_000, SEED):
                if over.wait(1 / MAILS):
                    return
                with suppress(smtplib.SMTPResponseException):
                    client.sendmail("customer@customer.test", [SUPPORT], mail.raw)
                    arrived[0] += 1

    thread = threading.Thread(target=send, name="mail that arrives")
    thread.start()
    try:
        yield arrived
    finally:
        over.set()
        thread.join()


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a page is too large."""
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--pages", type=int, default=200)
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="inbox-web-") as scratch:
        sys.exit(conclude(measure(asked.folder or Path(scratch), sizes, asked.pages), Console(), "web"))


if __name__ == "__main__":
    main()
