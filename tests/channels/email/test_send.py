"""Handing a mail to an SMTP server: what each answer, silence and cut means, and that it is known before the dot."""

from dataclasses import replace

import pytest

from channels.email.send import SmtpSender
from channels.email.smtp_account import Patience
from inbox.domain.problems import Gone, Permanent, Problem, Temporary, Unreachable
from inbox.ports.channel import HANDED, Unconfirmed
from inbox.ports.probe import silent
from inbox.testing import FakeClock, Stages
from tests.channels.email.handing import part
from tests.channels.email.sending import account, failing, hand_over, sender
from tests.rig.proxy import FaultProxy
from tests.rig.smtp_sink import SmtpSink


async def test_a_mail_arrives_byte_for_byte_and_the_receipt_says_what_the_server_said(sink: SmtpSink) -> None:
    stages, sent = Stages(), part()
    out = sender(sink)
    receipt = await out.send(sent, stages)
    await out.close()
    assert receipt.keys == (sent.key,)
    assert receipt.refused == ()
    assert receipt.note.startswith("250 2.0.0 taken")
    assert stages == [HANDED]
    assert sink.accepted[0].raw == sent.body
    assert sink.accepted[0].sender == "support@example.org"


async def test_the_stage_is_durable_before_the_server_can_have_the_mail(sink: SmtpSink) -> None:
    seen: list[int] = []
    stages = Stages(lambda: seen.append(len(sink.accepted)))
    await hand_over(sender(sink), stages)
    assert seen == [0]
    assert len(sink.accepted) == 1


async def test_a_stage_that_cannot_be_written_keeps_the_dot_back(sink: SmtpSink) -> None:
    def full() -> None:
        raise OSError("disk full")

    out = sender(sink)
    with pytest.raises(OSError, match="disk full"):
        await out.send(part(), Stages(full))
    await out.send(part(), Stages())
    await out.close()
    assert len(sink.accepted) == 1


POINTS = ("out.connected", "out.data_sent", "out.stage_dot_committed", "out.dot_sent", "out.got_250")


@pytest.mark.parametrize("fatal", POINTS)
async def test_d1_where_the_stage_is_missing_the_server_cannot_have_the_mail(sink: SmtpSink, fatal: str) -> None:
    class Killed(BaseException):
        pass

    def kill(point: str) -> None:
        if point == fatal:
            raise Killed

    out, stages = SmtpSender(account(sink), FakeClock(), kill), Stages()
    with pytest.raises(Killed):
        await out.send(part(), stages)
    handed = POINTS.index(fatal) >= POINTS.index("out.stage_dot_committed")
    assert list(stages) == ([HANDED] if handed else [])
    await hand_over(sender(sink), key="<other@example.org>")
    assert len(sink.accepted) == 1 or handed


async def test_d2_no_answer_after_the_dot_is_unconfirmed(sink: SmtpSink) -> None:
    sink.hangs_at("dot")
    patient = Patience(connect=5, command=5, after_dot=0.2, quit=0.2)
    stages, _ = await failing(Unconfirmed, sender(sink, patience=patient))
    assert stages == [HANDED]


@pytest.mark.parametrize("rudely", [False, True])
@pytest.mark.parametrize("accepted", [False, True])
async def test_d3_a_cut_after_the_dot_is_unconfirmed_whatever_the_server_did(
    sink: SmtpSink, rudely: bool, accepted: bool
) -> None:
    sink.drops_after("dot", rudely=rudely, accepted=accepted)
    stages, _ = await failing(Unconfirmed, sender(sink))
    assert stages == [HANDED]


async def test_d4_a_reset_in_the_middle_of_the_body_is_certainly_not_accepted(sink: SmtpSink) -> None:
    proxy = FaultProxy(sink.port).start()
    try:
        proxy.cut_after(2_000_000, "up", rudely=True)
        out = SmtpSender(replace(account(sink), port=proxy.port), FakeClock(), silent)
        stages = Stages()
        more_than_sockets_hold = b"\r\n" * 15_000_000
        with pytest.raises(Unreachable):
            await out.send(part(body=b"Subject: x\r\n\r\n" + b"x" * 70 + more_than_sockets_hold), stages)
        await out.close()
        assert stages == []
        assert sink.accepted == []
    finally:
        proxy.close()


