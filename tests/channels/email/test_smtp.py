"""Connections to an SMTP server: kept, counted, replaced and ended; verified TLS, and one try to log in."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.email.send import SmtpSender
from channels.email.smtp import IDLE_SECONDS
from inbox.domain.problems import Credentials, LockedOut, Unreachable
from inbox.ports.probe import silent
from inbox.testing import FakeClock, Stages
from tests.channels.email.handing import part
from tests.channels.email.sending import account, failing, hand_over, sender
from tests.rig.authority import Authority
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until_async


async def test_one_connection_carries_many_mails_and_is_closed_when_idle(sink: SmtpSink) -> None:
    clock = FakeClock()
    out = sender(sink, clock)
    for _ in range(5):
        await out.send(part(), Stages())
    assert sink.connections == 1
    await until_async(lambda: clock.sleepers == 1)
    goodbye = sink.refuses("QUIT", 221, "bye")
    clock.advance(timedelta(seconds=IDLE_SECONDS))
    await until_async(lambda: goodbye.hits == 1)
    await out.send(part(), Stages())
    assert sink.connections == 2
    await out.close()


async def test_no_more_connections_than_allowed(sink: SmtpSink) -> None:
    out = sender(sink, connections=2)
    await asyncio.gather(*(out.send(part(key=f"<{n}@example.org>"), Stages()) for n in range(12)))
    await out.close()
    assert sink.connections == 2
    assert len(sink.accepted) == 12


@pytest.mark.parametrize("rudely", [False, True])
async def test_an_idle_connection_that_the_server_ended_is_replaced_once(sink: SmtpSink, rudely: bool) -> None:
    out = sender(sink)
    await out.send(part(), Stages())
    sink.hang_up(rudely=rudely)
    await out.send(part(key="<k2@example.org>"), Stages())
    await out.close()
    assert [mail.message_id for mail in sink.accepted] == [None, None]
    assert sink.connections == 2


async def test_an_idle_connection_that_answers_421_is_replaced_once(sink: SmtpSink) -> None:
    out = sender(sink)
    await out.send(part(), Stages())
    sink.refuses("MAIL", 421)
    await out.send(part(), Stages())
    await out.close()
    assert len(sink.accepted) == 2


async def test_d9_a_goodbye_that_hangs_changes_nothing(sink: SmtpSink) -> None:
    sink.hangs_at("QUIT")
    receipt = await hand_over(sender(sink))
    assert receipt.note.startswith("250")


@pytest.mark.parametrize(("step", "code"), [("MAIL", 450), ("connect", 421), ("connect", 554), ("EHLO", 421)])
async def test_d10_what_is_said_before_any_recipient_concerns_the_whole_account(
    sink: SmtpSink, step: str, code: int
) -> None:
    sink.refuses(step, code, times=2)
    await failing(Unreachable, sender(sink))


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
async def test_d11_the_right_password_is_taken_and_the_wrong_one_stops_us_after_one_try(mechanism: str) -> None:
    sink = SmtpSink(accounts={"support": "right"}, mechanisms=(mechanism,)).start()

    async def right() -> str:
        return "right"

    async def wrong() -> str:
        return "wrong"

    try:
        await hand_over(sender(sink, user="support", secret=right))
        assert sink.accepted[0].login == "support"
        _, problem = await failing(LockedOut, sender(sink, user="support", secret=wrong))
        assert "535" in str(problem)
        assert 'wrong"' not in str(problem)
        assert sink.connections == 2
    finally:
        sink.close()


async def test_d11_an_oauth2_token_is_asked_anew_and_its_refusal_stops_us() -> None:
    sink = SmtpSink(accounts={"support": "token-2"}, mechanisms=("XOAUTH2",)).start()
    tokens = iter(["token-1", "token-2"])

    async def token() -> str:
        return next(tokens)

    try:
        out = sender(sink, user="support", secret=token, auth="xoauth2")
        with pytest.raises(LockedOut):
            await out.send(part(), Stages())
        await out.send(part(), Stages())
        await out.close()
        assert len(sink.accepted) == 1
    finally:
        sink.close()


async def test_d11_a_server_that_wants_a_login_we_do_not_have_stops_us() -> None:
    sink = SmtpSink(accounts={"support": "right"}).start()
    try:
        await failing(LockedOut, sender(sink))
    finally:
        sink.close()


async def test_d11_a_server_without_any_way_to_log_in_stops_us(sink: SmtpSink) -> None:
    async def secret() -> str:
        return "right"

    await failing(Credentials, sender(sink, user="support", secret=secret))


async def test_d11_implicit_tls_is_verified_against_the_named_authority(authority: Authority) -> None:
    sink = SmtpSink(tls=authority.issue().server_context()).start()
    try:
        await hand_over(sender(sink, tls="implicit", host="localhost", ca_file=authority.file))
        assert sink.accepted[0].encrypted
        _, problem = await failing(Unreachable, sender(sink, tls="implicit", host="localhost"))
        assert "smtp.certificate" in str(problem)
        assert len(sink.accepted) == 1
    finally:
        sink.close()


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_d11_a_certificate_for_another_name_gets_nothing(authority: Authority, tls: str) -> None:
    context = authority.issue("other.example").server_context()
    sink = (SmtpSink(tls=context) if tls == "implicit" else SmtpSink(starttls=context)).start()
    try:
        _, problem = await failing(Unreachable, sender(sink, tls=tls, host="localhost", ca_file=authority.file))
        assert "smtp.certificate" in str(problem)
        assert sink.accepted == []
    finally:
        sink.close()


async def test_d11_starttls_is_used_and_its_absence_is_never_borne(authority: Authority) -> None:
    sink = SmtpSink(starttls=authority.issue().server_context(), accounts={"support": "right"}).start()
    plain = SmtpSink().start()

    async def secret() -> str:
        return "right"

    try:
        more: dict[str, Any] = {
            "tls": "starttls",
            "host": "localhost",
            "ca_file": authority.file,
            "user": "support",
            "secret": secret,
        }
        await hand_over(sender(sink, **more))
        assert sink.accepted[0].encrypted
        _, problem = await failing(Unreachable, sender(plain, **more))
        assert "smtp.no_starttls" in str(problem)
        assert plain.accepted == []
    finally:
        sink.close()
        plain.close()


async def test_d11_an_unreadable_authority_needs_a_person(sink: SmtpSink, authority: Authority) -> None:
    await failing(Credentials, sender(sink, tls="implicit", ca_file=authority.folder / "none.pem"))


async def test_nobody_listens(sink: SmtpSink) -> None:
    out = SmtpSender(replace(account(sink), port=free_port()), FakeClock(), silent)
    with pytest.raises(Unreachable):
        await out.open()


async def test_a_send_that_is_cancelled_does_not_leave_its_connection_to_others(sink: SmtpSink) -> None:
    sink.hangs_at("RCPT")
    out = sender(sink)
    task = asyncio.create_task(out.send(part(), Stages()))
    await until_async(lambda: sink.connections == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await out.send(part(), Stages())
    await out.close()
    assert len(sink.accepted) == 1


async def test_closing_twice_and_before_opening(sink: SmtpSink) -> None:
    out = sender(sink)
    await out.close()
    await out.open()
    await out.close()
    await out.close()
