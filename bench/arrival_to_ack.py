"""How long a customer waits for the acknowledgement while the system is otherwise idle.

    python -m bench.arrival_to_ack [--listener-mails 200] [--imap-mails 40]

Two ways in: the SMTP listener, and a real Dovecot that pushes (IDLE). Dovecot itself holds a push back for up to half
a second, so there our own part counts from the push, which a relay between the two sees pass by.
"""

import argparse
import random
import smtplib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, exactly, machine, percentile, told
from bench.harness import Stage, accepted_at, running, stage
from bench.letters import SUPPORT
from bench.outcome import answered
from bench.site import imap_intake, listener_intake
from bench.tap import Tap
from bench.workload import SEED, Kind, Mail, build
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import Accepted
from tests.rig.wait import NeverHappened

PATIENCE = 20.0  # seconds until an acknowledgement counts as missing
PAUSE = (0.4, 0.8)  # seconds between two mails, so that they meet Dovecot's half second at every phase


@dataclass(frozen=True, slots=True)
class Wait:
    """One mail's instants, seconds since the epoch: handed over, its acknowledgement taken by the sink."""

    arrived: float
    acknowledged: float

    @property
    def milliseconds(self) -> float:
        """How long its customer waited."""
        return (self.acknowledged - self.arrived) * 1000


def through_listener(count: int) -> Result:
    """Hand over `count` mails by SMTP, each after the acknowledgement of the one before."""
    port = free_port()
    with stage() as servers, running(servers.site("listener", listener_intake(port))):
        with smtplib.SMTP("127.0.0.1", port, local_hostname="customer.test") as client:
            waits = list(_waits(servers, count, lambda mail: _hand_over(client, mail)))
        stray = len(servers.sink.accepted) - len(waits)
    milliseconds = [wait.milliseconds for wait in waits]
    return _result(
        "listener to acknowledgement",
        at_most("p50", percentile(milliseconds, 50), "ms", 50, binding=False),
        at_most("p99", percentile(milliseconds, 99), "ms", 500, binding=False),
        exactly("acknowledgements", len(waits), count),
        exactly("other mails at the sink", stray, 0),
    )


def through_imap(count: int) -> Result:
    """Put `count` mails into a mailbox that the daemon watches by IDLE, with a pause of random length between them."""
    chance = random.Random(SEED)
    with stage() as servers, Tap(servers.dovecot.host, servers.dovecot.imap_port) as tap:
        servers.dovecot.maildir(SUPPORT)

        def deliver(mail: Mail) -> float:
            time.sleep(chance.uniform(*PAUSE))
            began = time.time()
            servers.dovecot.deliver(SUPPORT, mail.raw)
            return began

        with running(servers.site("imap", imap_intake(tap.port, SUPPORT))):
            waits = list(_waits(servers, count, deliver))
        stray = len(servers.sink.accepted) - len(waits)
        ours = [wait.acknowledged - at for wait in waits if (at := tap.push_between(wait.arrived, wait.acknowledged))]
    whole = [wait.milliseconds for wait in waits]
    return _result(
        "IMAP to acknowledgement",
        at_most("whole, p50", percentile(whole, 50), "ms", 700, binding=False),
        told("whole, p99", percentile(whole, 99), "ms"),
        at_most("our own part, p50", percentile(ours, 50) * 1000, "ms", 60, binding=False),
        told("our own part, p99", percentile(ours, 99) * 1000, "ms"),
        exactly("acknowledgements", len(waits), count),
        exactly("pushes seen", len(ours), count),
        exactly("other mails at the sink", stray, 0),
    )


def _waits(servers: Stage, count: int, hand_over: Callable[[Mail], float]) -> Iterator[Wait]:
    """Hand over new matters one at a time; `hand_over` tells when it began. What is not acknowledged yields nothing."""
    fresh = (mail for mail in build(2 * count + 100, SEED) if mail.kind is Kind.NEW)
    for mail in islice(fresh, count):
        before = len(servers.sink.accepted)
        arrived = hand_over(mail)
        acknowledgement = _next_accepted(servers, before)
        if acknowledgement and answered([acknowledgement.raw])[mail.message_id]:
            yield Wait(arrived, accepted_at(acknowledgement))


def _next_accepted(servers: Stage, before: int) -> Accepted | None:
    """The next mail that reaches the sink after the first `before`; None when none does in time."""
    with suppress(NeverHappened):
        return servers.sink.wait_for(before + 1, within=PATIENCE)[before]
    return None


def _hand_over(client: smtplib.SMTP, mail: Mail) -> float:
    began = time.time()
    client.sendmail("customer@customer.test", [SUPPORT], mail.raw)
    return began


def _result(name: str, *figures: Figure) -> Result:
    return Result(name, datetime.now(UTC), figures, machine())


def measure(listener_mails: int = 200, imap_mails: int = 40) -> list[Result]:
    """Both ways in."""
    return [through_listener(listener_mails), through_imap(imap_mails)]


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when an acknowledgement is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.arrival_to_ack", description=__doc__.splitlines()[0])
    parser.add_argument("--listener-mails", type=int, default=200)
    parser.add_argument("--imap-mails", type=int, default=40)
    asked = parser.parse_args()
    sys.exit(conclude(measure(asked.listener_mails, asked.imap_mails), Console(), "arrival-to-ack"))


if __name__ == "__main__":
    main()
