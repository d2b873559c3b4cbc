"""Agents of an outside company: what is not of their teams does not exist for them, on any address; what is hidden is nowhere."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from inbox.domain.access import Reach
from inbox.domain.acts import By
from inbox.domain.events import Actor, CallTried, FieldSet, Noted, Noticed, TaskSet
from inbox.domain.ids import MessageId, TaskId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import staff
from inbox.pipeline.access import MARK
from inbox.store import people
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.store.veiled import MASK
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.programs import Program, granted, said
from tests.web.sites import NOW, OMID, SARA, Site, tell
from tests.web.test_more import row

HIDDEN = replace(acting_book(), hides=frozenset({"addresses", "organization", "fields.iban"}))
ADDRESS = "lena.berg@customers.example"


def outsider(site: Site) -> None:
    """Omid works for another company, for the team orders."""

    def work(unit: Unit) -> None:
        roster = people.roster(unit)
        omid, orders = roster.agent("omid"), roster.team("orders")
        assert omid is not None
        assert orders is not None
        staff.put(unit, replace(omid, company="Parsian Calls"), By("owner"), NOW)
        people.put_team(unit, "orders", orders.title, [omid.id])

    site.store.write_now(work)


def handed(site: Site, reference: str, **values: object) -> None:
    """To the team orders, with a field that is nobody else's affair."""

    def work(unit: Unit) -> None:
        orders = people.roster(unit).team("orders")
        assert orders is not None
        fields = [["colour", "red"], ["iban", "IR123456"]]
        values_ = {"team_id": orders.id, "fields": fields, **values}
        unit.execute(sa.update(t.conversation).where(t.conversation.c.reference == reference).values(**values_))

    site.store.write_now(work)


@pytest.fixture
def pair(site: Site) -> tuple[str, str]:
    """A conversation of their team, and one that is not."""
    theirs = came(site, HIDDEN, ADDRESS, "Where is my order?", "Order")
    other = came(site, HIDDEN, ADDRESS, "A secret of the house", "Secret")
    outsider(site)
    handed(site, theirs)
    return theirs, other


async def test_what_is_not_of_their_teams_is_not_there(site: Site, pair: tuple[str, str]) -> None:
    theirs, other = pair
    visitor = await signed_in(site, HIDDEN, OMID)
    assert (await visitor.get(f"/c/{theirs}")).status == 200
    missing, foreign = await visitor.get("/c/N2WH"), await visitor.get(f"/c/{other}")
    assert (missing.status, foreign.status) == (404, 404)
    assert foreign.text.replace(other, "N2WH") == missing.text
    for page in ("/", "/?q=secret", f"/?q={other}", "/notifications", "/palette?q=secret"):
        answer = await visitor.get(page)
        assert answer.status == 200, page
        assert "Secret" not in answer.text, page
        assert f"/c/{other}" not in answer.text


async def test_what_is_hidden_stands_nowhere_on_the_page(site: Site, pair: tuple[str, str]) -> None:
    theirs, _ = pair
    matter = row(site, theirs).id
    site.store.write_now(tell, matter, 1, Noticed("noticed", MessageId(1), "proof", ADDRESS))
    visitor = await signed_in(site, HIDDEN, OMID)
    page = (await visitor.get(f"/c/{theirs}")).text
    assert MASK in page
    for word in (ADDRESS, "IR123456"):
        assert word not in page
    assert "red" in page
    ours = (await (await signed_in(site, HIDDEN, SARA)).get(f"/c/{theirs}")).text
    assert ADDRESS in ours


async def test_nor_in_what_programs_of_theirs_read(site: Site, pair: tuple[str, str]) -> None:
    theirs, other = pair
    granted(site, "theirs", "omid", (Reach.READ, Reach.WRITE))
    program = Program(site.app(playbook=lambda: HIDDEN), MARK + "theirs")
    for path in ("", "/messages", "/events"):
        answer = await program.get(f"/conversations/{theirs}{path}")
        assert answer.status == 200
        assert ADDRESS not in answer.text
        assert "IR123456" not in answer.text
        assert (await program.get(f"/conversations/{other}{path}")).status == 404
    listed = said(await program.get("/conversations?q="))
    assert [one["reference"] for one in listed["items"]] == [theirs]
    assert ADDRESS not in (await program.get("/contacts")).text


async def test_they_answer_and_are_marked_for_us(site: Site, pair: tuple[str, str]) -> None:
    theirs, _ = pair
    matter = row(site, theirs)
    site.store.write_now(
        tell, matter.id, 1, Noted("noted", MessageId(1), "Checked"), actor=Actor("agent", OMID, "Omid Rahimi")
    )
    ours = (await (await signed_in(site, HIDDEN, SARA)).get(f"/c/{theirs}")).text
    assert re.search(r"Omid Rahimi \(Parsian Calls\)", ours)


async def test_some_acts_are_for_the_house(site: Site, pair: tuple[str, str]) -> None:
    theirs, _ = pair
    visitor = await signed_in(site, HIDDEN, OMID)
    page = await acts(visitor, theirs, "contact", name="Somebody else")
    assert "for agents of the house" in page
    page = await acts(visitor, theirs, "tag", add="seen")
    assert "for agents of the house" not in page


