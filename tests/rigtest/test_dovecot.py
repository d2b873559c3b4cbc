"""The private Dovecot is a real IMAP and LMTP server with the switches that the tests need."""

import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.rig.authority import Authority
from tests.rig.dovecot import PASSWORD, Dovecot


@contextmanager
def imap(dovecot: Dovecot, user: str) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port, timeout=60) as client:
        client.login(user, PASSWORD)
        yield client


def uidvalidity(client: imaplib.IMAP4) -> bytes:
    client.select()
    return bytes(client.response("UIDVALIDITY")[1][0])


def test_mail_put_into_the_maildir_and_over_lmtp_is_there_in_order(dovecot: Dovecot, mailbox: str) -> None:
    assert dovecot.append_many(mailbox, [b"Subject: %d\r\n\r\n" % number for number in range(12)]) == 12
    with imap(dovecot, mailbox) as client:
        uidvalidity(client)
        dovecot.deliver_lmtp(mailbox.replace("@", "+detail@"), b"Subject: last\r\n\r\n")
        client.noop()
        _, found = client.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    subjects = [part[1].strip() for part in found if isinstance(part, tuple)]
    assert subjects == [b"Subject: %d" % number for number in range(12)] + [b"Subject: last"]
    assert len(dovecot.mails(mailbox)) == 13


def test_the_date_of_arrival_can_be_given(dovecot: Dovecot, mailbox: str) -> None:
    dovecot.deliver(mailbox, b"Subject: old\r\n\r\n", at=datetime(2020, 5, 4, tzinfo=UTC))
    with imap(dovecot, mailbox) as client:
        client.select()
        assert "04-May-2020 00:00:00 +0000" in str(client.fetch("1", "(INTERNALDATE)"))


def test_tls_is_verified_and_a_wrong_password_refused_at_once(dovecot: Dovecot, authority: Authority) -> None:
    trusting = authority.client_context()
    with imaplib.IMAP4_SSL("localhost", dovecot.imaps_port, ssl_context=trusting, timeout=60) as client:
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            client.login("somebody@example.org", "wrong")
        token = b"user=somebody@example.org\1auth=Bearer secret\1\1"
        assert client.authenticate("XOAUTH2", lambda _: token)[0] == "OK"
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL("localhost", dovecot.imaps_port, ssl_context=ssl.create_default_context(), timeout=60)


def test_a_kick_cuts_the_connection(dovecot: Dovecot, mailbox: str) -> None:
    dovecot.kick(mailbox)
    client = imaplib.IMAP4(dovecot.host, dovecot.imap_port, timeout=60)
    client.login(mailbox, PASSWORD)
    dovecot.kick(mailbox)
    with pytest.raises(imaplib.IMAP4.abort):
        client.noop()
    client.shutdown()


def test_a_new_uidvalidity_counts_from_one_again(dovecot: Dovecot, mailbox: str) -> None:
    dovecot.append_many(mailbox, [b"Subject: a\r\n\r\n", b"Subject: b\r\n\r\n"])
    with imap(dovecot, mailbox) as client:
        before = uidvalidity(client)
    dovecot.reset_uidvalidity(mailbox)
    with imap(dovecot, mailbox) as client:
        assert uidvalidity(client) > before
        assert client.uid("SEARCH", "ALL")[1] == [b"1 2"]


def test_a_server_without_idle_keeps_its_mail_and_ports_over_a_restart(authority: Authority) -> None:
    plain = Dovecot(authority, without=["IDLE", "MOVE"]).start()
    try:
        with imap(plain, "a@example.org") as client:
            assert {"IDLE", "MOVE"}.isdisjoint(client.capability()[1][0].decode().split())
        plain.deliver_lmtp("a@example.org", b"Subject: kept\r\n\r\n")
        port = plain.imap_port
        plain.stop()
        with pytest.raises(OSError, match="refused"):
            smtplib.LMTP(plain.host, plain.lmtp_port)
        plain.start()
        assert plain.imap_port == port
        assert len(plain.mails("a@example.org")) == 1
    finally:
        plain.close()
