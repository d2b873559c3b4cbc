"""How long somebody in a chat waits for the acknowledgement, what a thousand visitors of the web chat cost, and what comes of talks.

    python -m bench.chat [--updates 200] [--visitors 1000] [--talks 500]

The Bot-API server and the visitors' browsers are ours, on loopback; the daemon is the installed one.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench import talking, visitors
from bench.figures import Result, at_most, conclude, exactly, machine, percentile
from bench.harness import running
from bench.site import Site, bot, make_site
from bench.workload import SEED
from tests.rig.bot_api import TOKEN, BotApi, Line
from tests.rig.loopback import free_port
from tests.rig.wait import NeverHappened

PATIENCE = 20.0  # seconds until an acknowledgement counts as missing
PAUSE = (0.05, 0.25)  # seconds between two updates, so that they meet the long poll at every phase
ASKS = ("سفارش من هنوز نرسیده است.", "My invoice is wrong.", "رمز عبورم را فراموش کرده‌ام.", "When do you open?")


def through_a_bot(count: int) -> Result:
    """As many people write to a bot for the first time, each after the acknowledgement of the one before."""
    chance = random.Random(SEED)
    with _network() as (network, site), running(site):
        waits = list(_waits(network, count, chance))
        stray = len(network.calls("sendMessage")) - len(waits)
    return Result(
        "update to acknowledgement",
        datetime.now(UTC),
        (
            at_most("p50", percentile(waits, 50), "ms", 100, binding=False),
            at_most("p99", percentile(waits, 99), "ms", 1000, binding=False),
            exactly("acknowledgements", len(waits), count),
            exactly("other messages at the network", stray, 0),
        ),
        machine(),
    )


@contextmanager
def _network() -> Iterator[tuple[BotApi, Site]]:
    with ExitStack() as ending:
        scratch = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="inbox-bench-")))
        network = ending.enter_context(closing(BotApi(scratch / "network").start()))
        port = free_port()
        site = make_site(scratch / "bot", bot(network.base, network.file_base, port), port)
        token = site.folder / "bot-token"
        token.write_text(TOKEN, encoding="utf-8")
        token.chmod(0o600)
        yield network, site


def _waits(network: BotApi, count: int, chance: random.Random) -> Iterator[float]:
    """Milliseconds from the update's being there to the acknowledgement's being taken; what is not answered yields nothing."""
    for person in range(1000, 1000 + count):
        time.sleep(chance.uniform(*PAUSE))
        before, began = len(network.calls("sendMessage")), time.time()
        network.write(chance.choice(ASKS), chat=person)
        line = _next(network, before)
        if line is not None and line.parameters["chat_id"] == str(person):
            yield (datetime.fromisoformat(line.at).timestamp() - began) * 1000


def _next(network: BotApi, before: int) -> Line | None:
    with suppress(NeverHappened):
        return network.wait_for(before + 1, "sendMessage", within=PATIENCE)[before]
    return None


def measure(updates: int = 200, crowd: int = 1000, talks: int = 500) -> list[Result]:
    """The bot, then the visitors, then the talks of the workload."""
    return [through_a_bot(updates), visitors.measure(crowd), talking.measure(talks)]


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when an acknowledgement is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.chat", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--talks", type=int, default=500)
    asked = parser.parse_args()
    sys.exit(conclude(measure(asked.updates, asked.visitors, asked.talks), Console(), "chat"))


if __name__ == "__main__":
    main()