def test_whoever_is_of_a_company_leads_nothing(site: Site) -> None:
    outsider(site)

    def lead(unit: Unit) -> None:
        omid = people.roster(unit).agent("omid")
        assert isinstance(omid, Agent)
        staff.put(unit, replace(omid, lead=True), By("owner"), NOW)

    with pytest.raises(Problem) as refused:
        site.store.write_now(lead)
    assert refused.value.key == "people.outsider_leads"


async def test_fields_and_numbers_are_hidden_in_the_time_line_too(site: Site, pair: tuple[str, str]) -> None:
    theirs, _ = pair
    told = (
        FieldSet("field_set", "iban", "IR999888"),
        TaskSet("task_set", TaskId(1), NOW, "Call +98 912 345 6789 back"),
        CallTried("call_tried", TaskId(1), "+989123456789", "reached"),
    )
    site.store.write_now(tell, row(site, theirs).id, 2, *told)
    granted(site, "theirs", "omid", (Reach.READ,))
    program = Program(site.app(playbook=lambda: HIDDEN), MARK + "theirs")
    page = (await (await signed_in(site, HIDDEN, OMID)).get(f"/c/{theirs}")).text
    for answer in (page, (await program.get(f"/conversations/{theirs}/events")).text):
        for word in ("IR999888", "345 6789", "9123456789"):
            assert word not in answer
        assert "back" in answer


async def test_what_they_name_besides_has_to_be_within_what_they_see(site: Site, pair: tuple[str, str]) -> None:
    theirs, other = pair
    visitor = await signed_in(site, HIDDEN, OMID)
    page = await acts(visitor, theirs, "merge", into=other)
    assert other in page
    assert row(site, theirs).merged_into is None
    granted(site, "theirs", "omid", (Reach.READ, Reach.WRITE))
    program = Program(site.app(playbook=lambda: HIDDEN), MARK + "theirs")
    assert (await program.post("/organizations", {"name": "Mine"})).status == 403
    called = await program.post("/actions/call", {"number": "+989121234567", "outcome": "answered"})
    assert called.status == 403
    assert (await visitor.get("/assets/new")).status == 404


async def test_no_search_tells_whom_we_work_for(site: Site, pair: tuple[str, str]) -> None:
    site.store.write_now(lambda unit: unit.add(t.organization, {"name": "Secret Holdings"}))
    visitor = await signed_in(site, HIDDEN, OMID)
    assert "Secret Holdings" not in (await visitor.get("/?q=organization:holdings")).text
    assert "Secret Holdings" in (await (await signed_in(site, HIDDEN, SARA)).get("/?q=organization:holdings")).text


@pytest.mark.parametrize(("hides", "status"), [(HIDDEN.hides, 404), (frozenset[str](), 200)])
async def test_a_hidden_organization_is_not_there_for_programs_either(
    site: Site, pair: tuple[str, str], hides: frozenset[str], status: int
) -> None:
    theirs, _ = pair
    its = site.store.write_now(lambda unit: unit.insert(t.organization, name="Secret Holdings"))
    handed(site, theirs, organization_id=its)
    granted(site, "theirs", "omid", (Reach.READ,))
    program = Program(site.app(playbook=lambda: replace(HIDDEN, hides=hides)), MARK + "theirs")
    one, every = await program.get(f"/organizations/{its}"), await program.get("/organizations")
    assert one.status == status
    for answer in (one, every):
        assert ("Secret Holdings" in answer.text) is (status == 200)


@pytest.mark.parametrize(
    "query",
    [
        ADDRESS,
        f"from:{ADDRESS}",
        "+989121234567",
        "field:iban=IR123456",
        "contact.iban:IR1",
        "contact.phone:0912",
        "organization:acme",
        "organization.seats:4",
    ],
)
async def test_what_is_hidden_cannot_be_looked_for(site: Site, pair: tuple[str, str], query: str) -> None:
    theirs, _ = pair
    granted(site, "theirs", "omid", (Reach.READ,))
    granted(site, "ours", "sara", (Reach.READ,))
    app = site.app(playbook=lambda: HIDDEN)
    asked = "/conversations?" + urlencode({"q": f"{query} order"})
    found = said(await Program(app, MARK + "theirs").get(asked))
    assert [one["reference"] for one in found["items"]] == [theirs], "what was left out narrows nothing"
    assert "cannot be asked for here" in found["misread"][0]["detail"]
    assert "cannot be asked for here" not in (await Program(app, MARK + "ours").get(asked)).text


async def test_nor_is_it_told_of_people_and_of_what_is_on_its_way(site: Site, pair: tuple[str, str]) -> None:
    granted(site, "theirs", "omid", (Reach.READ,))
    granted(site, "ours", "sara", (Reach.READ,))
    fields = [["iban", "IR5"], ["phone", "0912"], ["plan", "gold"]]
    site.store.write_now(lambda unit: unit.execute(sa.update(t.contact).values(fields=fields)))
    await acts(await signed_in(site, HIDDEN, SARA), pair[0], "reply", text="It is on its way.")
    theirs, ours = (Program(site.app(playbook=lambda: HIDDEN), MARK + whose) for whose in ("theirs", "ours"))
    [known] = said(await theirs.get("/contacts"))["items"]
    assert known["fields"] == {"plan": "gold"}
    assert ADDRESS in (await ours.get("/outbox")).text
    assert ADDRESS not in (await theirs.get("/outbox")).text
    assert said(await theirs.get("/outbox"))["items"]
    assert said(await theirs.get(f"/contacts?q={ADDRESS}"))["items"] == []
    assert said(await theirs.get("/contacts?q=lena"))["items"]
