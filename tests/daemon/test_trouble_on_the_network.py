"""Servers that refuse, vanish and come back: told in a sentence, mail waits, the other channels go on."""

import smtplib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.workload import Kind, Mail, build
from tests.daemon.books import Books, books
from tests.daemon.commands import Commands
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, imap, listener, smtp
from tests.rig.authority import Authority
from tests.rig.daemon import Daemon
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.loopback import free_port
from tests.rig.proxy import FaultProxy
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

SOON = UNBRAKED + '[outbox]\nretry_first = "1 second"\nretry_last = "2 seconds"\n'


def new_mails(count: int) -> list[Mail]:
    """So many customers who write for the first time."""
    return [mail for mail in build(2 * count + 10, 11) if mail.kind is Kind.NEW][:count]


def channel(daemon: Daemon, name: str) -> dict[str, str]:
    """What `inbox channels` says of one."""
    found: list[dict[str, str]] = Commands(daemon.site).json("channels")
    return next(one for one in found if one["name"] == name)


def until_state(daemon: Daemon, name: str, state: str) -> str:
    """Wait until a channel is in a state; the sentence beside it."""
    until(lambda: channel(daemon, name)["state"] == state, every=0.2, what=f"{name} is {state}")
    return channel(daemon, name)["problem"]


def outbox(daemon: Daemon) -> list[dict[str, str]]:
    """What `inbox outbox` says."""
    found: list[dict[str, str]] = Commands(daemon.site).json("outbox")
    return found


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[FaultProxy]:
    """The way to Dovecot."""
    with closing(FaultProxy(dovecot.imap_port).start()) as made:
        yield made


def test_a_wrong_password_locks_one_channel_out_and_the_other_works(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("wrong\n")
    other = f"other-{mailbox}"
    wrong = imap(dovecot.imap_port, mailbox, secret=f'{{ file = "{secret}" }}')
    right = imap(dovecot.imap_port, other)
    way_out = smtp(smtp_sink.port)
    daemon = sites.site(
        MailChannel("sales", "sales@desk.test", wrong, way_out), MailChannel(intake=right, outgoing=way_out)
    )
    daemon.start()
    told = until_state(daemon, "sales", "locked-out")
    assert mailbox in told
    assert "refused the login" in told
    assert "Correct the user name and the password" in told
    assert channel(daemon, "support")["state"] == "connected"
    waiting, working = new_mails(2)
    dovecot.deliver(other, working.raw)
    smtp_sink.wait_for(1)

    secret.write_text(f"{PASSWORD}\n")
    assert daemon.stop() == 0
    daemon.start()
    until_state(daemon, "sales", "connected")
    dovecot.deliver(mailbox, waiting.raw)
    smtp_sink.wait_for(2)
    assert daemon.words().count("locked-out") == 1, "it was tried again, and may have locked the account"


def test_a_mailbox_that_vanishes_is_fetched_from_as_soon_as_it_is_back(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, proxy: FaultProxy
) -> None:
    daemon = sites.site(MailChannel(intake=imap(proxy.port, mailbox), outgoing=smtp(smtp_sink.port)))
    daemon.start()
    proxy.stop()
    told = until_state(daemon, "support", "backing-off")
    assert "127.0.0.1" in told
    assert "again by itself" in told
    mails = new_mails(3)
    dovecot.append_many(mailbox, (mail.raw for mail in mails))
    proxy.start()
    smtp_sink.wait_for(3)
    assert channel(daemon, "support")["state"] == "connected"
    with books(daemon.site) as store:
        assert set(store.inbound()) == {mail.message_id for mail in mails}
    assert "Traceback" not in daemon.words()


def test_a_mailbox_that_is_not_there_at_the_start_keeps_nobody_from_starting(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, proxy: FaultProxy
) -> None:
    proxy.stop()
    daemon = sites.site(MailChannel(intake=imap(proxy.port, mailbox), outgoing=smtp(smtp_sink.port)))
    daemon.start(wait=False)
    until(lambda: "is running" in daemon.words(), what="the daemon tells where to look")
    assert [daemon.get(page)[0] for page in ("/readyz", "/healthz")] == [200, 200], "a dead network takes no page away"
    assert "could not be reached" in until_state(daemon, "support", "backing-off")
    proxy.start()
    until_state(daemon, "support", "connected")
    dovecot.deliver(mailbox, new_mails(1)[0].raw)
    smtp_sink.wait_for(1)


def test_mail_waits_for_a_server_that_is_away_and_goes_out_once(sites: Shed, smtp_sink: SmtpSink) -> None:
    port = free_port()
    daemon = sites.site(MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port)), more=SOON)
    daemon.start()
    smtp_sink.stop()
    hand_over(port, 5)
    until(lambda: len(outbox(daemon)) == 5 and any(line["error"] for line in outbox(daemon)), every=0.2)
    told = next(line["error"] for line in outbox(daemon) if line["error"])
    assert "could not be reached" in told
    assert "again by itself" in told
    smtp_sink.start()
    smtp_sink.wait_for(5)
    with books(daemon.site) as store:
        until(lambda: store.deliveries() == {"sent": 5})
    assert len(smtp_sink.accepted) == 5


def test_a_login_that_is_refused_is_tried_once_while_mail_waits(
    sites: Shed, authority: Authority, tmp_path: Path
) -> None:
    port = free_port()
    with closing(SmtpSink(tmp_path / "strict", accounts={"support": "another secret"}).start()) as strict:
        daemon = sites.site(MailChannel(intake=listener(port), outgoing=smtp(strict.port, user="support")), more=SOON)
        daemon.start()
        hand_over(port, 6)
        with books(daemon.site) as store:
            until(lambda: refusals(store), what="the refusal is stored")
            until(lambda: store.deliveries()["queued"] == 6, what="all are received")
            until(lambda: not store.deliveries()["sending"], what="nothing is tried any more")
        lines = outbox(daemon)
        assert [line["state"] for line in lines] == ["queued"] * 6
        told = next(line["error"] for line in lines if line["error"])
        assert "refused our login" in told
        assert "Correct `user` and the password" in told
        hand_over(port, 1, skip=6)
        assert strict.connections <= 2, "more than the two that may be on their way at the same time"


def refusals(store: Books) -> int:
    """Deliveries that were told why they wait."""
    return store.count("SELECT count(*) FROM delivery WHERE error <> ''")


def hand_over(port: int, count: int, skip: int = 0) -> None:
    """Some customers' mails, by SMTP."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="customer.test") as client:
        for mail in new_mails(count + skip)[skip:]:
            client.sendmail("customer@customer.test", ["support@desk.test"], mail.raw)
