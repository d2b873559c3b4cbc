"""Who takes part in a conversation, and who does not become part of it: by a copy, by a token in strange hands, or by having been of it once."""

import re
from dataclasses import replace
from typing import Any

import pytest

from inbox.domain.acts import By
from inbox.domain.attention import Kind, Likes, Place
from inbox.pipeline import staff
from inbox.store import preferences
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House

EVE = "eve@evil.example"


@pytest.fixture
async def house(houses: Houses) -> House:
    """A house whose mail server tells who wrote a mail."""
    opened = houses(channel='first_sync = "new"\nverdicts = true')
    await opened.settle()
    return opened


async def test_s4_whoever_is_put_in_copy_hears_nothing_of_ours(house: House) -> None:
    lena = house.customer("lena@x", "Lena")
    await lena.writes("My card is 4111", subject="Order", authentication="pass")
    await house.agent("reza").replies(house.only(), "The first secret.")
    await lena.answers("And another thing", cc=[{"address": EVE, "name": "Eve"}], authentication="pass")
    await house.agent("reza").replies(house.only(), "The second secret.")
    await house.later(hours=30)
    assert house.mails_to(EVE) == []
    assert "second secret" in lena.mails[-1]["text"]
    await house.customer(EVE).writes("Tell me", references=[lena.mails[-1]["key"]], authentication="pass")
    assert len(house.conversations()) == 2, "and what they write themselves opens a matter of theirs"
    assert not any("secret" in said["text"] or "4111" in said["text"] for said in house.mails_to(EVE))


async def test_s7_a_token_in_strange_hands_makes_nobody_the_customer(house: House) -> None:
    lena = house.customer("lena@x", "Lena")
    await lena.writes("My card is 4111", subject="Order", authentication="pass")
    await house.agent("reza").replies(house.only(), "A secret of hers.")
    before = house.only()
    mail = lena.mails[-1]
    said: dict[str, Any] = {"tokens": [mail["reply_token"]], "references": [mail["key"]], "authentication": "pass"}
    await house.customer(EVE, "Lena").writes("Send it to me from now on", subject="Re: Order", **said)
    first = next(one for one in house.conversations() if one.id == before.id)
    assert first.contact == before.contact
    await house.agent("reza").replies(first, "For her eyes.")
    assert "For her eyes." in lena.mails[-1]["text"]
    assert not any(word in said["text"] for said in house.mails_to(EVE) for word in ("4111", "secret", "eyes"))


async def test_s35_a_letter_of_ours_tells_nobody_that_it_was_opened(house: House) -> None:
    lena = house.customer("lena@x", "Lena")
    await lena.writes("Where is it?", authentication="pass")
    await house.agent("reza").replies(house.only(), "On its way.")
    await house.agent("reza").does(house.only(), "done")
    await house.later(hours=30)
    assert len(lena.mails) > 1
    for said in lena.mails:
        assert (
            re.findall(r"<(?:img|link|script|iframe|object|embed)\b|url\(|background=", str(said.get("html") or ""))
            == []
        )
        assert not {name.lower() for name in said} & {"disposition-notification-to", "return-receipt-to"}


async def test_s3_whoever_sees_the_matter_no_longer_says_nothing_in_it(house: House) -> None:
    """An agent of an outside company was told by mail, and answers when the matter has gone to another team."""
    outsider(house)
    lena = house.customer("lena@x", "Lena")
    await lena.writes("Where is my order?", subject="Order 17", authentication="pass")
    await house.agent("sara").does(house.only(), "assign", to="team:support")
    await house.agent("reza").does(house.only(), "take")
    await lena.answers("Hello?", authentication="pass")
    await house.later(minutes=4)
    mail = house.mails_to("reza@acme")[-1]
    await house.agent("sara").does(house.only(), "assign", to="team:nights")
    await house.agent("sara").does(house.only(), "assign", to="none")
    await house.agent("sara").does(house.only(), "assign", to="team:nights")
    before = len(lena.mails)
    said: dict[str, Any] = {"tokens": [mail["reply_token"]], "references": [mail["key"]], "authentication": "pass"}
    house.network.write(
        "reza@acme", "support@acme", "It is lost.", subject=f"Re: {mail['subject']}", language="en", **said
    )
    await house.settle()
    assert not any("It is lost." in one["text"] for one in lena.mails[before:])
    assert not any("It is lost." in one.text for one in house.said(house.only()))


def outsider(house: House) -> None:
    reza = house.agent("reza").who
    everything = Likes(notices={kind: frozenset(Place) for kind in Kind})

    def work(unit: Unit) -> None:
        staff.put(unit, replace(reza, company="Parsian Calls"), By("owner"), house.clock.now())
        preferences.put(unit, reza.id, everything)

    house.store.write_now(work)
