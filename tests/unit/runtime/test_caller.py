"""Calls of webhooks: signed, made again until they are heard, each endpoint on its own, and never to where they must not go."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from inbox.domain.acts import By
from inbox.domain.problems import Problem, Temporary
from inbox.domain.webhooks import WAITS, Call, CallState, Webhook, signature, wait
from inbox.pipeline import webhooks as verbs
from inbox.runtime.caller import HOLD, WebhookCaller
from inbox.runtime.posting import Poster, outside
from inbox.runtime.wakes import ProcessWake
from inbox.store import tables as t
from inbox.store import webhooks
from inbox.store.store import Store
from inbox.testing.clock import FakeClock
from tests.rig.audit import audited
from tests.rig.loopback import swallowing
from tests.rig.webhook_receiver import receiving
from tests.store.rows import NOW

HERE = ("127.0.0.1",)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store("sqlite:///calls.db", tmp_path)
    t.metadata.create_all(made.engine)
    yield made
    made.close()


class Rig:
    """An endpoint of that address, and the caller that tells it."""

    def __init__(self, store: Store, url: str, *, seconds: float = 5.0, name: str = "erp") -> None:
        self.store = store
        self.clock = FakeClock(NOW)
        self.caller = WebhookCaller(store, Poster(HERE, seconds), ProcessWake(), self.clock, lambda: 0.5)
        self.secret = store.write_now(verbs.add, name, url, (), HERE, By("owner"), NOW)
        self.name = name

    def owe(self) -> None:
        self.store.write_now(verbs.test, self.name, self.clock.now())

    async def look(self) -> None:
        await self.caller.look()
        await self.caller.settled()

    @property
    def endpoint(self) -> Webhook:
        return self.store.read_now(verbs.known, self.name, self.clock.now())

    @property
    def calls(self) -> list[Call]:
        return self.store.read_now(webhooks.last, self.endpoint.id)


async def test_a_call_is_signed_as_the_specification_says_and_told_once(store: Store) -> None:
    async with receiving() as receiver:
        rig = Rig(store, receiver.url)
        rig.owe()
        await rig.look()
        await rig.look()
        (heard,) = receiver.ledger
    assert heard.signed_by(rig.secret)
    assert heard.told["type"] == "webhook.test"
    assert heard.headers["host"] == receiver.url.split("/")[2]
    (call,) = rig.calls
    assert (call.state, call.status, call.attempts, call.key) == (CallState.SENT, 204, 1, heard.key)


async def test_after_a_change_either_secret_proves_it(store: Store) -> None:
    async with receiving() as receiver:
        rig = Rig(store, receiver.url)
        new = store.write_now(verbs.rotate, "erp", By("owner"), NOW)
        rig.owe()
        await rig.look()
        (heard,) = receiver.ledger
    assert heard.signed_by(rig.secret)
    assert heard.signed_by(new)


async def test_what_was_not_taken_is_told_again_later_under_the_same_key(store: Store) -> None:
    async with receiving() as receiver:
        receiver.answers = [(500, {}), (302, {"location": "http://127.0.0.1:9/"})]
        rig = Rig(store, receiver.url)
        rig.owe()
        await rig.look()
        assert (rig.calls[0].state, rig.calls[0].not_before) == (CallState.QUEUED, NOW + WAITS[0])
        await rig.look()
        assert len(receiver.ledger) == 1
        for pause in WAITS[:2]:
            rig.clock.advance(pause)
            await rig.look()
        assert [one.key for one in receiver.ledger] == [rig.calls[0].key] * 3
    assert (rig.calls[0].state, rig.calls[0].attempts) == (CallState.SENT, 3)


async def test_a_receiver_that_asks_for_time_is_given_it(store: Store) -> None:
    async with receiving() as receiver:
        receiver.answers = [(429, {"retry-after": "7200"}), (503, {"retry-after": "Sat, 21 Nov 2026 13:00:00 GMT"})]
        rig = Rig(store, receiver.url)
        rig.owe()
        await rig.look()
        assert rig.calls[0].not_before == NOW + timedelta(hours=2)
        rig.clock.advance(timedelta(hours=2))
        await rig.look()
        assert rig.calls[0].not_before == NOW + timedelta(hours=4)


async def test_one_that_is_gone_is_switched_off_and_told_nothing_more(store: Store) -> None:
    async with receiving() as receiver:
        receiver.answers = [(410, {})]
        rig = Rig(store, receiver.url)
        rig.owe()
        await rig.look()
        rig.owe()
        rig.clock.advance(timedelta(days=1))
        await rig.look()
        assert len(receiver.ledger) == 1
    assert rig.endpoint.disabled
    assert [one.state for one in rig.calls] == [CallState.QUEUED, CallState.FAILED]


async def test_what_is_never_heard_fails_after_days_and_can_be_told_again(store: Store) -> None:
    async with receiving() as receiver:
        receiver.answers = [(500, {})] * (len(WAITS) + 1)
        rig = Rig(store, receiver.url)
        rig.owe()
        for pause in (timedelta(), *WAITS):
            rig.clock.advance(pause)
            await rig.look()
        assert (rig.calls[0].state, len(receiver.ledger)) == (CallState.FAILED, len(WAITS) + 1)
        assert rig.clock.now() - NOW > timedelta(days=3)
        assert store.write_now(webhooks.replay, rig.clock.now(), webhook_id=rig.endpoint.id) == 1
        await rig.look()
        assert {one.key for one in receiver.ledger} == {rig.calls[0].key}
    assert rig.calls[0].state is CallState.SENT


async def test_one_that_never_answers_keeps_no_other_waiting_and_is_not_pressed(store: Store) -> None:
    async with receiving() as slow, receiving() as quick:
        slow.silent = True
        rig = Rig(store, slow.url, seconds=0.2)
        for _ in range(3):
            rig.owe()
        store.write_now(verbs.add, "quick", quick.url, (), HERE, By("owner"), NOW)
        store.write_now(verbs.test, "quick", NOW)
        await rig.caller.look()
        while not quick.ledger:
            await asyncio.sleep(0)
        assert rig.calls[-1].state is CallState.QUEUED
        await rig.caller.settled()
        assert len(slow.ledger) == 1
    assert "too_slow" in rig.calls[-1].error
    held = sorted(one.not_before for one in rig.calls)
    assert held[0] == NOW + min(WAITS[0], HOLD)


# -- where it may not go -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "ff02::1",
        "2001:db8::1",
        "fe80::1%eth0",
        "nonsense",
    ],
)
def test_addresses_inside_are_known(address: str) -> None:
    assert not outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_of_the_open_net_are_known(address: str) -> None:
    assert outside(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
async def test_a_name_that_leads_inside_is_not_called_however_it_is_written(store: Store, host: str) -> None:
    async with receiving() as receiver:
        port = receiver.url.rsplit(":", 1)[1]
        with pytest.raises(Problem) as refused:
            await Poster((), 5).post(f"http://{host}:{port}", {}, b"{}", NOW)
        assert refused.value.key == "webhook.inside"
        assert receiver.ledger == []


async def test_it_is_called_at_the_address_that_was_looked_at_and_at_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a name leads is looked up once, whatever a second look would have found."""
    asked: list[str] = []

    async def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = "203.0.113.7" if len(asked) > 1 else "127.0.0.1"
        return [(2, 1, 6, "", (address, port))]

    async with receiving() as receiver:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", rebinding)
        url = receiver.url.replace("127.0.0.1", "hook.example")
        posted = await Poster(("hook.example",), 5).post(url, {}, b"{}", NOW)
        assert (posted.status, asked) == (204, ["hook.example"])
        assert receiver.ledger[0].headers["host"].startswith("hook.example:")


