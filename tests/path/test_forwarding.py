"""An agent forwards what a customer wrote to them: it becomes the customer's conversation, if the agent is proved."""

from dataclasses import replace
from typing import Any

from inbox.domain import events as ev
from inbox.domain.messages import Direction
from inbox.store import people
from inbox.store.store import Store
from tests.path.house import House

FORWARDED = {
    "sender": {"address": "sara@x", "name": "Sara"},
    "subject": "Parcel",
    "text": "Where is it?",
    "key": "hers@x",
    "words": "Can somebody look?",
    "language": "en",
}


async def _passes_on(house: House, **more: object) -> None:
    said: dict[str, Any] = {"subject": "Fwd: Parcel", "authentication": "pass", "forwarded": FORWARDED, **more}
    await house.customer("reza@acme", "Reza").writes("Can somebody look?\n\nWhere is it?", **said)


async def test_the_customer_has_a_conversation_and_is_acknowledged(house: House) -> None:
    await _passes_on(house)
    matter = house.only()
    said, noted, _ = house.said(matter)
    assert (said.sender.address, said.text, matter.subject) == ("sara@x", "Where is it?", "Parcel")
    assert (noted.direction, noted.text) == (Direction.NOTE, "Can somebody look?")
    assert [r.joined_by for r in house.told(matter, ev.Received)] == ["forwarded by reza"]
    assert (len(house.customer("sara@x").mails), house.customer("reza@acme").mails) == (1, [])


async def test_what_the_customer_writes_next_joins_it(house: House) -> None:
    await _passes_on(house)
    await house.customer("sara@x").writes("Hello?", references=["hers@x"])
    assert house.only().messages == 4


async def test_a_forward_of_what_is_here_already_adds_the_note_alone(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?", key="hers@x")
    await _passes_on(house)
    assert [m.text for m in house.said(house.only())][2:] == ["Can somebody look?"]
    await _passes_on(house, forwarded={**FORWARDED, "words": ""}, subject="Fwd: Fwd: Parcel")
    assert [m.text for m in house.said(house.only())][2:] == ["Can somebody look?"]


async def test_without_a_trusted_verdict_the_words_stay_the_agents(house: House) -> None:
    await _passes_on(house, authentication="none")
    matter = house.only()
    assert house.said(matter)[0].sender.address == "reza@acme"
    assert house.customer("sara@x").mails == []


async def test_f19_who_was_disabled_speaks_for_nobody_any_more(house: House) -> None:
    """From the commit on, also where another process disabled them: the roster is looked at by its generation."""
    other = Store(house.store.engine.url.render_as_string(hide_password=False), house.folder)
    await _passes_on(house)
    assert house.said(house.only())[0].sender.address == "sara@x"
    reza = house.agent("reza").who
    other.write_now(people.put_agent, replace(reza, disabled=True))
    other.close()
    await _passes_on(house, forwarded={**FORWARDED, "key": "second@x", "sender": {"address": "ali@x"}})
    assert house.said(house.conversations()[-1])[0].sender.address == "reza@acme"
    assert house.customer("ali@x").mails == []


async def test_who_is_no_agent_speaks_for_nobody(house: House) -> None:
    await house.customer("eve@y").writes("See below", authentication="pass", forwarded=FORWARDED)
    assert house.said(house.only())[0].sender.address == "eve@y"
    assert house.customer("sara@x").mails == []


async def test_a_forward_to_a_reply_address_speaks_for_nobody(house: House) -> None:
    await house.customer("eve@y").writes("Mine")
    token = house.customer("eve@y").mails[0]["reply_token"]
    await _passes_on(house, tokens=[token])
    assert [m.sender.address for m in house.said(house.only()) if m.contact] == ["eve@y", "reza@acme"]
