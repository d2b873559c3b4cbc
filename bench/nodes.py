"""What more nodes bring: mails received, judged and acknowledged a second by one, two and three of them on one PostgreSQL.

    python -m bench.nodes [--count 300] [--channels 3] [--nodes 3]

Each time the same backlog in the same mailboxes, a database of its own, and all nodes ready before the first mail is there. The
server writes durably. All of them share the cores of one machine with the server and the mailboxes: the ratios tell what the
nodes cost and gain one another there, and no more than that.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from rich.console import Console

from bench.figures import Figure, Result, conclude, exactly, machine, told
from bench.harness import Stage, running, stage
from bench.site import MAIL, UNBRAKED, Site, imap_intake, make_site
from bench.workload import SEED, Kind, Mail, build
from tests.rig.loopback import free_port
from tests.rig.postgres import Postgres
from tests.rig.wait import until

PATIENCE = 300.0  # seconds until a measurement is given up
JUDGED = "SELECT count(*) FROM arrival WHERE verdict IS NOT NULL"
SENT = "SELECT count(*) FROM delivery WHERE state = 'sent'"
DOUBLED = "SELECT count(*) - count(DISTINCT key) FROM delivery"
HOLDERS = "SELECT count(DISTINCT holder) FROM lease WHERE name LIKE 'channel %' AND holder <> ''"


@dataclass(frozen=True, slots=True)
class Run:
    """One backlog: seconds until the last acknowledgement, what was judged and sent, and how many nodes served channels."""

    nodes: int
    seconds: float
    judged: int
    sent: int
    doubled: int
    serving: int

    @property
    def rate(self) -> float:
        """Mails a second, from the first to the last acknowledgement."""
        return self.judged / self.seconds


def measure(count: int = 300, channels: int = 3, most: int = 3) -> Result:
    """`count` mails in as many mailboxes as there are channels; once for each number of nodes up to `most`."""
    mails = [mail for mail in build(count * 4, SEED) if mail.kind is Kind.NEW][:count]
    with stage() as servers, closing(Postgres(durable=True)) as postgres:
        postgres.start()
        runs = [_taken_in(servers, postgres, mails, channels, nodes) for nodes in range(1, most + 1)]
    facts = {**machine(), "mails": str(count), "channels": str(channels)}
    return Result("nodes", datetime.now(UTC), tuple(_figures(runs, len(mails))), facts)


def _figures(runs: Sequence[Run], count: int) -> Iterator[Figure]:
    for run in runs:
        name = f"{run.nodes} node" + ("s" if run.nodes > 1 else "")
        yield told(name, run.rate, "mails/s")
        yield told(f"{name}: of them serving channels", run.serving)
        yield exactly(f"{name}: judged", run.judged, count)
        yield exactly(f"{name}: acknowledged", run.sent, count)
        yield exactly(f"{name}: doubled", run.doubled, 0)
    for run in runs[1:]:
        yield told(f"ratio of {run.nodes} nodes to one", run.rate / runs[0].rate)


def _taken_in(servers: Stage, postgres: Postgres, mails: Sequence[Mail], channels: int, nodes: int) -> Run:
    boxes = [f"box{n}.{nodes}@desk.test" for n in range(channels)]
    for box in boxes:
        servers.dovecot.maildir(box)
    address = postgres.database().replace("+psycopg", "")
    with ExitStack() as stack:
        first = _site(servers, f"nodes-{nodes}-1", boxes, address)
        stack.enter_context(running(first))
        for n in range(2, nodes + 1):
            stack.enter_context(running(_beside(first, f"nodes-{nodes}-{n}")))
        asked = stack.enter_context(psycopg.connect(address, autocommit=True))
        began = time.perf_counter()
        for n, box in enumerate(boxes):
            servers.dovecot.append_many(box, (mail.raw for mail in mails[n::channels]))
        until(lambda: _one(asked, SENT) >= len(mails), within=PATIENCE, every=0.1, what="all are acknowledged")
        seconds = time.perf_counter() - began
        return Run(nodes, seconds, _one(asked, JUDGED), _one(asked, SENT), _one(asked, DOUBLED), _one(asked, HOLDERS))


def _one(asked: "psycopg.Connection[tuple[int]]", question: str) -> int:
    row = asked.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0


def _site(servers: Stage, name: str, boxes: Sequence[str], address: str) -> Site:
    web = free_port()
    return make_site(servers.scratch / name, _config(servers, boxes, address, web), web)


def _config(servers: Stage, boxes: Sequence[str], address: str, web: int) -> str:
    def channel(n: int, box: str) -> str:
        intake = imap_intake(servers.dovecot.imap_port, box)
        lines = MAIL.format(address=box, intake=intake, smtp_port=servers.sink.port)
        return lines.replace("[channel.support]", f"[channel.box{n}]")

    stored = f'[store]\nurl = "{address}"\n\n'
    return UNBRAKED.format(web_port=web) + stored + "\n".join(channel(n, box) for n, box in enumerate(boxes))


def _beside(first: Site, name: str) -> Site:
    """Another folder with the same rules and the same secret, and a port of its own for its pages."""
    folder: Path = first.folder.with_name(name)
    shutil.copytree(first.folder, folder, ignore=shutil.ignore_patterns("*.log", "inbox.lock", "spool"))
    web, config = free_port(), folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f":{first.web_port}", f":{web}", 1), encoding="utf-8")
    return Site(folder, web)


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a mail is missing or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench.nodes", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--nodes", type=int, default=3)
    asked = parser.parse_args()
    sys.exit(conclude([measure(asked.count, asked.channels, asked.nodes)], Console()))


if __name__ == "__main__":
    main()
