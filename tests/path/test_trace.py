"""`inbox trace`: one conversation joined in the order of time, from the database alone, as far as its reader may know."""

import json
from datetime import datetime
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from inbox.__main__ import main
from inbox.domain.scope import Scope
from inbox.store.traced import became, followed, traced
from tests.path.house import House

Capture = pytest.CaptureFixture[str]


async def lived(house: House) -> str:
    """A question, an acknowledgement, an answer that was refused, and the reference of it all."""
    await house.customer("ali@x", "Ali").writes("Where is it?")
    await house.later(minutes=10)
    house.network.faults.refuses("ali@x")
    await house.agent("reza").replies(house.only(), "There.")
    return house.only().reference


def told(house: House, capture: Capture, *words: str) -> str:
    capture.readouterr()
    assert main(["trace", *words, "--site", str(house.folder), "--lang", "en"]) == 0
    return capture.readouterr().out


def steps(house: House, capture: Capture, *words: str) -> list[dict[str, Any]]:
    found = json.loads(told(house, capture, *words, "--format", "json"))
    return list(found["steps"])


async def test_everything_is_told_in_the_order_of_time(house: House, capsys: Capture) -> None:
    reference = await lived(house)
    found = steps(house, capsys, reference)
    instants = [datetime.fromisoformat(one["at"]) for one in found]
    assert instants == sorted(instants)
    kinds = [one["kind"] for one in found]
    assert kinds[:2] == ["arrival", "verdict"]
    assert set(kinds) == {"arrival", "verdict", "event", "decision", "promise", "clock", "delivery", "handed"}
    arrival = found[0]
    assert arrival["trace"] == "a1"
    assert arrival["facts"]["size"] > 0
    assert arrival["facts"]["verdict"] == "accepted"
    decision = next(one for one in found if one["kind"] == "decision")
    assert decision["facts"]["rules"]
    assert decision["more"]
    handed = [one["facts"] for one in found if one["kind"] == "handed"]
    assert [(one["purpose"], one["state"], one["attempts"]) for one in handed] == [
        ("acknowledgement", "sent", 1),
        ("reply", "failed", 1),
    ]
    events = [one["facts"]["version"] for one in found if one["kind"] == "event"]
    assert events == list(range(1, house.only().version + 1))


async def test_it_is_told_to_people_and_as_markdown(house: House, capsys: Capture) -> None:
    reference = await lived(house)
    text = told(house, capsys, reference)
    assert f"#{reference}" in text.splitlines()[0]
    assert "a1 by support" in text
    marked = told(house, capsys, reference, "--format", "md")
    assert marked.startswith(f"# #{reference}")
    assert "\n- 2026-" in marked
    assert main(["trace", reference, "--format", "csv", "--site", str(house.folder)]) == 2


async def test_a_conversation_that_there_is_not_has_no_trace(house: House, capsys: Capture) -> None:
    assert main(["trace", "ZZZZ", "--site", str(house.folder)]) == 2
    assert "ZZZZ" in capsys.readouterr().err


async def test_who_may_not_read_it_learns_nothing(house: House) -> None:
    await lived(house)
    id = house.only().id
    assert house.store.read_now(traced, Scope.house(), id) is not None
    assert house.store.read_now(traced, Scope.of_token(), id) is None
    hidden = Scope(kind="house", hides=frozenset({"addresses"}))
    found = house.store.read_now(traced, hidden, id)
    assert found is not None
    assert [part for part in (*found.came, *found.events, *found.went) if "ali@x" in repr(part)] == []
    assert found.decisions == ()
    assert found.went


async def test_the_log_learns_what_an_arrival_became_and_what_a_message_follows(house: House) -> None:
    await lived(house)
    upto, known = house.store.read_now(became, None)
    (one,) = known.values()
    assert house.store.read_now(became, upto) == (upto, {})
    assert (one.reference, one.first) == (house.only().reference, "acknowledged")
    assert one.rules
    said = [message.id for message in house.said(house.only())]
    assert set(house.store.read_now(followed, said).values()) == {1}
    assert len(house.store.read_now(followed, said)) == 3


async def test_one_message_is_followed_through_the_log_and_nothing_of_it_stands_there(house: House) -> None:
    """Whatever is told where nothing is wrong has no word, no name and no address of the one who wrote."""
    with capture_logs([merge_contextvars]) as lines:
        await house.customer("canary-address@x", "Canary Name").writes(
            "A canary-word about my order.", subject="canary-subject"
        )
        await house.agent("reza").replies(house.only(), "An answer with a canary-reply.")
    mine = [line for line in lines if line.get("trace") == "a1"]
    assert [(line["room"], line["event"]) for line in mine] == [
        ("receive", "accepted"),
        ("send", "sent"),
        ("send", "sent"),
    ]
    assert mine[0]["conv"] == house.only().reference
    assert mine[0]["rules"]
    assert mine[0]["first"] == "acknowledged"
    assert [line for line in lines if line["log_level"] in ("info", "debug") and "canary" in repr(line).lower()] == []
