"""Old mail out of files: silent, at its own time, our own among it; and what is alive goes on as if nothing had happened."""

import asyncio
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from inbox.archive.files import single
from inbox.domain.conversations import Conversation, State
from inbox.domain.messages import Direction, Message
from inbox.domain.scope import Scope
from inbox.pipeline import past
from inbox.pipeline.receive import judge
from inbox.runtime.importer import Importer
from inbox.runtime.reckoning import Reckoning
from inbox.runtime.unpacking import Unpacking
from inbox.store import views
from tests.path.conftest import Houses
from tests.path.house import SUPPORT, Here, House

US = "support@acme"


@dataclass
class Box:
    """A folder of old mails, and the house that they are brought into."""

    house: House
    folder: Path
    count: int = 0

    def holds(self, sender: str, text: str, days_ago: float, *, to: str = US, **more: object) -> str:
        """One more mail, written so many days ago; its key."""
        self.count += 1
        key = str(more.pop("key", f"<{self.count}@old>"))
        said = {"kind": "message", "key": key, "sender": {"address": sender}, "to": [{"address": to}], "text": text}
        self.lay(json.dumps({**said, "subject": "Old", "language": "en", **more}).encode(), days_ago)
        return key

    def lay(self, raw: bytes, days_ago: float) -> None:
        path = self.folder / f"{self.count:03d}.eml"
        path.write_bytes(raw)
        at = self.when(days_ago).timestamp()
        os.utime(path, (at, at))

    def when(self, days_ago: float) -> datetime:
        return self.house.clock.now() - timedelta(days=days_ago)

    async def comes_in(self) -> Reckoning:
        """All of it is brought in."""
        house, archive, spool = self.house, single(self.folder), self.folder / "spool"
        spool.mkdir(exist_ok=True)
        unpacking = Unpacking(house.store, house.rooms.blobs, Here(house.rooms), SUPPORT, spool)
        importer = Importer(house.store, unpacking, house.playbook(), house.clock, SUPPORT)
        return await importer.run(archive, archive.index(house.clock.now(), lambda _: None), lambda _: None)


@pytest.fixture
async def box(houses: Houses, tmp_path: Path) -> Box:
    folder = tmp_path / "old"
    folder.mkdir()
    return Box(houses(), folder)


def said(box: Box, matter: Conversation | None = None) -> list[tuple[str, Direction, datetime]]:
    matter = matter or box.house.only()
    return [(m.text, m.direction, m.at) for m in box.house.said(matter)]


async def test_it_is_silent_and_has_its_own_time(box: Box) -> None:
    box.holds("ali@x", "Where is it?", 400)
    reckoning = await box.comes_in()
    assert (reckoning.offered, reckoning.imported, reckoning.conversations, reckoning.contacts) == (1, 1, 1, 1)
    assert reckoning.adds_up
    matter = box.house.only()
    assert (matter.state, matter.history, matter.waiting_since) == (State.DONE, True, None)
    assert (matter.opened_at, matter.changed_at, matter.done_at) == (box.when(400),) * 3
    assert said(box) == [("Where is it?", Direction.INBOUND, box.when(400))]
    assert [(e.payload.kind, e.at) for e in box.house.log(matter)] == [
        ("opened", box.when(400)),
        ("received", box.when(400)),
    ]
    await box.house.settle()
    assert (box.house.clocks(matter), box.house.promises(matter), box.house.deliveries()) == ({}, [], [])


async def test_a_second_time_changes_nothing(box: Box) -> None:
    box.holds("ali@x", "One", 3)
    box.holds("ali@x", "", 2, automatic="auto-reply")
    await box.comes_in()
    before = box.house.conversations()
    again = await box.comes_in()
    assert (again.imported, dict(again.duplicates), again.adds_up) == (0, {"duplicate.key": 2}, True)
    assert box.house.conversations() == before


async def test_the_order_of_the_files_does_not_matter(box: Box) -> None:
    box.holds("ali@x", "third", 1, references=["<2@old>", "<3@old>"])
    box.holds("ali@x", "second", 2, references=["<3@old>"])
    box.holds("ali@x", "first", 3)
    await box.comes_in()
    assert [text for text, _, _ in said(box)] == ["first", "second", "third"]


