"""Albums: what a network delivers in pieces is one message to people, whatever happens in between."""

import json
from datetime import timedelta

from inbox.domain.scope import Scope
from inbox.store import arrivals, views
from inbox.store.shown import ShownMessage
from tests.path.conftest import Houses
from tests.path.house import SUPPORT, House


def file(remote: str) -> dict[str, object]:
    return {"filename": f"{remote}.jpg", "content_type": "image/jpeg", "size": 3, "state": "wanted", "remote": remote}


def piece(house: House, number: int, text: str = "", *, group: str = "g1", **more: object) -> None:
    """One piece lies in our mailbox."""
    said = {
        "kind": "message",
        "key": f"{group}.{number}",
        "fingerprint": f"{group}.{number}",
        "sender": {"address": "sara@x"},
        "thread": "chat-1",
        "text": text,
        "language": "en" if text else None,
        "attachments": [file(f"{group}.{number}")],
        **more,
    }
    house.network.files[f"{group}.{number}"] = b"jpg"
    raw = {"kind": "fragment", "group": group, "key": f"{group}.{number}", "message": said}
    house.network.offer("support@acme", json.dumps(raw).encode())


def shown(house: House) -> list[ShownMessage]:
    """What the customer said, as people read it."""
    whole = house.store.read_now(views.shown, Scope.house(), house.conversations()[0].reference)
    assert whole is not None
    return [m for m in whole.messages if m.message.direction == "inbound"]


async def test_an_album_is_one_message_with_all_its_files_and_one_acknowledgement(house: House) -> None:
    for number, text in enumerate(("", "The parcel is broken", "")):
        piece(house, number, text)
    await house.settle()
    assert house.conversations() == [], "it waits until nothing more comes"
    await house.later(seconds=1)
    (message,) = shown(house)
    assert message.words == "The parcel is broken"
    assert [(f.file.filename, f.file.state) for f in message.files] == [(f"g1.{n}.jpg", "here") for n in range(3)]
    assert house.verdicts() == ["accepted", "accepted piece", "accepted piece"]
    assert len(house.customer("sara@x").mails) == 1


async def test_f12_each_further_piece_lets_it_wait_on_but_not_for_ever(house: House) -> None:
    for number in range(13):
        piece(house, number)
        await house.settle()
        house.clock.advance(timedelta(milliseconds=900))
    await house.later(seconds=2)
    assert [len(m.files) for m in shown(house)] == [10, 3]


async def test_f12_ten_pieces_are_whole_at_once(house: House) -> None:
    for number in range(10):
        piece(house, number)
    await house.settle()
    assert [len(m.files) for m in shown(house)] == [10]


async def test_what_comes_too_late_is_a_message_of_its_own_in_the_same_conversation(house: House) -> None:
    piece(house, 0, "One")
    await house.later(seconds=2)
    await house.later(seconds=2)
    piece(house, 1)
    await house.settle()
    await house.later(seconds=2)
    assert [len(m.files) for m in shown(house)] == [1, 1]
    assert len(house.conversations()) == 1


async def test_two_albums_and_a_message_between_do_not_mix(house: House) -> None:
    piece(house, 0, "One")
    piece(house, 0, "Two", group="g2", thread="chat-2", sender={"address": "omid@x"})
    piece(house, 1)
    await house.customer("mina@x").writes("Three")
    piece(house, 1, group="g2", thread="chat-2", sender={"address": "omid@x"})
    await house.settle()
    await house.later(seconds=1)
    assert sorted((c.excerpt, c.messages) for c in house.conversations()) == [("One", 2), ("Three", 2), ("Two", 2)]


async def test_killed_between_the_pieces_nothing_is_lost(houses: Houses) -> None:
    house = houses()
    await house.settle()
    piece(house, 0)
    await house.settle()
    again = houses(clock=house.clock, network=house.network)
    piece(again, 1, "The parcel is broken")
    await again.settle()
    last = houses(clock=house.clock, network=house.network)
    await last.later(seconds=1)
    (message,) = shown(last)
    assert (message.words, len(message.files)) == ("The parcel is broken", 2)


async def test_an_edit_or_an_answer_finds_an_album_by_any_of_its_pieces(house: House) -> None:
    piece(house, 0)
    piece(house, 1, "Broken")
    await house.settle()
    await house.later(seconds=1)
    edit = {"kind": "edit", "key": "g1.1", "sender": {"address": "sara@x"}, "thread": "chat-1", "text": "Lost"}
    house.network.offer("support@acme", json.dumps(edit).encode())
    await house.customer("sara@x").writes("And?", references=["g1.1"])
    assert [m.words for m in shown(house)] == ["Lost", "And?"]


async def test_a_file_that_stands_in_its_own_raw_is_not_taken_from_it(house: House) -> None:
    content = {"filename": "a.txt", "content_type": "text/plain", "content": "aGVsbG8="}
    piece(house, 0, "One", attachments=[content])
    await house.settle()
    assert [len(m.files) for m in shown(house)] == [1]


async def test_an_album_that_cannot_be_received_is_put_apart_whole(house: House) -> None:
    piece(house, 0, "One")
    piece(house, 1, attachments=[{**file("x"), "size": 2**70}])
    await house.settle()
    await house.later(seconds=1)
    assert [a.channel for a in house.store.read_now(arrivals.apart)] == [SUPPORT]
    assert house.conversations() == []
