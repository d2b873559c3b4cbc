"""Webhooks of a running daemon: a mail that came is told, signed; what was not heard is told again, also by the daemon after a crash."""

from collections.abc import Iterator

import pytest

from bench.workload import Kind, build
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, imap
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.wait import until
from tests.rig.webhook_receiver import Receiver, served

ALLOWED = '[webhooks]\nallow = ["127.0.0.1"]\n'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that listens."""
    with served() as made:
        yield made


@pytest.fixture
def daemon(sites: Shed, dovecot: Dovecot, mailbox: str) -> Daemon:
    """It fetches from the mailbox, and may tell programs on this machine."""
    way_in = imap(dovecot.imap_port, mailbox)
    return sites.site(MailChannel(intake=way_in), more=UNBRAKED + ALLOWED).start()


def test_a_mail_that_came_is_told_and_what_was_not_heard_is_told_again_after_a_crash(
    daemon: Daemon, receiver: Receiver, dovecot: Dovecot, mailbox: str
) -> None:
    added = daemon.cli("webhooks", "add", "erp", receiver.url, "--event", "received", "--format", "json")
    secret = added.json()["secret"]
    receiver.answers = [(500, {})]
    new = (mail for mail in build(20, 5) if mail.kind is Kind.NEW)
    dovecot.deliver(mailbox, next(new).raw)
    until(lambda: receiver.ledger, what="the first try")
    until(lambda: calls(daemon)[0]["attempts"] == 1, what="its outcome")
    daemon.kill()
    daemon.start()
    until(lambda: len(receiver.ledger) > 1, what="the second try")
    assert {one.key for one in receiver.ledger} == {receiver.ledger[0].key}
    assert all(one.signed_by(secret) for one in receiver.ledger)
    told = receiver.ledger[-1].told
    [row] = daemon.cli("list", "--format", "json").json()
    assert told["type"] == "conversation.received"
    assert told["data"]["conversation"]["reference"] == row["reference"]
    until(lambda: calls(daemon)[0]["state"] == "sent", what="that it was heard")


def calls(daemon: Daemon) -> list[dict[str, object]]:
    """As the command lists them."""
    found: list[dict[str, object]] = daemon.cli("webhooks", "calls", "erp", "--format", "json").json()
    return found
