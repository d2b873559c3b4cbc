"""Who may speak at a desk, how the bot knows them, and the desk of an agent alone."""

from datetime import timedelta

import pytest

from tests.path.at_desk import SECONDS, later, mails, notes, written
from tests.path.conftest import Desks
from tests.path.desk_house import MINA, REZA, SARA, STRANGER


async def test_whoever_is_not_linked_is_told_once_and_heard_by_nobody(desks: Desks) -> None:
    at, topic = await written(desks)
    for _ in range(3):
        at.answers("It is up again", to="The site is down", topic=topic, person=STRANGER)
    at.answers("spoken for the group", to="The site is down", topic=topic, sender_chat={"id": -500, "title": "Desk"})
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert notes(at) == []
    assert sum("does not know who you are" in text for text in at.texts(topic)) == 2, "once each"
    assert at.house.verdicts()[-4:] == ["ignored ignored.desk_stranger"] * 4


async def test_a_disabled_agent_is_refused(desks: Desks) -> None:
    at, topic = await written(desks)
    at.disables("sara")
    at.answers("It is up again", to="The site is down", topic=topic)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert at.house.verdicts()[-1] == "ignored ignored.desk_disabled"


@pytest.mark.parametrize("kind", ["telegram", "bale"])
async def test_an_agent_is_linked_by_a_code_that_they_type(desks: Desks, kind: str) -> None:
    at, topic = await written(desks, kind)
    code = at.code("mina")
    at.answers("Not yet", to="The site is down", topic=topic, person=MINA)
    at.server.write("/link AAAAA-AAAAA", chat=MINA)
    at.server.write(code.lower(), chat=MINA)
    await at.settle()
    at.server.write(code, chat=STRANGER)
    await at.settle()
    at.answers("It is up again", to="The site is down", topic=topic, person=MINA)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["It is up again"]
    told = [text for (chat, _), (text, _) in at.group.standing.items() if chat == str(MINA)]
    assert [text.split(".")[0] for text in told] == [
        "No agent has that code, or it is too old",
        "You are Mina here from now on",
    ]


async def test_a_code_that_everybody_has_read_makes_nobody_an_agent(desks: Desks) -> None:
    at, topic = await written(desks)
    code = at.code("mina")
    at.writes(f"/link {code}", topic=topic, person=MINA)
    await at.settle()
    at.server.write(f"/link {code}", chat=STRANGER)
    await at.settle()
    assert at.house.verdicts()[-1] == "ignored ignored.desk_code"
    at.answers("It is up again", to="The site is down", topic=topic, person=STRANGER)
    await at.settle()
    await later(at)
    assert mails(at) == []


async def test_a_code_is_good_once_for_a_while_and_for_one_who_works_here(desks: Desks) -> None:
    at, _ = await written(desks)
    code = at.code("mina")
    at.house.clock.advance(timedelta(minutes=16))
    at.server.write(f"/link {code}", chat=MINA)
    code = at.code("mina")
    at.disables("mina")
    at.server.write(f"/link {code}", chat=MINA)
    await at.settle()
    assert at.house.verdicts()[-2:] == ["ignored ignored.desk_code"] * 2


async def test_an_agent_alone_has_a_desk_in_private(desks: Desks) -> None:
    at = await desks("telegram", "chat = 0")
    at.links("sara", "reza")
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    await at.settle()
    assert not at.group.standing, "nobody has it yet"
    at.house.agent("reza").acts(at.house.only(), "assign", to="sara")
    await at.settle()
    reference = at.house.only().reference
    head, said = at.group.texts(str(SARA))
    assert head.startswith(f"🟪 #{reference}")
    assert said.endswith("The site is down")
    assert at.group.texts(str(REZA)) == []
    number = next(n for (chat, n), (text, _) in at.group.standing.items() if text == said)
    at.house.clock.advance(SECONDS)
    at.server.write("/r hm", chat=SARA)
    under = {"message_id": number, "chat": {"id": SARA, "type": "private"}}
    when = int(at.house.clock.now().timestamp())
    at.server.write("It is up again", chat=SARA, reply_to_message=under, date=when)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["It is up again"]
    assert any(text.startswith("Which conversation?") for text in at.group.texts(str(SARA)))
    at.house.agent("reza").acts(at.house.only(), "assign", to="reza")
    await at.settle()
    assert "no longer shown here" in at.group.texts(str(SARA))[0]
    assert len(at.house.conversations()) == 1, "what an agent writes in private is no customer's matter"


async def test_whoever_is_no_longer_one_of_us_is_shown_nothing_more_in_private(desks: Desks) -> None:
    at = await desks("telegram", "chat = 0")
    at.links("sara")
    await at.house.customer("lena@x", "Lena").writes("The site is down")
    at.house.agent("reza").acts(at.house.only(), "assign", to="sara")
    await at.settle()
    shown = len(at.server.calls())
    at.disables("sara")
    await at.house.customer("lena@x", "Lena").answers("A secret")
    await at.settle()
    assert len(at.server.calls()) == shown
    assert not any("A secret" in text for text in at.group.texts(str(SARA)))
