"""Mail that is handed to us: whom we take it for, when we agree to it, and what a busy or bad client gets."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from channels.email.listen import MOST_ITEMS, MailListener
from channels.email.options import ListenOptions
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import Temporary, Unreachable
from inbox.ports.channel import Batch
from inbox.ports.probe import silent
from inbox.testing import FakeClock
from tests.rig.wait import until_async

MAIL = b"From: ali@example.net\r\nSubject: hello\r\n\r\nhow are you?\r\n"
ADDRESSES = ("support@example.org", "billing@example.org")


class House:
    """Stores what the listener brings, or refuses; remembers the batches."""

    def __init__(self, listener: MailListener) -> None:
        self.listener = listener
        self.batches: list[Batch] = []
        self.refusing = False
        self.store: Callable[[Batch], None] = lambda batch: None
        self.gate = asyncio.Event()
        self.gate.set()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async for batch in self.listener.fetch(None):
            self.batches.append(batch)
            await self.gate.wait()
            self.store(batch)
            if self.refusing:
                await self.listener.refuse(batch, Temporary("store.full"))
            else:
                await self.listener.confirm(batch)

    @property
    def mails(self) -> list[bytes]:
        return [item.raw for batch in self.batches for item in batch.items if isinstance(item.raw, bytes)]

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.listener.close()


Houses = Callable[..., Any]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Houses]:
    made: list[House] = []

    async def make(**options: Any) -> House:
        listening = ListenOptions(address="127.0.0.1:0", **options)
        listener = MailListener(listening, ADDRESSES, tmp_path / "spool", FakeClock(), silent)
        await listener.open()
        made.append(House(listener))
        return made[-1]

    yield make
    for one in made:
        await one.end()


def submit(
    port: int, *to: str, mail: bytes = MAIL, sender: str = "ali@example.net", lmtp: bool = False
) -> dict[str, Any]:
    kind = smtplib.LMTP if lmtp else smtplib.SMTP
    with kind("127.0.0.1", port, local_hostname="client.example.net") as client:
        return client.sendmail(sender, list(to) or ["support@example.org"], mail)


async def dialogue(port: int, *lines: bytes, answers: int) -> list[bytes]:
    """Say lines at once and read that many answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(lines))
    heard = [await asyncio.wait_for(reader.readline(), 25) for _ in range(answers)]
    writer.close()
    await writer.wait_closed()
    return heard


async def test_a_mail_is_taken_with_its_envelope_as_trace_headers_in_front(house: Houses) -> None:
    there = await house()
    await asyncio.to_thread(submit, there.listener.port, "support@example.org", "billing@example.org")
    (mail,) = there.mails
    head, _, rest = mail.partition(b"From:")
    lines = head.decode().split("\r\n")
    assert lines[0] == "Return-Path: <ali@example.net>"
    assert lines[1:3] == ["Delivered-To: support@example.org", "Delivered-To: billing@example.org"]
    assert lines[3] == "Received: from client.example.net ([127.0.0.1])"
    assert lines[4].startswith("\tby example.org with ESMTP id ")
    assert lines[5] == "\tSat, 21 Nov 2026 09:00:00 +0000"
    assert b"From:" + rest == MAIL
    assert there.batches[0].cursor is None


async def test_every_transaction_has_a_key_of_its_own(house: Houses) -> None:
    there = await house()
    for _ in range(3):
        await asyncio.to_thread(submit, there.listener.port)
    assert len({item.key for batch in there.batches for item in batch.items}) == 3


async def test_a_bounce_comes_with_an_empty_sender(house: Houses) -> None:
    there = await house()
    await asyncio.to_thread(submit, there.listener.port, sender="")
    assert there.mails[0].startswith(b"Return-Path: <>\r\n")


async def test_plus_addresses_and_any_case_are_ours(house: Houses) -> None:
    there = await house()
    await asyncio.to_thread(submit, there.listener.port, "Support+t2ab@Example.ORG")
    assert b"Delivered-To: Support+t2ab@Example.ORG\r\n" in there.mails[0]


@pytest.mark.parametrize(
    "address", ["else@example.org", "support@example.net", "support-x@example.org", "xsupport@example.org"]
)
async def test_anybody_else_is_answered_550(house: Houses, address: str) -> None:
    there = await house()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        await asyncio.to_thread(submit, there.listener.port, address)
    code, text = caught.value.recipients[address]
    assert code == 550
    assert text.startswith(b"5.1.1 <" + address.encode() + b">: there is no such address here")
    refused = await asyncio.to_thread(submit, there.listener.port, "support@example.org", address)
    assert list(refused) == [address]


async def test_the_answer_waits_until_the_house_has_stored_the_mail(house: Houses) -> None:
    there = await house()
    there.gate.clear()
    submitting = asyncio.create_task(asyncio.to_thread(submit, there.listener.port))
    await until_async(lambda: there.batches)
    assert not submitting.done()
    there.gate.set()
    await submitting