async def test_a_matter_was_over_for_too_long_as_it_would_have_been_then(box: Box) -> None:
    """Every twenty days somebody wrote: one matter. After forty days of silence another one follows it."""
    for n, days in enumerate((400, 380, 360, 320)):
        box.holds("ali@x", str(days), days, references=[f"<{n}@old>"] if n else [])
    await box.comes_in()
    one, other = box.house.conversations()
    assert [text for text, _, _ in said(box, one)] == ["400", "380", "360"]
    assert (other.follows, said(box, other)[0][0]) == (one.id, "320")


async def test_what_we_wrote_stands_where_it_was_an_answer(box: Box) -> None:
    question = box.holds("ali@x", "Where is it?", 9)
    answer = box.holds(US, "On its way", 8, to="ali@x", references=[question])
    box.holds("ali@x", "Thank you", 7, references=[answer])
    reckoning = await box.comes_in()
    assert (reckoning.imported, reckoning.ours, reckoning.contacts) == (3, 1, 1)
    assert [(text, way) for text, way, _ in said(box)] == [
        ("Where is it?", Direction.INBOUND),
        ("On its way", Direction.OUTBOUND),
        ("Thank you", Direction.INBOUND),
    ]
    assert box.house.only().excerpt == "Thank you"
    assert box.house.deliveries() == []


async def test_we_wrote_first_and_they_answered(box: Box) -> None:
    key = box.holds(US, "Your contract ends", 9, to="ali@x")
    box.holds("ali@x", "Please renew it", 8, references=[key])
    await box.comes_in()
    assert [text for text, _, _ in said(box)] == ["Your contract ends", "Please renew it"]


async def test_whoever_answers_late_takes_the_matter_up_again(box: Box) -> None:
    question = box.holds("ali@x", "Where is it?", 200)
    answer = box.holds(US, "Found it", 100, to="ali@x", references=[question])
    box.holds("ali@x", "Thank you", 90, references=[answer])
    await box.comes_in()
    assert [text for text, _, _ in said(box)] == ["Where is it?", "Found it", "Thank you"]


async def test_an_answer_to_somebody_else_proves_nothing(box: Box) -> None:
    question = box.holds("ali@x", "Where is it?", 9)
    box.holds(US, "Look at this", 8, to="eve@x", references=[question])
    await box.comes_in()
    assert len(box.house.conversations()) == 2


@pytest.mark.parametrize(
    ("to", "more", "why"),
    [
        (US, {}, "ignored.own_address"),
        ("support+abc@acme", {}, "ignored.own_address"),
        ("ali@x", {"automatic": "auto-reply"}, "ignored.own_machine"),
        ("ali@x", {"automatic": "bulk"}, "ignored.own_machine"),
    ],
)
async def test_what_of_ours_is_no_matter_of_anybody(box: Box, to: str, more: dict[str, object], why: str) -> None:
    box.holds(US, "Hello", 9, to=to, **more)
    assert dict((await box.comes_in()).ignored) == {why: 1}
    assert box.house.conversations() == []


async def test_what_the_house_sent_is_here_already(box: Box) -> None:
    await box.house.settle()
    await box.house.customer("ali@x").writes("Where is it?")
    for delivery in box.house.deliveries():
        box.count += 1
        box.lay(delivery.part.body + b" ", 0)
    assert dict((await box.comes_in()).duplicates) == {"duplicate.ours": 1}
    assert len(box.house.said(box.house.only())) == 2


async def test_what_came_over_the_channel_is_known_by_its_fingerprint(box: Box) -> None:
    await box.house.settle()
    await box.house.customer("ali@x").writes("Where is it?", fingerprint="the same")
    box.holds("ali@x", "Where is it?", 0, fingerprint="the same")
    assert dict((await box.comes_in()).duplicates) == {"duplicate.fingerprint": 1}


