"""Keys are asked for as mail is fetched: each name once, in a bounded time, and a DNS that fails keeps no mail waiting."""

import asyncio
import smtplib
from datetime import timedelta
from pathlib import Path

import pytest

from channels.email import ADAPTER, key_lookup
from channels.email.channel import EmailChannel
from channels.email.key_lookup import KeyLookUp
from channels.email.key_stamps import Stamps
from channels.email.listen import MailListener
from channels.email.signing import Signature, signed
from channels.email.signing_keys import key_of
from inbox.domain.arrivals import Item, Spooled
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Batch, Place
from inbox.ports.probe import silent
from inbox.testing import FakeClock
from tests.rig.dns import dns_server
from tests.unit.email.letters import OURS, SECRET, mail

PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n"
RECORD = key_of(PEM).record().encode()
RAW = signed(mail("Date: Tue, 24 Nov 2026 07:00:00 +0000"), Signature("customer.test", "s1", key_of(PEM)))
BATCH = Batch((Item("1", RAW), Item("2", RAW), Item("3", mail())), None)


class Dns:
    """Knows one record, counts questions, fails on demand."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, name: str) -> bytes:
        self.asked.append(name)
        answer = self.answers.pop(0) if self.answers else RECORD
        if isinstance(answer, Exception):
            raise answer
        return answer


def look_up(dns: Dns, clock: FakeClock | None = None) -> KeyLookUp:
    return KeyLookUp(dns, Stamps(SECRET), clock or FakeClock())


async def test_a_name_is_asked_for_once_and_stands_in_front_of_each_mail_that_needs_it() -> None:
    dns = Dns()
    made = look_up(dns)
    found = await made.added(BATCH)
    await made.added(BATCH)
    assert dns.asked == ["s1._domainkey.customer.test"]
    assert [item.key for item in found.items] == ["1", "2", "3"]
    for item in found.items[:2]:
        assert isinstance(item.raw, bytes)
        assert item.raw == Stamps(SECRET).stamped(RAW, {"s1._domainkey.customer.test": RECORD})
    assert found.items[2] == BATCH.items[2]


async def test_after_five_minutes_it_is_asked_again() -> None:
    dns, clock = Dns(b""), FakeClock()
    made = look_up(dns, clock)
    assert await made.added(BATCH) == BATCH
    clock.advance(timedelta(minutes=5, seconds=1))
    assert await made.added(BATCH) != BATCH
    assert len(dns.asked) == 2


async def test_a_dns_that_fails_is_left_alone_for_a_minute_and_mail_goes_on() -> None:
    dns, clock = Dns(OSError("no server")), FakeClock()
    made = look_up(dns, clock)
    assert await made.added(BATCH) == BATCH
    assert await made.added(BATCH) == BATCH
    assert len(dns.asked) == 1
    clock.advance(timedelta(minutes=1, seconds=1))
    assert await made.added(BATCH) != BATCH


async def test_a_dns_that_says_nothing_holds_mail_up_for_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def speechless(name: str) -> bytes:
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(key_lookup, "SECONDS", 0.01)
    made = KeyLookUp(speechless, Stamps(SECRET), FakeClock())
    assert await asyncio.wait_for(made.added(BATCH), 25) == BATCH


async def test_old_mail_mail_in_files_and_endless_records_are_left_as_they_are(tmp_path: Path) -> None:
    dns = Dns(b"x" * 3000)
    made = look_up(dns)
    old = Batch((Item("1", RAW),), None, history=True)
    (tmp_path / "mail").write_bytes(RAW)
    large = Batch((Item("1", Spooled(tmp_path / "mail", len(RAW))),), None)
    assert await made.added(old) is old
    assert await made.added(large) == large
    assert dns.asked == []
    assert await made.added(BATCH) == BATCH


async def test_the_systems_resolver_is_asked_and_each_answer_has_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"one.test.": [[RECORD[:20], RECORD[20:]]], "two.test.": [[b"a"], [b"b"]], "none.test.": []}
    async with dns_server(told) as resolver:
        monkeypatch.setattr("dns.asyncresolver.default_resolver", resolver)
        assert await key_lookup.asked("one.test") == RECORD
        assert await key_lookup.asked("two.test") == b""
        assert await key_lookup.asked("none.test") == b""
        assert await key_lookup.asked("unknown.test") == b""
        for impossible in ("broken.test", "a..b", "x" * 64 + ".test"):
            with pytest.raises(OSError):
                await key_lookup.asked(impossible)


async def test_a_mail_that_is_handed_to_us_is_read_as_its_senders(tmp_path: Path) -> None:
    options = ADAPTER.options(
        {"addresses": [OURS], "dkim_check": True, "listen": {"address": "127.0.0.1:0"}}, "config.toml: channel.support"
    )
    place = Place(ChannelName("support"), "Example", tmp_path / "data", SECRET, tmp_path)
    made = EmailChannel(place, options, FakeClock(), silent, Dns())
    await made.open()
    assert isinstance(made.intake, MailListener)
    port = made.intake.port
    handing = asyncio.create_task(asyncio.to_thread(_hand_over, port))
    async for batch in made.fetch(None):
        await made.confirm(batch)
        break
    await handing
    await made.close()
    (said,) = ADAPTER.codec(place, options).parse(batch.items[0].raw)
    assert isinstance(said, InboundMessage)
    assert said.authentication == "pass"


def _hand_over(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("sara@customer.test", [OURS], RAW)
