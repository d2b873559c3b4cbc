"""Held words: their agent sees and confirms them, those who lead put them away, and nobody else learns of them."""

import sqlalchemy as sa

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.ids import AgentId, ArrivalId, ChannelName, ConversationId
from inbox.store import agent_words, arrivals
from inbox.store import tables as t
from inbox.store.agent_words import Words
from inbox.store.unit import Unit
from tests.web.asking import Visitor, hidden
from tests.web.reader import inside
from tests.web.sites import NOW, OMID, SARA, Site

FROM_HERE = {"sec_fetch_site": "same-origin"}


def held(site: Site, whom: AgentId | None = OMID, reference: str = "K7Q2", words: str = "Pay to my account.") -> int:
    """Words came in an agent's name, and nothing proves that they are theirs."""

    def work(unit: Unit) -> int:
        landing = arrivals.Landing(f"held {words}", 10, b"raw")
        id = arrivals.land_one(unit, ChannelName("support"), landing, NOW)
        assert id is not None
        c = t.conversation.c
        found = unit.execute(sa.select(c.id).where(c.reference == reference)).scalar()
        matter = None if found is None else ConversationId(found)
        agent_words.put(unit, Words(id, whom, matter, "mail", 1, words, words, words, "held.failed", NOW))
        arrivals.judge(unit, id, Judged(Verdict.HELD, "held.failed"), NOW)
        return int(id)

    return site.store.write_now(work)


def verdict(site: Site, id: int) -> str | None:
    query = sa.select(t.arrival.c.verdict).where(t.arrival.c.id == id)
    found: str | None = site.store.read_now(lambda unit: unit.execute(query).scalar_one())
    return found


async def test_their_agent_sees_why_they_are_held_and_confirms_them(filled: Site) -> None:
    id = held(filled)
    visitor = await inside(filled, OMID)
    page = await visitor.get("/held")
    assert "Pay to my account." in page.text
    assert "The mail server says that its sender did not write it." in page.text
    form = {"form_token": hidden(page, "form_token")}
    assert (await visitor.ask("POST", f"/held/{id}/confirm", FROM_HERE, form)).status == 303
    assert verdict(filled, id) is None, "it is received again"
    words = filled.store.read_now(agent_words.of, ArrivalId(id))
    assert words is not None
    assert words.confirmed_by == OMID


async def test_for_which_conversation_is_asked_where_nobody_can_tell(filled: Site) -> None:
    id = held(filled, reference="none")
    visitor = await inside(filled, OMID)
    page = await visitor.get("/held")
    form = {"form_token": hidden(page, "form_token"), "reference": "0000"}
    await visitor.ask("POST", f"/held/{id}/confirm", FROM_HERE, form)
    assert verdict(filled, id) == "held", "there is no such conversation"
    await visitor.ask("POST", f"/held/{id}/confirm", FROM_HERE, {**form, "reference": "k7q2"})
    assert verdict(filled, id) is None


async def test_nobody_else_confirms_them_and_who_does_not_lead_does_not_see_them(filled: Site) -> None:
    id = held(filled, whom=SARA)
    visitor = await inside(filled, OMID)
    page = await visitor.get("/held")
    assert "Pay to my account." not in page.text
    form = {"form_token": hidden(page, "form_token")}
    for act in ("confirm", "drop"):
        await visitor.ask("POST", f"/held/{id}/{act}", FROM_HERE, form)
        assert verdict(filled, id) == "held"


async def test_the_owner_of_the_site_puts_away_what_is_foreign(filled: Site) -> None:
    id = held(filled)
    owner = Visitor(filled.app())
    await owner.sign_in(filled.link("owner", None))
    page = await owner.get("/held")
    assert "/confirm" not in page.text, "they are no agent"
    await owner.ask("POST", f"/held/{id}/drop", FROM_HERE, {"form_token": hidden(page, "form_token")})
    assert verdict(filled, id) == "ignored"
    assert "Pay to my account." not in (await owner.get("/held")).text


async def test_whoever_can_have_them_done_sees_all_of_them(filled: Site) -> None:
    held(filled, words="It is on its way.\n" + "Really. " * 50 + "\nPay to my account.")
    assert "Pay to my account." in (await (await inside(filled, OMID)).get("/held")).text