async def test_old_mail_of_a_living_matter_comes_before_what_is_new(box: Box) -> None:
    """The agent still answers the newest question, the guard sees nothing new, and the clock runs as before."""
    house = box.house
    await house.settle()
    await house.customer("ali@x").writes("Still not here", references=["<1@old>"])
    before, clocks = house.only(), house.clocks(house.only())
    box.holds("ali@x", "Where is it?", 9)
    box.holds(US, "On its way", 8, to="ali@x", references=["<1@old>"])
    await box.comes_in()
    now = house.only()
    assert (now.state, now.waiting_since, now.excerpt) == (before.state, before.waiting_since, before.excerpt)
    assert house.clocks(now) == clocks
    assert [text for text, _, _ in said(box)][:3] == ["Where is it?", "On its way", "Still not here"]
    await house.agent("reza").replies(now, "It is at your door")
    newest: Message = next(m for m in house.said(now) if m.text == "Still not here")
    assert house.mails_to("ali@x")[-1]["references"][0] == newest.key


async def test_who_answers_now_opens_the_old_matter_again_within_its_time(box: Box) -> None:
    key = box.holds("ali@x", "Where is it?", 20)
    stale = box.holds("eve@x", "Where is mine?", 50)
    await box.comes_in()
    await box.house.settle()
    await box.house.customer("ali@x").writes("Still not here", references=[key])
    await box.house.customer("eve@x").writes("Mine neither", references=[stale])
    stale_one, taken_up, new = box.house.conversations()
    assert (taken_up.state, taken_up.history) == (State.OPEN, False), (
        "somebody has taken it up: it is like any other now"
    )
    assert (stale_one.state, stale_one.history) == (State.DONE, True)
    assert (new.follows, new.history) == (stale_one.id, False)


async def test_a_report_of_the_past_changes_nothing(box: Box) -> None:
    report = {"kind": "report", "key": "<r@x>", "about": ["<1@old>"], "recipient": "ali@x", "permanent": True}
    box.holds(US, "Hello", 9, to="ali@x")
    box.count += 1
    box.lay(json.dumps(report).encode(), 8)
    reckoning = await box.comes_in()
    assert dict(reckoning.ignored) == {"ignored.report_of_the_past": 1}


async def test_what_cannot_be_read_is_quarantined_and_the_rest_goes_on(box: Box) -> None:
    box.holds("ali@x", "One", 9)
    box.count += 1
    box.lay(b"no JSON", 8)
    box.holds("ali@x", "Two", 7)
    reckoning = await box.comes_in()
    assert (reckoning.imported, reckoning.quarantined, reckoning.adds_up) == (2, 1, True)
    assert [v.split()[0] for v in box.house.verdicts()] == ["accepted", "quarantined", "accepted"]


async def test_what_breaks_the_receiving_is_tried_and_then_quarantined(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def breaks(unit: object, arrival: object, *rest: object) -> object:
        if arrival.key in bad:  # type: ignore[attr-defined]  # an Arrival
            tries.append("once more")
            raise RuntimeError("broken")
        return judge(unit, arrival, *rest)  # type: ignore[arg-type]  # as it was called

    box.holds("ali@x", "One", 9)
    box.holds("ali@x", "Two", 8)
    bad = {f"import {_digest(box.folder / '001.eml')}"}
    monkeypatch.setattr(past, "judge", breaks)
    reckoning = await box.comes_in()
    assert (len(tries), reckoning.quarantined, reckoning.imported) == (3, 1, 1)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_two_at_once_bring_each_mail_in_once(box: Box) -> None:
    for n in range(120):
        box.holds(f"{n % 7}@x", str(n), 200 - n)
    one, other = await asyncio.gather(box.comes_in(), box.comes_in())
    assert one.imported + other.imported == 120
    assert one.adds_up
    assert other.adds_up
    assert sum(len(box.house.said(m)) for m in box.house.conversations()) == 120


async def test_lists_go_by_the_time_of_the_mail(box: Box) -> None:
    for days in (5, 9, 7):
        box.holds(f"{days}@x", "Hello", days)
    await box.comes_in()
    done = partial(views.listing, scope=Scope.house(), states=(State.DONE,))
    assert [row.contact for row in box.house.store.read_now(done)] == ["5@x", "7@x", "9@x"]
