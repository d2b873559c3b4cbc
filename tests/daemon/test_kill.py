"""The daemon is killed at chosen moments, without warning: nothing is lost, nothing is doubled, nothing is sent twice.

At random ones, under load and again and again: `tests/chaos/test_kills.py`.
"""

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.workload import Expected, Kind, Mail, build
from tests.daemon.balance import mail_violations
from tests.daemon.books import Books, books
from tests.daemon.commands import Commands
from tests.daemon.post import ids, read
from tests.daemon.sites import MailChannel, Shed, imap, smtp
from tests.rig.daemon import Daemon, command, environment
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

MAILS = 60
SENT = "Your order was sent today."
RECOVERY = 25.0
"""Seconds from a start after a kill until mail is taken again: some two, and the rest is for a busy machine."""


@pytest.fixture
def daemon(sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink) -> Daemon:
    """A site with a mailbox to fetch from and a server to send through, not started yet."""
    dovecot.maildir(mailbox)
    return sites.site(MailChannel(intake=imap(dovecot.imap_port, mailbox), outgoing=smtp(smtp_sink.port)))


@pytest.fixture
def store(daemon: Daemon) -> Iterator[Books]:
    """What it stored."""
    with books(daemon.site) as opened:
        yield opened


def sudden_end(daemon: Daemon, when: Callable[[], bool], chance: random.Random) -> None:
    """Kill it a few random milliseconds after something has happened."""
    until(when, within=60, every=0.001, what="the moment to kill it")
    end = time.monotonic() + chance.uniform(0.0, 0.05)
    until(lambda: time.monotonic() >= end, every=0.001)
    daemon.kill()


def settled(store: Books, delivered: int) -> None:
    until(lambda: store.judged() >= delivered, within=60, what=f"{delivered} mails have their verdict")
    until(lambda: not store.busy(), within=60, what="the outbox is empty")


def nothing_was_lost_or_doubled(mails: list[Mail], daemon: Daemon, store: Books, sink: SmtpSink) -> None:
    """Each mail is stored once and each conversation answered once, or the delivery says that nobody knows."""
    assert mail_violations(mails, store, sink.accepted) == []
    assert len(store.references()) == Expected.of(mail.kind for mail in mails).conversations
    unproven = store.deliveries()["unknown"]
    commands = Commands(daemon.site)
    assert len(commands.json("outbox", "--state", "unknown")) == unproven
    assert commands.json("verify")["differences"] == []
    assert "Traceback" not in daemon.words()


def test_three_kills_in_a_row(
    daemon: Daemon, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """The second one before it has even started."""
    chance = random.Random(42)
    mails = list(build(MAILS, 42))
    daemon.start()
    dovecot.append_many(mailbox, (mail.raw for mail in mails))
    sudden_end(daemon, lambda: len(smtp_sink.accepted) >= 3, chance)
    leases = daemon.words().count("taken")
    daemon.start(wait=False)
    sudden_end(daemon, lambda: daemon.words().count("taken") > leases, chance)
    daemon.start(wait=False)
    sudden_end(daemon, lambda: len(smtp_sink.accepted) >= 9, chance)
    daemon.start(within=RECOVERY)
    settled(store, len(mails))
    nothing_was_lost_or_doubled(mails, daemon, store, smtp_sink)


def test_what_was_handed_over_without_an_answer_is_told_and_not_sent_again(
    daemon: Daemon, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    smtp_sink.hangs_at("dot")
    daemon.start()
    (new,) = build(1, 1)
    dovecot.deliver(mailbox, new.raw)
    smtp_sink.wait_for(1)
    until(lambda: store.count("SELECT count(*) FROM delivery WHERE state = 'sending'"), what="it waits for the answer")
    daemon.kill()
    daemon.start(within=RECOVERY)
    settled(store, 1)
    (line,) = Commands(daemon.site).json("outbox")
    assert line["state"] == "unknown"
    assert "may have arrived" in line["error"]
    assert Counter(one.message_id for one in smtp_sink.accepted).most_common(1)[0][1] == 1


def test_an_answer_that_a_customer_quotes_is_known_to_have_arrived(
    daemon: Daemon, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    smtp_sink.hangs_at("dot")
    daemon.start()
    (new,) = build(1, 3)
    dovecot.deliver(mailbox, new.raw)
    (sent,) = smtp_sink.wait_for(1)
    daemon.kill()
    daemon.start(within=RECOVERY)
    until(lambda: store.deliveries()["unknown"], what="nobody knows whether it arrived")
    dovecot.deliver(
        mailbox, new.raw.replace(b"Message-ID: <", f"In-Reply-To: {sent.message_id}\r\nMessage-ID: <b.".encode(), 1)
    )
    until(lambda: store.deliveries() == Counter(sent=1), what="the customer's answer is the proof")


def test_a_reply_that_is_killed_is_sent_once_or_not_at_all(
    daemon: Daemon, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    daemon.start()
    chance, seconds = random.Random(7), (0.3, 0.8, 1.1, 1.6)
    mails = [mail for mail in build(20, 7) if mail.kind is Kind.NEW][: len(seconds)]
    dovecot.append_many(mailbox, (mail.raw for mail in mails))
    smtp_sink.wait_for(len(mails))
    commands = Commands(daemon.site)
    assert commands("agents", "add", "sara").code == 0
    killed = [
        said_and_killed(daemon.site, most * chance.uniform(0.8, 1.2), reference)
        for most, reference in zip(seconds, store.references(), strict=True)
    ]
    for reference in store.references():
        again = commands("reply", reference, SENT, "--as", "sara", "--once", f"answer {reference}")
        assert again.code == 0, again.err
    smtp_sink.wait_for(2 * len(mails))
    settled(store, len(mails))
    replies = [one for one in smtp_sink.accepted if b"\r\nAuto-Submitted:" not in one.raw]
    answered = Counter(ids(read(one.raw)["References"])[-1] for one in replies)
    assert answered == {mail.message_id: 1 for mail in mails}, f"killed with {killed}"
    assert store.count("SELECT count(*) FROM message WHERE purpose = 'reply'") == len(mails)
    assert commands("verify").code == 0


def said_and_killed(root: Path, seconds: float, reference: str) -> int:
    """Kill a replying agent's command after so long; its exit code."""
    words = [
        "reply",
        reference,
        "Your order was sent today.",
        "--as",
        "sara",
        "--once",
        f"answer {reference}",
        "--site",
        str(root),
    ]
    talking = subprocess.Popen(
        [command(), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), cwd=root
    )
    try:
        return talking.wait(seconds)
    except subprocess.TimeoutExpired:
        talking.send_signal(signal.SIGKILL)
        return talking.wait(5)
