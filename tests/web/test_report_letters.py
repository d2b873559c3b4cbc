"""Reports by mail on the pages: asked for with the filters of the page, listed, ended; each lead their own."""

import pytest
import sqlalchemy as sa

from inbox.domain.ids import AgentId, ReportLetterId
from inbox.domain.report_letters import Every, Subject
from inbox.store import report_letters
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.acted import acting_book, signed_in
from tests.web.asking import Answer, Visitor
from tests.web.reader import Page
from tests.web.rolling import rolled
from tests.web.sites import OMID, SARA, Site

PLACE = "/reports/scheduled"


@pytest.fixture
def led(filled: Site) -> Site:
    """Omid and Sara are leads."""

    def fill(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).values(lead=True))
        for id in (OMID, SARA):
            unit.execute(sa.update(t.agent).where(t.agent.c.id == id).values(address=f"{id}@acme.example"))
        rolled(unit)

    filled.store.write_now(fill)
    return filled


async def lead(site: Site, agent: AgentId | None = OMID) -> Visitor:
    return await signed_in(site, acting_book(), agent)


async def sends(visitor: Visitor, page: str, action: str, **changed: str) -> Answer:
    """The form of a page with that action is sent, as it is filled in there but for what is changed."""
    answer = await visitor.get(page)
    fields: dict[str, str] = {}
    inside = False
    for tag, attrs in Page(answer).elements:
        if tag == "form":
            inside = attrs.get("action") == action
        elif inside and tag == "input" and attrs.get("name"):
            fields[str(attrs["name"])] = attrs.get("value") or ""
    assert fields, f"no form {action} on {page}"
    return await visitor.post(action, {**fields, **changed}, sec_fetch_site="same-origin")


async def test_a_lead_gets_what_the_page_shows(led: Site) -> None:
    omid = await lead(led)
    page = "/reports/first-reply?team=orders&hours=working&tag=refund"
    answer = await sends(omid, page, "/reports/first-reply/schedule", every="month", at="7")
    assert (answer.status, answer.headers["location"]) == (303, PLACE)
    [one] = led.store.read_now(report_letters.every)
    assert one.subject == Subject("first-reply", team="orders", tag="refund", hours="working")
    assert (one.agent, one.every, one.at.hour) == (OMID, Every.MONTH, 7)
    words = Page(await omid.get(PLACE)).words
    assert "First reply time" in words
    assert "every month, 07:00" in words
    assert "Team orders · Tag refund" in words


async def test_each_sees_and_ends_their_own_and_the_owner_all(led: Site) -> None:
    omid, sara, owner = await lead(led), await lead(led, SARA), await lead(led, None)
    for visitor in (omid, sara):
        await sends(visitor, "/reports/flow", "/reports/flow/schedule", every="week", at="8")
    mine, hers = led.store.read_now(report_letters.every)
    assert [f"{PLACE}/{one.id}/end" in (await omid.get(PLACE)).text for one in (mine, hers)] == [True, False]
    foreign = await sends(omid, PLACE, f"{PLACE}/{mine.id}/end")
    assert foreign.status == 303
    assert [one.id for one in led.store.read_now(report_letters.every)] == [hers.id]
    assert "Sara" not in (await omid.get(PLACE)).text
    assert f"{PLACE}/{hers.id}/end" in (await owner.get(PLACE)).text
    assert (await sends(owner, PLACE, f"{PLACE}/{hers.id}/end")).status == 303
    assert led.store.read_now(report_letters.every) == []


async def test_nobody_ends_what_is_anothers(led: Site) -> None:
    omid, sara = await lead(led), await lead(led, SARA)
    await sends(omid, "/reports/flow", "/reports/flow/schedule", every="week", at="8")
    await sends(sara, "/reports/flow", "/reports/flow/schedule", every="week", at="8")
    mine, hers = led.store.read_now(report_letters.every)
    token = next(a["value"] for tag, a in Page(await omid.get(PLACE)).elements if a.get("name") == "form_token")
    for id in (hers.id, ReportLetterId(4711)):
        answer = await omid.post(f"{PLACE}/{id}/end", {"form_token": str(token)}, sec_fetch_site="same-origin")
        assert answer.status == 404
    assert {one.id for one in led.store.read_now(report_letters.every)} == {mine.id, hers.id}


async def test_what_cannot_be_sent_is_said_and_not_kept(led: Site) -> None:
    led.store.write_now(lambda unit: unit.execute(sa.update(t.agent).values(address="")).rowcount)
    omid = await lead(led)
    answer = await sends(omid, "/reports/flow", "/reports/flow/schedule", every="week", at="8")
    assert answer.headers["location"] == "/reports/flow"
    assert "omid has no mail address" in Page(await omid.get("/reports/flow")).words
    for wrong in ({"every": "year", "at": "8"}, {"every": "week", "at": "24"}, {"every": "week", "at": "x"}):
        assert (await sends(omid, "/reports/flow", "/reports/flow/schedule", **wrong)).status == 400
    assert led.store.read_now(report_letters.every) == []


async def test_agents_and_strangers_find_nothing(led: Site) -> None:
    led.store.write_now(lambda unit: unit.execute(sa.update(t.agent).values(lead=False)).rowcount)
    omid = await lead(led)
    assert [(await omid.get(path)).status for path in (PLACE, "/reports/agents")] == [404, 200]
    assert "/schedule" not in (await omid.get("/reports/agents")).text
    assert (await Visitor(led.app()).get(PLACE)).status == 403


async def test_nothing_is_listed_where_nothing_is(led: Site) -> None:
    page = Page(await (await lead(led)).get(PLACE))
    assert "No report comes to you by mail" in page.words
