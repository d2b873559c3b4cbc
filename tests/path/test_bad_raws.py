"""Raws that cannot be read: tried three times, put apart with their reason, taken up again; the others go on."""

import json

from inbox.domain.ids import ArrivalId
from inbox.store import arrivals
from tests.path.house import SUPPORT, House

TOO_LARGE = {"filename": "a", "content_type": "b", "size": 2**70}
"""No database has a number for it, so its message cannot be stored."""


def message(sender: str, text: str, **more: object) -> dict[str, object]:
    return {
        "kind": "message",
        "key": text,
        "fingerprint": text,
        "sender": {"address": sender},
        "text": text,
        "language": "en",
        **more,
    }


def offer(house: House, raw: object) -> None:
    """Put something into our mailbox."""
    house.network.offer("support@acme", raw if isinstance(raw, bytes) else json.dumps(raw).encode())


def apart(house: House) -> list[tuple[int, str]]:
    """What lies in quarantine, and the key of the reason."""
    return [(a.id, json.loads(a.reason)["key"]) for a in house.store.read_now(arrivals.apart)]


async def test_rubbish_is_put_apart_and_stops_nobody(house: House) -> None:
    offer(house, b"\xff rubbish")
    offer(house, message("sara@x", "one"))
    offer(house, message("reza@x", "three", attachments=[TOO_LARGE]))
    offer(house, message("omid@x", "two"))
    await house.settle()
    assert [c.excerpt for c in house.conversations()] == ["one", "two"]
    assert apart(house) == [(3, "receive.failed"), (1, "memory.unreadable")]


async def test_a_person_has_it_tried_again(house: House) -> None:
    offer(house, b"rubbish")
    await house.settle()
    (id, _), *_ = apart(house)
    assert house.store.write_now(arrivals.retry, ArrivalId(id))
    assert apart(house) == []
    await house.settle()
    assert len(apart(house)) == 1
    house.store.write_now(arrivals.ignore, ArrivalId(id), "ignored.by_hand", house.clock.now())
    assert house.verdicts() == ["ignored ignored.by_hand"]


async def test_bytes_that_are_gone_from_the_disk_stop_nobody(house: House) -> None:
    offer(house, message("sara@x", "x" * 100_000))
    offer(house, message("omid@x", "short"))
    await house._fetch(SUPPORT)
    for path in (house.site.data / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    house.robbed = True
    await house.settle()
    assert [c.excerpt for c in house.conversations()] == ["short"]
    assert len(apart(house)) == 1


async def test_large_bytes_come_by_way_of_a_file(house: House) -> None:
    offer(house, message("sara@x", "long " * 20_000))
    await house.settle()
    assert len(house.said(house.only())[0].text) == 100_000
    assert len([path for path in (house.site.data / "blobs").rglob("*") if path.is_file()]) == 1


async def test_several_happenings_of_one_raw_happen_in_their_order(house: House) -> None:
    offer(house, [message("sara@x", "first"), message("sara@x", "second", references=["first"])])
    await house.settle()
    assert house.verdicts() == ["accepted"]
    assert [m.text for m in house.said(house.only()) if m.direction == "inbound"] == ["first", "second"]


async def test_a_raw_of_which_one_half_cannot_be_received_leaves_no_half(house: House) -> None:
    part = message("omid@x", "second", attachments=[TOO_LARGE])
    offer(house, [message("sara@x", "first"), part])
    await house.settle()
    assert house.conversations() == []
    assert len(apart(house)) == 1
    assert house.network.accepted == []


async def test_nothing_at_all_is_ignored_with_that_reason(house: House) -> None:
    offer(house, [])
    await house.settle()
    assert house.verdicts() == ["ignored ignored.empty"]