async def test_a_mail_that_cannot_be_stored_is_answered_451(house: Houses) -> None:
    there = await house()
    there.refusing = True
    with pytest.raises(smtplib.SMTPDataError) as caught:
        await asyncio.to_thread(submit, there.listener.port)
    assert caught.value.smtp_code == 451
    there.refusing = False
    await asyncio.to_thread(submit, there.listener.port)


async def test_mails_that_wait_already_are_stored_together(house: Houses) -> None:
    there = await house()
    there.gate.clear()
    first = asyncio.create_task(asyncio.to_thread(submit, there.listener.port))
    await until_async(lambda: there.batches)
    more = [asyncio.create_task(offer(there.listener.port)) for _ in range(60)]
    await until_async(lambda: there.listener.waiting == 60)
    there.gate.set()
    assert all(answer.startswith(b"250") for answer in await asyncio.gather(*more))
    await first
    assert [len(batch.items) for batch in there.batches] == [1, MOST_ITEMS, 10]


async def offer(port: int, mail: bytes = MAIL) -> bytes:
    """Hand one mail over with bare hands and tell the last answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    commands = (b"", b"HELO c", b"MAIL FROM:<a@b>", b"RCPT TO:<support@example.org>", b"DATA", mail + b".")
    for command in commands:
        if command:
            writer.write(command + b"\r\n")
        answer = await reader.readline()
    writer.close()
    return answer


async def test_fifty_clients_at_once_all_get_their_answer(house: Houses) -> None:
    there = await house()
    answers = await asyncio.gather(*(offer(there.listener.port) for _ in range(50)))
    assert {answer[:3] for answer in answers} == {b"250"}
    assert len(there.mails) == 50


async def test_one_connection_more_than_allowed_is_answered_421(house: Houses) -> None:
    there = await house(max_connections=1)
    reader, writer = await asyncio.open_connection("127.0.0.1", there.listener.port)
    assert (await reader.readline()).startswith(b"220 ")
    (answer,) = await dialogue(there.listener.port, answers=1)
    assert answer.startswith(b"421 4.7.0")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("said", [True, False])
async def test_a_mail_beyond_the_limit_is_answered_552_whether_its_size_was_said_or_not(
    house: Houses, said: bool
) -> None:
    there = await house(max_size=10_000)
    if said:
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            await asyncio.to_thread(submit, there.listener.port, mail=b"x" * 20_000)
        assert caught.value.smtp_code == 552
    else:
        answer = await offer(there.listener.port, (b"x" * 70 + b"\r\n") * 300)
        assert answer == b"552 5.3.4 The mail is larger than 10000 bytes, please send a smaller one\r\n"
    assert there.mails == []


async def test_a_line_of_any_length_is_taken_as_it_is(house: Houses) -> None:
    there = await house()
    mail = b"Subject: long\r\n\r\n" + b"x" * 300_000 + b"\r\n"
    await asyncio.to_thread(submit, there.listener.port, mail=mail)
    assert there.mails[0].endswith(mail)


async def test_a_large_mail_is_a_file_that_goes_away_once_it_is_stored(house: Houses, tmp_path: Path) -> None:
    there = await house()
    mail = b"Subject: large\r\n\r\n" + (b"y" * 76 + b"\r\n") * 40_000
    kept: list[bytes] = []

    def store(batch: Batch) -> None:
        raw = batch.items[0].raw
        assert isinstance(raw, Spooled)
        kept.append(raw.path.read_bytes())
        assert raw.size == len(kept[0])

    there.store = store
    await asyncio.to_thread(submit, there.listener.port, mail=mail)
    assert kept[0].endswith(mail)
    assert list((tmp_path / "spool").iterdir()) == []


async def test_a_large_mail_that_breaks_off_leaves_no_file(house: Houses, tmp_path: Path) -> None:
    there = await house()
    _reader, writer = await asyncio.open_connection("127.0.0.1", there.listener.port)
    writer.write(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@example.org>\r\nDATA\r\n" + b"z\r\n" * 700_000)
    await until_async(lambda: list((tmp_path / "spool").iterdir()))
    writer.transport.abort()
    await until_async(lambda: not list((tmp_path / "spool").iterdir()))
    assert there.mails == []


async def test_what_a_killed_process_was_receiving_is_swept_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "left").write_bytes(b"half a mail")
    listener = MailListener(ListenOptions(address="127.0.0.1:0"), ADDRESSES, tmp_path, FakeClock(), silent)
    await listener.open()
    await listener.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", [b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r\r\n"])
async def test_d21_only_a_dot_between_two_crlf_ends_a_mail(house: Houses, end: bytes) -> None:
    there = await house()
    smuggled = b"a" + end + b"MAIL FROM:<evil@b>\r\nRCPT TO:<support@example.org>\r\nDATA\r\nSubject: smuggled\r\n"
    assert (await offer(there.listener.port, smuggled)).startswith(b"250")
    assert len(there.mails) == 1
    assert there.mails[0].endswith(smuggled.replace(b"\r\n.", b"\r\n"))


@pytest.mark.parametrize("mail", [b"", b"\r\n", b"..\r\n", b"..a\r\nb\r\n..\r\n...\r\n", b"a\r\n..\r\n"])
async def test_d21_dots_that_were_doubled_on_the_way_are_single_again(house: Houses, mail: bytes) -> None:
    there = await house()
    assert (await offer(there.listener.port, mail)).startswith(b"250")
    unstuffed = b"".join(line.removeprefix(b".") for line in mail.splitlines(keepends=True))
    assert there.mails[0].partition(b"+0000\r\n")[2] == unstuffed


async def test_commands_sent_ahead_are_answered_one_by_one(house: Houses) -> None:
    there = await house()
    one = b"MAIL FROM:<a@b>\r\nRCPT TO:<support@example.org>\r\nDATA\r\nSubject: %d\r\n\r\nx\r\n.\r\n"
    heard = await dialogue(there.listener.port, b"HELO c\r\n", one % 1, one % 2, b"QUIT\r\n", answers=11)
    assert [line[:3] for line in heard] == [b"220", b"250", *([b"250", b"250", b"354", b"250"] * 2), b"221"]
    assert len(there.mails) == 2


async def test_a_header_cannot_be_made_of_an_envelope(house: Houses) -> None:
    there = await house()
    await dialogue(
        there.listener.port,
        b"HELO c\rX-Evil: 1\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support+\x0bx@example.org>\r\n",
        b"RCPT TO:<support@example.org>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n",
        answers=7,
    )
    head = there.mails[0].partition(b"Subject:")[0]
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert b"\nX-Evil" not in head


async def test_lmtp_answers_once_for_each_recipient(house: Houses) -> None:
    there = await house(protocol="lmtp")
    heard = await dialogue(
        there.listener.port,
        b"LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@example.org>\r\nRCPT TO:<nobody@example.org>\r\n",
        b"RCPT TO:<billing@example.org>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n",
        answers=14,
    )
    after = [line[:3] for line in heard if line[3:4] == b" "][2:]
    assert after == [b"250", b"250", b"550", b"250", b"354", b"250", b"250", b"221"]
    assert b" with LMTP id " in there.mails[0]


async def test_lmtp_refusals_too_come_once_for_each_recipient(house: Houses) -> None:
    there = await house(protocol="lmtp", max_size=1000)
    heard = await dialogue(
        there.listener.port,
        b"LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@example.org>\r\nRCPT TO:<billing@example.org>\r\n",
        b"DATA\r\n" + b"x\r\n" * 1000 + b".\r\nNOOP\r\n",
        answers=13,
    )
    assert [line[:3] for line in heard[-4:]] == [b"354", b"552", b"552", b"250"]


async def test_lmtp_and_smtp_do_not_greet_alike(house: Houses) -> None:
    by_lmtp, by_smtp = await house(protocol="lmtp"), await house()
    assert (await dialogue(by_lmtp.listener.port, b"EHLO c\r\n", answers=2))[1].startswith(b"500")
    assert (await dialogue(by_smtp.listener.port, b"LHLO c\r\n", answers=2))[1].startswith(b"500")
    await asyncio.to_thread(submit, by_lmtp.listener.port, lmtp=True)


async def test_closing_ends_running_transactions_with_421(house: Houses) -> None:
    there = await house()
    there.gate.clear()
    submitting = asyncio.create_task(offer(there.listener.port))
    await until_async(lambda: there.batches)
    reader, writer = await asyncio.open_connection("127.0.0.1", there.listener.port)
    await reader.readline()
    await there.listener.close()
    assert (await submitting).startswith(b"421 4.3.2")
    assert (await reader.readline()).startswith(b"421 4.3.2")
    assert await reader.read() == b""
    writer.close()


async def test_a_client_that_hangs_up_while_we_store_does_not_disturb_the_others(house: Houses) -> None:
    there = await house()
    there.gate.clear()
    _reader, writer = await asyncio.open_connection("127.0.0.1", there.listener.port)
    writer.write(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@example.org>\r\nDATA\r\nx\r\n.\r\n")
    await until_async(lambda: there.batches)
    writer.transport.abort()
    there.gate.set()
    assert (await offer(there.listener.port)).startswith(b"250")


async def test_an_address_in_use_is_told_with_the_address(house: Houses, tmp_path: Path) -> None:
    there = await house()
    taken = ListenOptions(address=f"127.0.0.1:{there.listener.port}")
    second = MailListener(taken, ADDRESSES, tmp_path / "second", FakeClock(), silent)
    with pytest.raises(Unreachable) as caught:
        await second.open()
    assert caught.value.key == "listen.port_in_use"
    assert caught.value.facts["address"] == taken.address
    await second.close()


async def test_a_reopened_listener_takes_mail_again(house: Houses) -> None:
    there = await house()
    await there.end()
    await there.listener.open()
    again = House(there.listener)
    assert (await offer(there.listener.port)).startswith(b"250")
    await again.end()


async def test_a_silent_client_is_let_go(house: Houses) -> None:
    there = await house(idle_seconds=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", there.listener.port)
    assert (await asyncio.wait_for(reader.read(), 25)).startswith(b"220")
    writer.close()
