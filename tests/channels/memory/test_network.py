"""What the memory network can be asked to do, and what its codec makes of a few words."""

import asyncio
import json

import pytest

from channels.memory import ADAPTER
from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from inbox.domain.happenings import (
    AddressMove,
    Button,
    DeliveryReport,
    Edit,
    Fragment,
    InboundMessage,
    Reachability,
)
from inbox.domain.problems import LockedOut, Misconfigured, Permanent, Temporary, Unreachable, Unreadable
from inbox.ports.channel import Batch, Cursor
from inbox.testing import Stages, outgoing
from tests.channels.memory.test_conformance import MemoryGround

ADDRESS = "support@memory"


def ground(**options: object) -> MemoryGround:
    return MemoryGround(MemoryOptions(**options))


async def first(there: MemoryGround, since: Cursor | None = None, *, count: int = 1) -> list[Batch]:
    channel = there.channel()
    await channel.open()
    batches = channel.fetch(since)
    found = [await asyncio.wait_for(anext(batches), 25) for _ in range(count)]
    await channel.close()
    return found


async def test_a_customer_writes_gets_an_answer_and_answers_it() -> None:
    there = ground()
    there.network.write("ali@memory", ADDRESS, "سلام", name="علی", subject="فاکتور")
    (batch,) = await first(there)
    (asked,) = there.codec().parse(batch.items[0].raw)
    assert isinstance(asked, InboundMessage)
    assert (asked.sender.name, asked.subject, asked.text, asked.reply_text) == ("علی", "فاکتور", "سلام", "سلام")
    part = there.codec().compose(outgoing(there, answers=asked.key))[0]
    channel = there.channel()
    await channel.open()
    await channel.send(part, Stages())
    (received,) = there.network.received("ali@memory")
    there.network.answer(received, "ممنون")
    (again,) = there.codec().parse(there.network.ledger[-1].raw)
    assert isinstance(again, InboundMessage)
    assert again.references == (part.key, asked.key)
    assert again.tokens == ("abcdefghijklmnopqrstuvwx23",)


async def test_batches_hold_what_they_may_and_the_cursor_goes_on_behind_them() -> None:
    there = ground(batch=2)
    for n in range(5):
        there.network.write("ali@memory", ADDRESS, str(n))
    batches = await first(there, count=3)
    assert [len(batch.items) for batch in batches] == [2, 2, 1]
    (rest,) = await first(there, batches[0].cursor)
    assert rest.items == batches[1].items


@pytest.mark.parametrize(("mode", "history", "first_sync"), [("import", True, False), ("answer", False, True)])
async def test_old_messages_are_marked_and_new_ones_are_not(mode: str, history: bool, first_sync: bool) -> None:
    there = ground(first_sync=mode)
    there.network.write("ali@memory", ADDRESS, "old")
    channel = there.channel()
    await channel.open()
    batches = channel.fetch(None)
    old = await anext(batches)
    there.network.write("ali@memory", ADDRESS, "new")
    new = await anext(batches)
    assert (old.history, old.first_sync) == (history, first_sync)
    assert (new.history, new.first_sync) == (False, False)
    await channel.close()


async def test_new_means_that_the_cursor_starts_at_the_end() -> None:
    there = ground(first_sync="new")
    there.network.write("ali@memory", ADDRESS, "old")
    (bookmark,) = await first(there)
    assert bookmark.items == ()
    there.network.write("ali@memory", ADDRESS, "new")
    (batch,) = await first(there, bookmark.cursor)
    assert [json.loads(bytes(item.raw))["text"] for item in batch.items if isinstance(item.raw, bytes)] == ["new"]


async def test_a_confirmed_message_is_forgotten_so_that_confirming_too_early_shows() -> None:
    there = ground()
    there.network.write("ali@memory", ADDRESS, "only once")
    channel = there.channel()
    await channel.open()
    batch = await anext(channel.fetch(None))
    await channel.confirm(batch)
    assert there.network.mailbox(ADDRESS).raws == {}
    assert [entry.what for entry in there.network.ledger] == ["written", "fetched", "confirmed"]


async def test_a_message_to_a_mailbox_of_ours_arrives_in_it() -> None:
    there = ground()
    there.network.mailbox("billing@memory")
    channel = there.channel()
    await channel.open()
    there.correspondents = ("billing@memory", "ali@memory", "sara@memory")
    await channel.send(there.codec().compose(outgoing(there))[0], Stages())
    assert len(there.network.mailbox("billing@memory").raws) == 1


async def test_faults_come_as_often_as_ordered() -> None:
    there = ground()
    there.network.faults.unreachable(2)
    channel = there.channel()
    for _ in range(2):
        with pytest.raises(Unreachable):
            await channel.open()
    await channel.open()
    there.network.faults.breaks_fetch()
    with pytest.raises(Unreachable):
        await anext(channel.fetch(None))
    there.network.faults.locks_out()
    with pytest.raises(LockedOut):
        await channel.send(there.codec().compose(outgoing(there))[0], Stages())
    there.network.faults.lets_in()
    there.network.faults.refuses("ali@memory", permanent=False, times=1)
    with pytest.raises(Temporary):
        await channel.send(there.codec().compose(outgoing(there))[0], Stages())
    await channel.send(there.codec().compose(outgoing(there))[0], Stages())
    assert len(there.network.accepted) == 1


async def test_a_lost_answer_may_hide_that_nothing_arrived() -> None:
    there = ground()
    there.network.faults.drops_after_handed(accepted=False)
    channel = there.channel()
    await channel.open()
    with pytest.raises(Exception, match=r"memory\.no_answer"):
        await channel.send(there.codec().compose(outgoing(there))[0], Stages())
    assert there.network.accepted == []


async def test_a_wanted_file_is_collected_until_it_is_gone() -> None:
    there = ground()
    there.network.files["voice-1"] = b"ogg"
    channel = there.channel()
    assert await channel.collect("voice-1") == b"ogg"
    del there.network.files["voice-1"]
    with pytest.raises(Permanent):
        await channel.collect("voice-1")


ACTOR = {"sender": {"address": "ali@memory"}, "thread": "t1"}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"kind": "message", "sender": {"address": "a"}, "text": "x", "automatic": "bulk"}, InboundMessage),
        ({"kind": "report", "about": ["m1"], "outcome": "failed", "permanent": True}, DeliveryReport),
        ({"kind": "edit", **ACTOR, "text": "better"}, Edit),
        ({"kind": "button", **ACTOR, "data": "done"}, Button),
        ({"kind": "reachability", "address": "ali@memory", "reachable": False}, Reachability),
        ({"kind": "move", "old": "t1", "new": "t2"}, AddressMove),
        ({"kind": "fragment", "group": "g", "message": {"kind": "message", **ACTOR, "text": "1/2"}}, Fragment),
    ],
)
def test_every_happening_can_be_said(said: dict[str, object], kind: type) -> None:
    (happening,) = MemoryCodec(MemoryOptions()).parse(json.dumps(said).encode())
    assert type(happening) is kind
    assert len(happening.fingerprint) == 64


def test_several_happenings_come_in_one_arrival() -> None:
    said = [{"kind": "message", "sender": {"address": "a"}, "text": str(n)} for n in range(3)]
    assert len(MemoryCodec(MemoryOptions()).parse(json.dumps(said).encode())) == 3


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b'{"kind": "song"}', b'{"kind": "message", "sender": "ali"}'])
def test_what_is_no_happening_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        MemoryCodec(MemoryOptions()).parse(raw)


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(Misconfigured, match="adress"):
        ADAPTER.options({"adress": "x"}, "config.toml: channel.talk")
