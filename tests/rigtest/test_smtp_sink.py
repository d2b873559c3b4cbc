"""The SMTP sink takes mail like a real server, records it, and fails exactly where it is told to."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import aiosmtplib
import pytest

from tests.rig.authority import Authority
from tests.rig.smtp_sink import SmtpSink, read_ledger
from tests.rig.wait import until

MAIL = b"Message-ID: <a@example.org>\r\nSubject: x\r\n\r\n.leading dot\r\n..two\r\nlast\r\n"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    made = SmtpSink(tmp_path).start()
    yield made
    made.close()


def send(sink: SmtpSink, *recipients: str, mail: bytes = MAIL) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(sink.host, sink.port, timeout=60) as client:
        return client.sendmail("from@example.org", list(recipients) or ["to@example.org"], mail)


def test_a_mail_is_kept_byte_for_byte_and_listed(sink: SmtpSink) -> None:
    send(sink, "to@example.org", "also@example.org")
    [mail] = sink.wait_for(1)
    assert mail.raw == MAIL
    assert (mail.message_id, mail.sender, mail.size) == ("<a@example.org>", "from@example.org", len(MAIL))
    assert mail.recipients == ["to@example.org", "also@example.org"]
    assert list(read_ledger(sink.ledger)) == [mail]


@pytest.mark.parametrize("body", [b"", b"\r\n", b".\r\n", b"x" * 3_000_000 + b"\r\n"])
def test_odd_bodies_arrive_unchanged(sink: SmtpSink, body: bytes) -> None:
    send(sink, mail=body)
    assert sink.wait_for(1)[0].raw == (body or b"\r\n")  # smtplib ends an empty body with a line end


def test_the_ledger_goes_on_after_a_restart_on_the_same_port(sink: SmtpSink) -> None:
    port = sink.port
    send(sink)
    sink.stop()
    with pytest.raises(ConnectionRefusedError):
        send(sink)
    sink.start()
    send(sink)
    assert sink.port == port
    assert [mail.number for mail in read_ledger(sink.ledger)] == [1, 2]


def test_one_recipient_is_refused_once(sink: SmtpSink) -> None:
    fault = sink.refuses("RCPT", 452, "full", address="b@example.org")
    assert send(sink, "a@example.org", "b@example.org") == {"b@example.org": (452, b"4.0.0 full")}
    assert send(sink, "a@example.org", "b@example.org") == {}
    assert fault.hits == 1
    assert [mail.recipients for mail in sink.accepted] == [["a@example.org"], ["a@example.org", "b@example.org"]]


@pytest.mark.parametrize(("stage", "error"), [("MAIL", smtplib.SMTPSenderRefused), ("dot", smtplib.SMTPDataError)])
def test_a_refused_mail_is_not_taken(sink: SmtpSink, stage: str, error: type[Exception]) -> None:
    sink.refuses(stage, 451, skip=1)
    send(sink)
    with pytest.raises(error):
        send(sink)
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("rudely", [False, True])
@pytest.mark.parametrize("stage", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
def test_hanging_up_early_takes_nothing(sink: SmtpSink, stage: str, rudely: bool) -> None:
    sink.drops_after(stage, rudely=rudely)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink)
    assert sink.accepted == []
    send(sink)
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("order", [SmtpSink.drops_after, SmtpSink.hangs_at])
@pytest.mark.parametrize("accepted", [False, True])
def test_after_the_dot_silence_and_hanging_up_may_hide_an_acceptance(
    sink: SmtpSink, order: Callable[..., object], accepted: bool
) -> None:
    order(sink, "dot", accepted=accepted)
    with (
        pytest.raises((smtplib.SMTPServerDisconnected, TimeoutError)),
        smtplib.SMTP(sink.host, sink.port, timeout=0.3) as client,
    ):
        client.sendmail("from@example.org", ["to@example.org"], MAIL)
    assert len(sink.accepted) == accepted


async def test_garbage_after_the_dot_is_seen_by_the_client_of_the_house(sink: SmtpSink) -> None:
    sink.garbage_after_dot()
    async with aiosmtplib.SMTP(hostname=sink.host, port=sink.port, timeout=60) as client:
        with pytest.raises(aiosmtplib.SMTPResponseException):
            await client.sendmail("from@example.org", ["to@example.org"], MAIL)
    assert len(sink.accepted) == 1


def test_a_silence_can_be_released(sink: SmtpSink) -> None:
    fault = sink.hangs_at("DATA")
    sink.refuses("connect", 421, "busy", skip=1)
    client = smtplib.SMTP(sink.host, sink.port, timeout=60)
    client.mail("from@example.org")
    client.rcpt("to@example.org")
    client.putcmd("data")
    until(lambda: fault.hits)
    fault.release()
    assert client.getreply()[0] == 354
    client.close()
    with pytest.raises(smtplib.SMTPConnectError):
        send(sink)


def test_greylisting_refuses_a_pair_once(sink: SmtpSink) -> None:
    sink.greylists()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(sink)
    assert send(sink) == {}


def test_extensions_that_are_not_announced_are_refused(tmp_path: Path) -> None:
    plain = SmtpSink(tmp_path, extensions=["SIZE 1000"]).start()
    with smtplib.SMTP(plain.host, plain.port, timeout=60) as client:
        client.ehlo()
        assert set(client.esmtp_features) == {"size"}
        assert client.docmd("MAIL FROM:<a@example.org> BODY=8BITMIME")[0] == 555
        assert client.docmd("MAIL FROM:<a@example.org> SIZE=1001")[0] == 552
        assert client.docmd("MAIL FROM:<a@example.org> SIZE=1000")[0] == 250
    plain.close()


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_starttls_then_a_login(authority: Authority, tmp_path: Path, mechanism: str) -> None:
    context = authority.issue().server_context()
    sink = SmtpSink(tmp_path, starttls=context, accounts={"me": "secret"}, mechanisms=[mechanism]).start()
    with smtplib.SMTP("localhost", sink.port, timeout=60) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        client.starttls(context=authority.client_context())
        with pytest.raises(smtplib.SMTPSenderRefused, match="log in first"):
            client.sendmail("from@example.org", ["to@example.org"], MAIL)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("me", "wrong")
        client.login("me", "secret")
        client.sendmail("from@example.org", ["to@example.org"], MAIL * 20_000)
    assert (sink.accepted[0].login, sink.accepted[0].encrypted) == ("me", True)
    assert sink.accepted[0].raw == MAIL * 20_000
    sink.close()


async def test_implicit_tls_with_a_token(authority: Authority, tmp_path: Path) -> None:
    sink = SmtpSink(tmp_path, tls=authority.issue().server_context(), accounts={"me": "token"}).start()
    trusting = authority.client_context()
    async with aiosmtplib.SMTP(hostname="localhost", port=sink.port, use_tls=True, tls_context=trusting) as client:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await client.auth_xoauth2("me", "stale")
        await client.auth_xoauth2("me", "token")
        await client.sendmail("from@example.org", ["to@example.org"], MAIL)
    with pytest.raises(ssl.SSLCertVerificationError):
        smtplib.SMTP_SSL("localhost", sink.port, context=ssl.create_default_context(), timeout=60)
    sink.close()
    assert sink.accepted[0].login == "me"
