"""Files that only the network has: they are fetched after their message, survive a kill, and end as here or gone."""

import asyncio
import base64
import io
import json
from contextlib import suppress
from functools import partial

import pytest

from inbox.cli.exporting import Exporting
from inbox.domain.scope import Scope
from inbox.runtime.collector import LARGEST, TRIES, Collector
from inbox.runtime.sender import Retry
from inbox.store import exported, people, views
from tests.path.conftest import Houses
from tests.path.house import SUPPORT, House
from tests.rig.wait import until_async


class Killed(BaseException):
    """The process is gone at this point."""


def file(remote: str = "f1", size: int = 5) -> dict[str, object]:
    return {"filename": "a.pdf", "content_type": "application/pdf", "size": size, "state": "wanted", "remote": remote}


async def writes(house: House, *files: dict[str, object]) -> None:
    await house.customer("sara@x").writes("See the file.", attachments=list(files))


def shown(house: House) -> list[tuple[str, int, str | None]]:
    """State, size and bytes of every file of the first message, as people see it."""
    whole = house.store.read_now(views.shown, Scope.house(), house.conversations()[0].reference)
    assert whole is not None
    return [(f.file.state, f.file.size, _read(house, f.blob)) for f in whole.messages[0].files]


def _read(house: House, digest: str | None) -> str | None:
    return None if digest is None else house.rooms.blobs.read(digest).decode()


async def test_a_file_is_fetched_after_its_message(house: House) -> None:
    house.network.files |= {"f1": b"hello", "f2": b"you"}
    await writes(house, file(), file("f2", 0))
    assert shown(house) == [("here", 5, "hello"), ("here", 3, "you")]
    assert len(house.customer("sara@x").mails) == 1, "nobody waits for a file"


async def test_a_file_that_the_network_no_longer_has_is_gone(house: House) -> None:
    house.network.files["f2"] = b"you"
    await writes(house, file(), file("f2"))
    assert shown(house) == [("gone", 5, None), ("here", 3, "you")]


async def test_a_file_that_is_too_large_stays_where_it_is(house: House) -> None:
    house.network.files |= {"f1": b"x", "f2": bytes(LARGEST + 1)}
    await writes(house, file(size=LARGEST + 1), file("f2"))
    assert [state for state, *_ in shown(house)] == ["gone", "gone"]


async def received(house: House, *files: dict[str, object]) -> None:
    """The message is here, and nobody has looked for its files."""
    house.network.write("sara@x", "support@acme", "See the file.", attachments=list(files))
    await house._fetch(SUPPORT)
    await house.receiver.settle()
    assert {state for state, *_ in shown(house)} == {"wanted"}


async def test_a_network_that_is_away_is_tried_again_once_for_all_its_files(house: House) -> None:
    house.network.files |= {"f1": b"hello", "f2": b"you"}
    await received(house, file(), file("f2"))
    house.network.faults.unreachable(times=1)
    assert await house.collectors[SUPPORT].settle() == 1, "one try tells as much as two"
    await house.settle()
    assert [state for state, *_ in shown(house)] == ["wanted", "wanted"]
    await house.later(minutes=2)
    assert [state for state, *_ in shown(house)] == ["here", "here"]


async def test_one_file_that_cannot_be_had_now_is_tried_for_a_day_or_so(house: House) -> None:
    house.network.files |= {"f1": b"hello", "f2": b"you"}
    await received(house, file())
    house.network.faults.withholds(times=TRIES)
    for _ in range(TRIES):
        assert shown(house) == [("wanted", 5, None)]
        await house.later(hours=2, minutes=30)
    assert shown(house) == [("gone", 5, None)]


async def test_a_login_that_is_refused_is_not_tried_again_at_once(house: House) -> None:
    house.network.files["f1"] = b"hello"
    await received(house, file())
    house.network.faults.locks_out()
    assert await house.collectors[SUPPORT].settle() == 1
    house.network.faults.lets_in()
    assert await house.collectors[SUPPORT].settle() == 0
    await house.later(minutes=6)
    assert [state for state, *_ in shown(house)] == ["here"]


@pytest.mark.parametrize("killed", ["collect.opened", "collect.blob_stored", "collect.here"])
async def test_killed_while_a_file_is_fetched_it_is_fetched_by_the_next_run(houses: Houses, killed: str) -> None:
    house = houses()
    await house.settle()
    house.network.files["f1"] = b"hello"
    await received(house, file())

    def kill(point: str) -> None:
        if point == killed:
            raise Killed

    dying = Collector(
        SUPPORT,
        partial(house._channel, SUPPORT),
        house.store,
        house.rooms.blobs,
        Retry(),
        house.wake,
        house.clock,
        kill,
    )
    with pytest.raises(Killed):
        await dying.settle()
    again = houses(clock=house.clock, network=house.network)
    await again.settle()
    assert shown(again) == [("here", 5, "hello")]
    blobs = [path for path in (again.site.data / "blobs").rglob("*") if path.is_file()]
    assert len(blobs) == 1


async def test_it_waits_for_work_and_ends_when_it_is_told_to(house: House) -> None:
    house.network.files["f1"] = b"hello"
    running = asyncio.create_task(house.collectors[SUPPORT].run())
    house.network.write("sara@x", "support@acme", "See the file.", attachments=[file()])
    await house._fetch(SUPPORT)
    await house.receiver.settle()
    await until_async(lambda: [state for state, *_ in shown(house)] == ["here"])
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_an_export_has_the_bytes_that_came_later(house: House) -> None:
    house.network.files["f1"] = b"hello"
    await writes(house, file())
    whole = house.store.read_now(exported.whole, house.only().id, Scope.house(), exported.Period(), notes=True)
    written = io.BytesIO()
    roster = house.store.read_now(people.roster)
    Exporting(house.rooms.blobs, house.playbook().channels, roster, True).jsonl(written, whole)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (content,) = [one["content"] for line in lines for one in line.get("attachments", ())]
    assert base64.b64decode(content) == b"hello"
