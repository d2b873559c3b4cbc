"""`inbox desks`: where agents see conversations in chats, and what is not shown there as it should be."""

from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.domain.desks import DeskPlan
from inbox.domain.ids import AgentId, CardId, ChannelName, DeskId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import stored
from inbox.store import cards, desks, people
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import NOW, contact, conversation

BOT = ChannelName("bot")
NO_RIGHT = stored(Problem("desk.no_right", chat="-500", words="not enough rights"))


def _fill(unit: Unit) -> None:
    """The group has two cards, one of which could not be shown; Sara's private desk has none."""
    people.put_agent(unit, Agent(AgentId(0), "sara", "Sara", "sara@acme"))
    (sara,) = people.roster(unit).agents
    group = desks.of_plan(unit, DeskPlan("support", BOT, "-500"))
    desks.of_agent(unit, DeskPlan("own", BOT), sara, "70")
    unit.add(t.channel, {"name": "support", "kind": "email"})
    lena = contact(unit, "Lena", "lena@example.com")
    _card(unit, group.id, "K2BB", lena, shown=3, title="🟦 #K2BB Lena", thread="-500/7")
    _card(unit, group.id, "B3BB", lena, shown=1, error=NO_RIGHT)


def _card(unit: Unit, desk: DeskId, reference: str, lena: int, **values: object) -> CardId:
    id = cards.put(unit, desk, conversation(unit, reference, lena, version=3), 3, NOW)
    unit.execute(sa.update(t.card).where(t.card.c.id == id).values(**values))
    return id


@pytest.fixture
def talk(inbox: Talk, site: Path) -> Talk:
    """A site whose desks have shown something."""
    assert inbox("list").code == 0
    with closing(Store("sqlite:///data/inbox.db", site)) as store:
        store.write_now(_fill)
    return inbox


def test_without_desks_there_is_nothing_to_list(inbox: Talk) -> None:
    told = inbox("desks", "--format", "json")
    assert (told.code, told.json()) == (0, [])


@pytest.mark.parametrize("words", [("desks",), ("desks", "list")])
def test_every_desk_is_listed_with_what_is_behind_and_why(talk: Talk, words: tuple[str, ...]) -> None:
    own, group = talk(*words, "--format", "json").json()
    assert own == {
        "desk": "own",
        "agent": "sara",
        "channel": "bot",
        "chat": "70",
        "cards": 0,
        "behind": 0,
        "problem": "",
    }
    assert (group["desk"], group["agent"], group["chat"]) == ("support", "", "-500")
    assert (group["cards"], group["behind"]) == (2, 1)
    assert "not enough rights" in group["problem"]


def test_the_cards_of_one_are_shown(talk: Talk) -> None:
    late, well = talk("desks", "show", "support", "--format", "json").json()
    assert (late["reference"], late["wanted"], late["shown"]) == ("B3BB", 3, 1)
    assert "not enough rights" in late["problem"]
    assert (well["reference"], well["title"], well["thread"]) == ("K2BB", "🟦 #K2BB Lena", "-500/7")
    assert well["problem"] == ""


def test_the_trouble_is_told_in_the_language_of_whoever_asks(talk: Talk) -> None:
    english, persian = (talk("desks", "--lang", language).out for language in ("en", "fa"))
    assert "not enough rights" in english
    assert "The bot may not do that" in english
    assert "بات اجازهٔ این کار را" in persian
    assert "میز" in persian.splitlines()[0]
    assert "doubtful" in talk("desks", "show", "support").out


def test_a_desk_that_there_is_not_is_named(talk: Talk) -> None:
    told = talk("desks", "show", "sales")
    assert told.code != 0
    assert "sales" in told.err
    assert told.out == ""
