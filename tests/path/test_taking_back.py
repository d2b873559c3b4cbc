"""An answer waits a moment on the pages: until then it can be taken back, and then nothing of it ever happened."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from inbox.actions.action import Surface
from inbox.domain.conversations import State
from inbox.domain.problems import Problem
from inbox.pipeline.reply import Refused
from inbox.store import drafts
from inbox.store import tables as t
from tests.path.house import Colleague, House


def at_the_pages(house: House, handle: str) -> Colleague:
    """One of us there."""
    return replace(house.agent(handle), via=Surface.WEB)


async def test_it_leaves_after_the_moment_and_not_before(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await at_the_pages(house, "reza").replies(house.only(), "There.")
    assert len(sara.mails) == 1, "the acknowledgement alone"
    await house.later(seconds=10)
    assert len(sara.mails) == 2
    with pytest.raises(Refused, match=r"undo\.too_late"):
        await at_the_pages(house, "reza").does(house.only(), "undo")


@pytest.mark.parametrize("then", ["waiting", "done", "open"])
async def test_taken_back_it_was_never_said(house: House, then: str) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    before = house.only()
    reza = at_the_pages(house, "reza")
    done = await reza.replies(before, "Ther", then=then, cc=["boss@x"])
    await reza.does(house.only(), "undo", message=done.message)
    after = house.only()
    assert (after.state, after.waiting_since) == (State.OPEN, before.waiting_since)
    await house.later(seconds=10)
    assert len(sara.mails) == 1
    kept = house.store.read_now(drafts.of, reza.who.id, after.id)
    assert kept is not None
    assert (kept.text, kept.cc) == ("Ther", ("boss@x",))
    open_clocks = sa.select(t.clock.c.metric).where(t.clock.c.stopped_at.is_(None))
    assert house.store.read_now(lambda unit: unit.execute(open_clocks).all()), "the clocks run as they did"
    await reza.replies(after, "There.")
    await house.later(seconds=10)
    assert len(sara.mails) == 2
    assert house.store.read_now(drafts.of, reza.who.id, after.id) is None


async def test_taken_back_it_stands_below_what_was_begun_meanwhile(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    reza = at_the_pages(house, "reza")
    await reza.replies(house.only(), "There.")
    house.store.write_now(drafts.put, reza.who.id, house.only().id, drafts.Draft("Also"), house.clock.now())
    await reza.does(house.only(), "undo")
    kept = house.store.read_now(drafts.of, reza.who.id, house.only().id)
    assert kept is not None
    assert kept.text == "Also\n\nThere."


async def test_a_promise_that_is_taken_back_binds_nobody(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    reza = at_the_pages(house, "reza")
    await reza.does(house.only(), "promise", by="tomorrow")
    await reza.does(house.only(), "undo")
    last = sa.select(t.promise.c.state).order_by(t.promise.c.id.desc()).limit(1)
    assert house.store.read_now(lambda unit: unit.execute(last).scalar_one()) == "withdrawn"


async def test_nobody_takes_back_what_another_said_or_what_nobody_did(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    with pytest.raises(Refused, match=r"undo\.nothing"):
        await at_the_pages(house, "sara").does(house.only(), "undo")
    done = await at_the_pages(house, "reza").replies(house.only(), "There.")
    with pytest.raises(Refused, match=r"undo\.not_yours"):
        await at_the_pages(house, "sara").does(house.only(), "undo", message=done.message)
    with pytest.raises(Refused, match=r"undo\.nothing"):
        await at_the_pages(house, "reza").does(house.only(), "undo", message=99)


async def test_what_waits_here_keeps_nobody_waiting_elsewhere(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    assert len(sara.mails) == 2


# -- copies, and what is stuck -----------------------------------------------------------------------------------------
async def test_copies_go_to_each_once_and_never_to_ourselves(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    copies = ["boss@x", "boss@x", "sara@x", "support@acme"]
    await house.agent("reza").replies(house.only(), "There.", cc=copies)
    assert len(house.mails_to("boss@x")) == 1
    assert len(sara.mails) == 2
    with pytest.raises(Refused, match=r"reply\.bad_copy"):
        await house.agent("reza").replies(house.only(), "There.", cc=["no body"])


async def test_what_failed_is_sent_again_by_whoever_sees_the_conversation_and_no_other(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    d = t.delivery.c
    id = house.store.read_now(lambda unit: unit.execute(sa.select(sa.func.max(d.id))).scalar_one())
    house.store.write_now(lambda unit: unit.execute(sa.update(t.delivery).where(d.id == id).values(state="parked")))
    await house.agent("reza").does(house.only(), "retry", delivery=id)
    assert len(sara.mails) == 3
    with pytest.raises(Problem, match=r"cli\.delivery_not_so"):
        await house.agent("reza").does(house.only(), "drop", delivery=id)
    with pytest.raises(Problem, match=r"cli\.no_such_delivery"):
        await house.agent("reza").does(house.only(), "retry", delivery=999)
