"""The stream without a browser: what it says, when it ends, how many there may be, and who may say that they are there."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import ANY

import pytest

from inbox.domain.attention import Doing
from inbox.domain.ids import ConversationId, EventId
from inbox.domain.scope import Scope
from inbox.store import entry, presence
from inbox.store import tables as t
from inbox.store.attending import Changed, Look, latest
from inbox.store.unit import Unit
from inbox.web.live.crowd import A_SESSION, Crowd
from inbox.web.live.listener import MOST, Listener
from inbox.web.session import digest
from tests.web.asking import Visitor, hidden
from tests.web.sites import OMID, SARA, WORDING, Site
from tests.web.watching import numbered, told_of, writes

FROM_HERE = {"sec_fetch_site": "same-origin"}
TAB = "t" * 43


@pytest.fixture
async def crowd(filled: Site) -> AsyncIterator[Crowd]:
    """Those who listen to the filled site; it looks while the test waits."""
    filled.store.write_now(numbered)
    filled.wake.attach()
    made = Crowd(filled.store, filled.wake, filled.clock)
    looking = asyncio.create_task(made.run())
    yield made
    await made.end()
    looking.cancel()
    await asyncio.wait([looking])


def listener(site: Site, session: str = "one", scope: Scope | None = None) -> Listener:
    """A page of omid's, whose session stands."""
    if site.store.read_now(entry.visitor, digest(session), site.clock.now()) is None:
        site.store.write_now(entry.begin, OMID, entry.From(digest(session), "", ""), site.clock.now())
    return Listener(
        f"tab {id(site)}", digest(session), scope or Scope.of_agent(OMID), lambda key, **f: WORDING.say("en", key, **f)
    )


def said(one: Listener) -> dict[str, Any]:
    """What waited, by the names of the events."""
    blocks = one.said().decode().strip().split("\n\n")
    lines = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks if block]
    return {line["event"]: json.loads(line["data"]) for line in lines}


async def news(one: Listener) -> dict[str, Any]:
    """The next news."""
    await asyncio.wait_for(one.news.wait(), 10)
    return said(one)


async def test_a_page_hears_what_changed_who_is_there_and_what_is_unread(filled: Site, crowd: Crowd) -> None:
    one = listener(filled)
    assert await crowd.join(one, None)
    assert await news(one) == {"unread": {"n": 0}, "here": {"people": []}}
    writes(filled, "K7Q2", "Once more")
    assert list((await news(one))["look"]["changed"]) == ["K7Q2"]
    told_of(filled, "K7Q2", OMID)
    assert await news(one) == {"unread": {"n": 1}}
    filled.store.write_now(presence.beat, "x", SARA, ConversationId(1), Doing.WRITING, filled.clock.now())
    people = (await news(one))["here"]["people"]
    assert [(person["ref"], person["doing"]) for person in people] == [("K7Q2", "writing")]


async def test_who_comes_back_hears_what_happened_meanwhile_and_too_much_is_not_listed(
    filled: Site, crowd: Crowd
) -> None:
    first = listener(filled)
    await crowd.join(first, None)
    said(first)
    crowd.leave(first)
    writes(filled, "K7Q2", "One")
    writes(filled, "M4TR", "Two")
    again = listener(filled)
    await crowd.join(again, EventId(1))
    assert {"K7Q2", "M4TR"} <= set(said(again)["look"]["changed"])


async def test_h7_for_a_page_that_does_not_read_a_bounded_amount_waits_and_it_goes_on_behind_what_it_heard_last(
    filled: Site, crowd: Crowd
) -> None:
    slow = listener(filled)
    await crowd.join(slow, None)
    said(slow)
    for n in range(5 * MOST):
        slow.hear(Look(EventId(1000 + n), (Changed(ConversationId(1000 + n), f"R{n}", 1),)))
        assert len(slow._changed) <= MOST
    waiting = slow.said()
    assert len(waiting) < 200
    assert b'"many":true' in waiting
    assert f"id: {999 + 5 * MOST}\n".encode() in waiting
    assert slow.said() == b""
    heard = filled.store.read_now(latest)
    crowd.leave(slow)
    writes(filled, "K7Q2", "While it was away")
    again = listener(filled)
    await crowd.join(again, heard)
    assert said(again)["look"] == {"changed": {"K7Q2": ANY}, "many": False}


