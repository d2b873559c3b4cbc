"""How long an agent's answer by mail takes: from its hand-over to the listener until the customer's channel has handed it on.

    python -m bench.agents [--answers 100]

Each answer belongs to a conversation of its own: customers write, agents are told by mail, and answer those mails one after the
other as a mail program does, with the verdict of a mail server that the site trusts. What counts begins before the listener is
spoken to and ends when the SMTP sink has taken the customer's mail. Answers from outside the pages have no undo window to be
taken off. There are several agents, since what comes in the name of one faster than a person writes is held.
"""

import argparse
import email
import email.policy
import smtplib
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.message import EmailMessage

from rich.console import Console

from bench.figures import Result, at_most, conclude, exactly, machine, percentile, told
from bench.harness import Stage, accepted_at, running, stage
from bench.letters import SUPPORT
from bench.site import Site, listener_intake
from inbox.domain.attention import Kind, Likes, Place
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.store import people, preferences
from inbox.store.migrate import migrate, untouched
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import Accepted
from tests.rig.wait import NeverHappened, until

MX = "mx.desk.test"
AGENTS = ("sara", "omid")
WORDS = "It left our warehouse today."
PATIENCE = 30.0
"""Seconds until a mail counts as missing."""
TAKEN = """
[[rule]]
name = "Customers of {agent}"
on = ["conversation-opened"]
when.from = ["*@{agent}.test"]
then.assign = "agent:{agent}"
"""


def by_mail_alone(unit: Unit) -> None:
    """All of them work from their mail programs."""
    for handle in AGENTS:
        agent = people.put_agent(unit, Agent(AgentId(0), handle, handle.title(), _address(handle)))
        preferences.put(unit, agent, Likes(notices={kind: frozenset({Place.MAIL}) for kind in Kind}))


def _address(agent: str) -> str:
    return f"{agent}@desk.test"


def through_listener(answers: int) -> Result:
    """So many answers, one after the other."""
    port = free_port()
    with stage() as servers:
        site = servers.site("agents", listener_intake(port) + f'authserv_id = "{MX}"\n')
        _prepare(site)
        with running(site):
            milliseconds = list(_answers(servers, port, answers))
    return Result(
        "agent mail to customer",
        datetime.now(UTC),
        (
            told("p50", percentile(milliseconds, 50), "ms"),
            at_most("p95", percentile(milliseconds, 95), "ms", 500, binding=False),
            exactly("answers handed on", len(milliseconds), answers),
        ),
        machine(),
    )


def _prepare(site: Site) -> None:
    rules = "".join(TAKEN.format(agent=agent) for agent in AGENTS)
    (site.folder / "rules" / "01-agents.toml").write_text(f"format = 1\n{rules}", encoding="utf-8")
    with closing(Store(f"sqlite:///{site.store}", site.folder)) as store:
        if untouched(store):
            migrate(store)
        store.write_now(by_mail_alone)


def _answers(servers: Stage, port: int, count: int) -> Iterator[float]:
    """Milliseconds of each answer; what is missing yields nothing."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname=MX) as client:
        for number in range(count):
            customer = f"{number}@{AGENTS[number % len(AGENTS)]}.test"
            letter = _letter(customer, SUPPORT, f"Order {number}", "Where is it?")
            client.sendmail(customer, [SUPPORT], letter.as_bytes())
        with suppress(NeverHappened):
            until(lambda: len(_told(servers)) == count, within=PATIENCE + count, what="every agent was told")
        for agent, notice in _told(servers):
            began, before = time.time(), len(servers.sink.accepted)
            answer = _answer(agent, notice)
            client.sendmail(agent, [str(answer["To"])], answer.as_bytes())
            with suppress(NeverHappened):
                yield (accepted_at(_handed_on(servers, before)) - began) * 1000


def _told(servers: Stage) -> list[tuple[str, EmailMessage]]:
    """The mails that agents were sent, each with its agent's address."""
    addresses = [_address(agent) for agent in AGENTS]
    return [(to, _read(one)) for one in servers.sink.accepted for to in addresses if to in one.recipients]


def _handed_on(servers: Stage, before: int) -> Accepted:
    """The answer that a customer was handed, among what the sink took after the first `before` mails."""

    def there() -> list[Accepted]:
        return [one for one in servers.sink.accepted[before:] if WORDS.encode() in one.raw]

    return until(there, within=PATIENCE, what="an answer is handed on")[0]


def _read(one: Accepted) -> EmailMessage:
    read = email.message_from_bytes(one.raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def _letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """With the verdict of the server that hands it over."""
    said = EmailMessage(policy=email.policy.SMTP)
    domain = sender.rpartition("@")[2]
    said["Authentication-Results"] = f"{MX}; dmarc=pass header.from={domain}"
    said["From"], said["To"], said["Subject"] = sender, to, subject
    said["Message-ID"] = f"<{time.time_ns()}@{domain}>"
    said.set_content(text)
    return said


def _answer(agent: str, notice: EmailMessage) -> EmailMessage:
    """As a mail program makes it: the words above the quoted letter."""
    body = notice.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in str(body.get_content() if body else "").splitlines())
    whole = f"{WORDS}\n\nOn Tue, 24 Nov 2026, Acme wrote:\n{quoted}\n"
    said = _letter(agent, str(notice["Reply-To"]), f"Re: {notice['Subject']}", whole)
    said["In-Reply-To"] = str(notice["Message-ID"])
    said["References"] = f"{notice['References'] or ''} {notice['Message-ID']}".strip()
    return said


def measure(answers: int = 100) -> list[Result]:
    """By mail."""
    return [through_listener(answers)]


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when an answer is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.agents", description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100)
    sys.exit(conclude(measure(parser.parse_args().answers), Console(), "agents"))


if __name__ == "__main__":
    main()
