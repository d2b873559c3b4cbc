"""A mailbox that is opened for the first time and is not empty: left alone, stored silently, or answered, with a brake."""

import os
import re
from pathlib import Path

import pytest

from bench.workload import Kind, Mail, build
from tests.daemon.books import Books, books
from tests.daemon.commands import Commands
from tests.daemon.post import read
from tests.daemon.sites import MailChannel, Shed, imap, smtp
from tests.path.mail_house import letter
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

BRAKE = "[automatic]\nfirst_sync_acknowledgements = 3\n"
OLD = 6
BACKLOG = int(os.environ.get("BACKLOG", "1000"))
"""So many more lie in a large mailbox; `make nightly` takes 100,000."""


@pytest.fixture
def mails() -> list[Mail]:
    """Customers who write for the first time: the old ones, and then one more."""
    return [mail for mail in build(60, 9) if mail.kind is Kind.NEW][: OLD + 1]


@pytest.fixture(autouse=True)
def _old_mail(dovecot: Dovecot, mailbox: str, mails: list[Mail]) -> None:
    dovecot.append_many(mailbox, (mail.raw for mail in mails[:OLD]))


def opened(sites: Shed, dovecot: Dovecot, mailbox: str, sink: SmtpSink, first_sync: str, more: str = "") -> Daemon:
    """The daemon that opens the mailbox for the first time."""
    way_in = imap(dovecot.imap_port, mailbox, first_sync=first_sync)
    return sites.site(MailChannel(intake=way_in, outgoing=smtp(sink.port)), more=more).start()


def answered(sink: SmtpSink) -> list[str]:
    """The Message-IDs that the acknowledgements answer."""
    return [str(read(one.raw)["In-Reply-To"]) for one in sink.accepted]


def stored(root: Path) -> list[str]:
    """The Message-IDs of the messages in the store."""
    with books(root) as store:
        return list(store.inbound())


def all_judged(store: Books, count: int) -> None:
    until(lambda: store.judged() == count, what=f"{count} have their verdict")


@pytest.mark.parametrize("first_sync", ["new", "import", "answer"])
def test_old_mail_is_treated_as_ops_said_and_new_mail_is_answered(
    first_sync: str, sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, mails: list[Mail]
) -> None:
    daemon = opened(sites, dovecot, mailbox, smtp_sink, first_sync)
    dovecot.deliver(mailbox, mails[-1].raw)
    old, new = [mail.message_id for mail in mails[:OLD]], mails[-1].message_id
    smtp_sink.wait_for(OLD + 1 if first_sync == "answer" else 1)
    with books(daemon.site) as store:
        all_judged(store, 1 if first_sync == "new" else OLD + 1)
    assert sorted(answered(smtp_sink)) == sorted([*old, new] if first_sync == "answer" else [new])
    assert stored(daemon.site) == ([new] if first_sync == "new" else [*old, new])
    assert Commands(daemon.site)("verify").code == 0


@pytest.mark.parametrize("word", ["release", "silence"])
def test_too_many_acknowledgements_stop_until_a_person_has_decided(
    word: str, sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, mails: list[Mail]
) -> None:
    daemon = opened(sites, dovecot, mailbox, smtp_sink, "answer", more=BRAKE)
    until(lambda: "first-sync-brake" in daemon.words(), what="the brake is told of")
    dovecot.deliver(mailbox, mails[-1].raw)
    until(lambda: mails[-1].message_id in answered(smtp_sink), what="whoever writes now is answered")
    assert sorted(answered(smtp_sink)) == sorted(mail.message_id for mail in (*mails[:3], mails[-1]))
    with books(daemon.site) as store:
        assert store.verdicts() == {"accepted": 4, "pending": OLD - 3}

        decided = Commands(daemon.site)("channels", word, "support")
        assert decided.code == 0, decided.err
        all_judged(store, OLD + 1)
        until(lambda: not store.busy(), what="the outbox is empty")
    wanted = mails if word == "release" else [*mails[:3], mails[-1]]
    assert sorted(answered(smtp_sink)) == sorted(mail.message_id for mail in wanted)
    assert sorted(stored(daemon.site)) == sorted(mail.message_id for mail in mails)
    assert Commands(daemon.site)("verify").code == 0


def test_the_brake_holds_over_a_restart(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, mails: list[Mail]
) -> None:
    daemon = opened(sites, dovecot, mailbox, smtp_sink, "answer", more=BRAKE)
    until(lambda: "first-sync-brake" in daemon.words(), what="the brake is told of")
    smtp_sink.wait_for(3)
    daemon.kill()
    daemon.start()
    until(lambda: daemon.words().count("first-sync-brake") == 2, what="the brake is told of again")
    assert sorted(answered(smtp_sink)) == sorted(mail.message_id for mail in mails[:3])


def test_a8_a_large_mailbox_is_taken_in_small_batches_and_never_held_in_memory(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    dovecot.append_many(mailbox, (letter(number) for number in range(BACKLOG)))
    daemon = opened(sites, dovecot, mailbox, smtp_sink, "import")
    with books(daemon.site) as store:
        until(
            lambda: store.judged() == OLD + BACKLOG, within=60 + BACKLOG / 10, every=0.5, what="all have their verdict"
        )
        assert len(list(store.inbound())) == OLD + BACKLOG
    taken = [int(number) for number in re.findall(r'"arrivals": (\d+).*"event": "fetched"', daemon.words())]
    assert sum(taken) == OLD + BACKLOG
    assert max(taken) <= 400
    assert (held := peak(daemon)) <= 300, f"{held:.0f} MB"
    assert "Traceback" not in daemon.words()
    assert smtp_sink.accepted == []


def peak(daemon: Daemon) -> float:
    """The most that it ever held, in MB."""
    status = Path(f"/proc/{daemon.pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