@pytest.mark.parametrize("step", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("rudely", [False, True])
async def test_d4_a_drop_before_the_dot_is_certainly_not_accepted(sink: SmtpSink, step: str, rudely: bool) -> None:
    sink.drops_after(step, rudely=rudely, times=2)
    stages, _ = await failing(Unreachable, sender(sink))
    assert stages == []
    assert sink.accepted == []


@pytest.mark.parametrize("step", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
async def test_d4_silence_before_the_dot_is_certainly_not_accepted(sink: SmtpSink, step: str) -> None:
    sink.hangs_at(step, times=2)
    impatient = Patience(connect=0.2, command=0.2, after_dot=5, quit=0.1)
    stages, _ = await failing(Unreachable, sender(sink, patience=impatient))
    assert stages == []


async def test_d5_a_4xx_after_the_dot_is_a_clear_no_for_now(sink: SmtpSink) -> None:
    sink.refuses("dot", 451)
    stages, _ = await failing(Temporary, sender(sink))
    assert stages == [HANDED]


async def test_d5_421_after_the_dot_lets_the_whole_account_wait(sink: SmtpSink) -> None:
    sink.refuses("dot", 421)
    await failing(Unreachable, sender(sink))


async def test_d5_a_4xx_to_the_only_recipient_is_temporary(sink: SmtpSink) -> None:
    sink.refuses("RCPT", 451)
    stages, _ = await failing(Temporary, sender(sink))
    assert stages == []


async def test_d6_one_recipient_of_three_is_refused_and_the_others_get_the_mail(sink: SmtpSink) -> None:
    sink.refuses("RCPT", 550, "no such user", address="b@example.net")
    out = sender(sink)
    receipt = await out.send(part("a@example.net", "b@example.net", "c@example.net"), Stages())
    await out.close()
    assert [(one.recipient, one.code, one.permanent) for one in receipt.refused] == [("b@example.net", "5.0.0", True)]
    assert sink.accepted[0].recipients == ["a@example.net", "c@example.net"]


async def test_d6_all_refused_for_good_is_permanent_and_one_maybe_makes_it_temporary(sink: SmtpSink) -> None:
    sink.refuses("RCPT", 550, times=2)
    stages, _ = await failing(Permanent, sender(sink), "a@example.net", "b@example.net")
    assert stages == []
    sink.refuses("RCPT", 550)
    sink.refuses("RCPT", 451)
    await failing(Temporary, sender(sink), "a@example.net", "b@example.net")


@pytest.mark.parametrize(
    ("status", "kind"),
    [("5.1.1", Gone), ("5.1.10", Gone), ("5.7.1", Permanent), ("5.2.2", Permanent), ("5.0.0", Permanent)],
)
async def test_a_mailbox_that_is_not_there_is_gone_and_one_that_will_not_have_this_mail_is_not(
    sink: SmtpSink, status: str, kind: type[Problem]
) -> None:
    sink.refuses("RCPT", 550, "no", status=status)
    await failing(kind, sender(sink))


@pytest.mark.parametrize("step", ["MAIL", "DATA", "dot"])
async def test_d7_a_5xx_is_permanent(sink: SmtpSink, step: str) -> None:
    sink.refuses(step, 552, "too large for us")
    _, problem = await failing(Permanent, sender(sink))
    assert "552 5.0.0 too large for us" in str(problem)


async def test_d7_after_a_refusal_the_connection_carries_the_next_mail(sink: SmtpSink) -> None:
    out = sender(sink)
    for step in ("MAIL", "RCPT", "DATA", "dot"):
        sink.refuses(step, 554)
        with pytest.raises(Permanent):
            await out.send(part(), Stages())
        await out.send(part(), Stages())
    await out.close()
    assert (sink.connections, len(sink.accepted)) == (1, 4)


@pytest.mark.parametrize(
    "garbage", [b"\xff\x00 no such reply", b"25", b"250-half of a list", b"HTTP/1.1 200 OK", b"354 more?"]
)
async def test_d8_garbage_after_the_dot_is_unconfirmed(sink: SmtpSink, garbage: bytes) -> None:
    sink.garbage_after_dot(garbage)
    impatient = Patience(connect=5, command=5, after_dot=0.5, quit=0.1)
    await failing(Unconfirmed, sender(sink, patience=impatient))


async def test_d8_a_nonsense_code_before_the_dot_is_certainly_not_accepted(sink: SmtpSink) -> None:
    sink.refuses("DATA", 250)
    stages, _ = await failing(Unreachable, sender(sink))
    assert stages == []


async def test_d10_greylisting_is_temporary_and_the_second_try_goes_through(sink: SmtpSink) -> None:
    sink.greylists()
    out = sender(sink)
    with pytest.raises(Temporary) as caught:
        await out.send(part(), Stages())
    assert type(caught.value) is Temporary
    await out.send(part(), Stages())
    await out.close()
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
async def test_d10_a_server_that_takes_no_more_of_us_for_now_lets_the_whole_account_wait(
    sink: SmtpSink, step: str
) -> None:
    sink.refuses(step, 450, "Error: too much mail from 192.0.2.1", status="4.7.1")
    await failing(Unreachable, sender(sink))


@pytest.mark.parametrize("words", ["Greylisted, see https://x", "Recipient address rejected: Grey-listing in effect"])
async def test_d10_who_is_greylisted_waits_alone(sink: SmtpSink, words: str) -> None:
    sink.refuses("RCPT", 450, words, status="4.7.1")
    _, problem = await failing(Temporary, sender(sink))
    assert type(problem) is Temporary


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
async def test_d10_a_daily_quota_is_no_proof_against_the_mail(sink: SmtpSink, step: str) -> None:
    sink.refuses(step, 550, "5.4.5 Daily user sending quota exceeded")
    await failing(Unreachable, sender(sink))


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a b@example.net", "a@", "@b", "a>@example.net", "a\r\nRCPT TO:<x@y>@example.net", "a@" + "b" * 300],
)
async def test_d17_an_impossible_recipient_fails_before_anybody_is_called(sink: SmtpSink, address: str) -> None:
    out = sender(sink)
    with pytest.raises(Permanent):
        await out.send(part("ali@example.net", address), Stages())
    assert sink.connections == 0


async def test_d17_a_persian_domain_is_written_in_ascii(sink: SmtpSink) -> None:
    out = sender(sink)
    await out.send(part("ali@مثال.آزمایشی"), Stages())
    await out.close()
    assert sink.accepted[0].recipients == ["ali@xn--fgbtb6a26a.ir"] or sink.accepted[0].recipients[0].startswith(
        "ali@xn--"
    )


async def test_d17_a_persian_local_part_needs_smtputf8() -> None:
    with_it, without = SmtpSink().start(), SmtpSink(extensions=("8BITMIME",)).start()
    try:
        out = sender(with_it)
        await out.send(part("علی@example.net"), Stages())
        await out.close()
        assert with_it.accepted[0].recipients == ["علی@example.net"]
        assert "SMTPUTF8" in with_it.accepted[0].parameters
        await failing(Permanent, sender(without), "علی@example.net")
        out = sender(without)
        receipt = await out.send(part("علی@example.net", "ali@example.net"), Stages())
        await out.close()
        assert [one.recipient for one in receipt.refused] == ["علی@example.net"]
        assert without.accepted[0].recipients == ["ali@example.net"]
    finally:
        with_it.close()
        without.close()


async def test_a_mail_beyond_the_servers_size_is_not_even_begun() -> None:
    sink = SmtpSink(extensions=("SIZE 1000",)).start()
    try:
        out = sender(sink)
        with pytest.raises(Permanent, match=r"smtp\.too_large"):
            await out.send(part(body=b"x" * 2000 + b"\r\n"), Stages())
        await out.close()
    finally:
        sink.close()


DOTS = b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\nx\r\n.\r\nRSET\r\n\r\n"


@pytest.mark.parametrize("body", [DOTS, b".\r\n", b".first\r\n", b"\r\n", b"\r\n.\r\n", b"a\r\n" * 300_000])
async def test_d21_bodies_with_dots_arrive_as_they_were(sink: SmtpSink, body: bytes) -> None:
    out = sender(sink)
    await out.send(part(body=body), Stages())
    await out.close()
    assert sink.accepted[0].raw == body


@pytest.mark.parametrize("body", [b"a\n.\nb\r\n", b"a\r.\r\n", b"a\r\n.\r\r\n", b"\n"])
async def test_d21_bare_line_ends_never_reach_the_wire(sink: SmtpSink, body: bytes) -> None:
    out = sender(sink)
    with pytest.raises(Permanent, match=r"email\.bare_line_ending"):
        await out.send(part(body=body), Stages())
    assert sink.connections == 0