async def test_s25_a_name_that_leads_inside_at_the_second_look_is_not_looked_at_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the name is of the open net when it is checked, and of this machine from then on."""
    asked: list[str] = []

    async def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) > 1 else "93.184.216.34", port))]

    async with receiving() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", rebinding)
        with audited() as seen, pytest.raises(Temporary):
            await Poster((), 5).post(f"http://hook.example:{port}/hook", {}, b"{}", NOW)
        assert receiver.ledger == []
    assert (seen.called, seen.looked_up, asked) == ([("93.184.216.34", port)], [], ["hook.example"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_s25_a_redirect_is_followed_nowhere(store: Store, status: int) -> None:
    async with receiving() as receiver, receiving() as inside:
        receiver.answers = [(status, {"location": inside.url})]
        rig = Rig(store, receiver.url)
        rig.owe()
        with audited(shut=False) as seen:
            await rig.look()
        assert (len(receiver.ledger), inside.ledger, len(seen.called)) == (1, [], 1)
    assert (rig.calls[0].state, rig.calls[0].status) == (CallState.QUEUED, status)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "169.254.169.254",
            "[fd00:ec2::254]",
            "[::ffff:169.254.169.254]",
            "0xa9fea9fe",
            "2852039166",
            "100.100.100.200",
        ),
        *(
            "10.0.0.1",
            "192.168.0.1",
            "172.31.255.255",
            "169.254.0.1",
            "[fe80::1]",
            "0.0.0.0",
            "[::]",
            "127.1",
            "[64:ff9b::a9fe:a9fe]",
        ),
    ],
)
async def test_s25_nothing_inside_is_called_the_clouds_own_data_least_of_all(host: str) -> None:
    with audited() as seen, pytest.raises(Problem) as refused:
        await Poster(("other.example",), 5).post(f"http://{host}/latest/meta-data/", {}, b"{}", NOW)
    assert (refused.value.key, seen.called) == ("webhook.inside", [])


async def test_where_one_of_its_addresses_is_shut_the_next_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async def two(host: str, port: int, **_: Any) -> list[Any]:
        return [(10, 1, 6, "", ("::1", port, 0, 0)), (2, 1, 6, "", ("127.0.0.1", port))]

    async with receiving() as receiver:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
        url = receiver.url.replace("127.0.0.1", "hook.example")
        assert (await Poster(("Hook.example",), 5).post(url, {}, b"{}", NOW)).status == 204
        assert len(receiver.ledger) == 1


async def test_h5_where_one_of_its_addresses_swallows_everything_the_next_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def two(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.2", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    async with receiving() as receiver:
        port = urlsplit(receiver.url).port or 0
        with swallowing("127.0.0.2", port):
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
            url = receiver.url.replace("127.0.0.1", "hook.example")
            assert (await Poster(("hook.example",), 6).post(url, {}, b"{}", NOW)).status == 204
            assert len(receiver.ledger) == 1


async def test_h5_a_name_that_leads_nowhere_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nowhere(host: str, port: int, **_: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nowhere)
    with pytest.raises(Temporary) as refused:
        await Poster((), 5).post("https://hook.example/", {}, b"{}", NOW)
    assert refused.value.facts["reason"] == "Temporary failure in name resolution"


async def test_a_name_of_which_one_address_lies_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async def two(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
    with pytest.raises(Problem) as refused:
        await Poster((), 5).post("https://hook.example/", {}, b"{}", NOW)
    assert refused.value.facts["address"] == "127.0.0.1"


async def test_nobody_there_is_told_and_tried_again(store: Store) -> None:
    with pytest.raises(Temporary) as refused:
        await Poster(HERE, 5).post("http://127.0.0.1:9/", {}, b"{}", NOW)
    assert refused.value.key == "webhook.unreachable"


# -- the specification -------------------------------------------------------------------------------------------------
def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = NOW.fromtimestamp(1614265330, tz=NOW.tzinfo)
    made = signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_waits_grow_and_end_and_chance_moves_them_a_little() -> None:
    assert wait(1, 0.5) == WAITS[0]
    assert wait(1, 0.0) == WAITS[0] * 0.8
    assert wait(len(WAITS) + 1, 0.5) is None
    assert sum(WAITS, timedelta()) > timedelta(days=3)
    assert list(WAITS) == sorted(WAITS)