async def test_what_lies_outside_a_scope_is_not_told(filled: Site, crowd: Crowd) -> None:
    blind = listener(filled, scope=Scope.of_agent(OMID, frozenset()))
    seeing = listener(filled)
    for one in (blind, seeing):
        await crowd.join(one, None)
        said(one)
    writes(filled, "B2XY", "Not yours")
    filled.store.write_now(presence.beat, "x", SARA, ConversationId(3), Doing.VIEWING, filled.clock.now())
    await news(seeing)
    assert "look" not in said(blind)


async def test_a_session_that_is_over_ends_its_streams(filled: Site, crowd: Crowd) -> None:
    one = listener(filled)
    await crowd.join(one, None)
    said(one)
    filled.store.write_now(entry.leave, digest("one"))
    filled.clock.advance(entry.LINK_LASTS)
    writes(filled, "K7Q2", "Anything")
    assert "over" in await news(one)
    assert one.over == "over"


@pytest.mark.parametrize("end", ["left", "every one", "disabled"])
async def test_s22_whose_session_is_over_hears_it_at_once_and_nothing_of_what_happens_then(
    filled: Site, crowd: Crowd, end: str
) -> None:
    one, other = listener(filled), listener(filled, "two")
    for each in (one, other):
        await crowd.join(each, None)
        said(each)
    writes(filled, "K7Q2", "For both")
    assert "look" in await news(one)
    assert "look" in await news(other)

    def unit(unit: Unit) -> None:
        if end == "left":
            entry.leave(unit, digest("one"))
        elif end == "every one":
            entry.end_sessions(unit, OMID, digest("two"))
        else:
            unit.execute(t.agent.update().where(t.agent.c.id == OMID).values(disabled=True))

    filled.store.write_now(unit)
    writes(filled, "K7Q2", "Not for them")
    assert await news(one) == {"over": {}}
    assert list(await news(other)) == (["over"] if end == "disabled" else ["look"])


async def test_of_too_many_pages_the_oldest_rests_and_the_end_of_the_house_ends_all(filled: Site, crowd: Crowd) -> None:
    pages = [listener(filled) for _ in range(A_SESSION + 1)]
    for one in pages:
        await crowd.join(one, None)
    assert [one.over for one in pages] == ["rest"] + [""] * A_SESSION
    await crowd.end()
    assert {one.over for one in pages[1:]} == {"end"}
    assert not await crowd.join(listener(filled), None)


async def test_strangers_hear_nothing_and_say_nothing(filled: Site) -> None:
    stranger = Visitor(filled.app())
    assert (await stranger.get("/live")).status == 204
    assert (await stranger.post("/live/here", {"tab": TAB}, **FROM_HERE)).status == 403


async def test_a_page_says_what_it_shows_and_what_is_out_of_sight_is_not_shown(filled: Site) -> None:
    visitor = Visitor(filled.app())
    await visitor.sign_in(filled.link("a", OMID))
    form = {"form_token": hidden(await visitor.get("/"), "form_token"), "tab": TAB, "doing": "viewing"}
    for reference, seen in (("K7Q2", ["K7Q2"]), ("Z9Z9", ["K7Q2"]), ("", [])):
        answer = await visitor.post("/live/here", {**form, "reference": reference}, **FROM_HERE)
        assert answer.status == 204
        here = filled.store.read_now(presence.here, filled.clock.now())
        if reference != "Z9Z9":
            assert [one.reference for one in here] == seen
    wrong = {**form, "form_token": "x", "reference": "K7Q2"}
    assert (await visitor.post("/live/here", wrong, **FROM_HERE)).status == 403
    assert (await visitor.post("/live/here", {**form, "tab": "short", "reference": "K7Q2"}, **FROM_HERE)).status == 204
    assert filled.store.read_now(presence.here, filled.clock.now()) == ()
