"""Organizations and contacts, as mail comes in and agents work: who belongs where, who is the same, and who is forgotten."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from inbox.domain import events as ev
from inbox.domain.acts import By
from inbox.domain.conversations import State
from inbox.domain.events import HOUSE
from inbox.domain.ids import ContactId, OrganizationId
from inbox.domain.people import Contact
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import company, forget, person, same
from inbox.pipeline.company import Better, Doing
from inbox.store import directory, found, organizations, people, persons
from inbox.store import tables as t
from inbox.text.queries import read
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, chats, who

FIELDS = """
[contact_fields.plan]
kind = "choice"
label = { fa = "طرح", en = "Plan" }
choices = [{ value = "gold", fa = "طلایی", en = "Gold" }, { value = "free", fa = "رایگان", en = "Free" }]

[contact_fields.phone]
label = { fa = "تلفن", en = "Phone" }

[organization_fields.seats]
kind = "number"
label = { fa = "صندلی", en = "Seats" }
"""
RULES = {
    "10-known.toml": """
format = 1

[[rule]]
name = "partners"
on = "message-received"
when.organization.tag = "partner"
then.tag = "from-partner"

[[rule]]
name = "gold"
on = "message-received"
when.contact.field.plan = "gold"
then.priority = "high"

[[rule]]
name = "large"
on = "message-received"
when.organization.field.seats = "present"
then.field.size = "large"
"""
}
OWNER = By("owner", via="command")


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail and a bot, with fields of people, and rules that look at them."""
    opened = houses(more=CHANNELS + FIELDS, rules=RULES)
    await opened.settle()
    return opened


def doing(house: House) -> Doing:
    return Doing(HOUSE, "cli", OWNER, house.playbook(), house.clock.now())


def acme(house: House, *domains: str, name: str = "Acme") -> OrganizationId:
    its = house.store.write_now(company.add, name, doing(house))
    for domain in domains:
        house.store.write_now(company.add_domain, its.id, domain, doing(house))
    return its.id


def contact(house: House, address: str, kind: str = "memory") -> Contact:
    return who(house, kind, address)[0]


def merged(house: House, gone: Contact, kept: Contact) -> Contact:
    given = (gone.id, kept.id, HOUSE, "cli", OWNER, house.playbook(), house.clock.now())
    return house.store.write_now(same.merge, *given)


def unmerged(house: House, gone: Contact) -> Contact:
    return house.store.write_now(same.unmerge, gone.id, HOUSE, "cli", OWNER, house.playbook(), house.clock.now())


def better(house: House, who: Contact, **known: Any) -> Contact:
    given = (person.Better(**known), HOUSE, "cli", OWNER, house.playbook(), house.clock.now())
    return house.store.write_now(person.improve, who.id, *given)


def sought(house: House, query: str) -> list[str]:
    zone = ZoneInfo("Asia/Tehran")
    answer = house.store.read_now(found.answer, Scope.house(), read(query), house.clock.now(), zone)
    assert answer.bad == ()
    return [row.reference for row in answer.rows]


# -- who belongs where -------------------------------------------------------------------------------------------------
async def test_a_mail_from_a_domain_joins_the_organization(house: House) -> None:
    id = acme(house, "acme.example")
    await house.customer("lena@acme.example", "Lena").writes("Hello")
    await house.customer("omid@elsewhere.example", "Omid").writes("Hello")
    lena, omid = house.conversations()
    assert (lena.organization, omid.organization) == (id, None)
    assert contact(house, "lena@acme.example").organization == id
    assert not contact(house, "lena@acme.example").placed


async def test_who_is_known_already_joins_when_the_domain_is_given_and_their_conversations_with_them(
    house: House,
) -> None:
    await house.customer("lena@acme.example", "Lena").writes("Hello")
    assert house.only().organization is None
    id = acme(house)
    assert house.store.write_now(company.add_domain, id, "@ACME.example", doing(house)) == 1
    assert house.only().organization == id
    assert house.told(house.only(), ev.ContactChanged)[-1].what == ("organization",)


async def test_what_a_person_said_holds_against_a_domain(house: House) -> None:
    await house.customer("lena@acme.example", "Lena").writes("Hello")
    lena = contact(house, "lena@acme.example")
    better(house, lena, organization="Other Ltd")
    id = acme(house, "acme.example")
    assert contact(house, "lena@acme.example").organization != id
    better(house, lena, organization="")
    await house.customer("lena@acme.example").writes("Once more")
    assert contact(house, "lena@acme.example").organization is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("gmail.com", "organization.public_domain"),
        ("lena@Yahoo.com", "organization.public_domain"),
        ("acme", "organization.no_domain"),
        ("a b.example", "organization.no_domain"),
        ("taken.example", "organization.domain_taken"),
    ],
)
async def test_a_domain_that_says_nothing_is_refused(house: House, typed: str, key: str) -> None:
    acme(house, "taken.example", name="Another")
    id = acme(house)
    with pytest.raises(Problem) as refused:
        house.store.write_now(company.add_domain, id, typed, doing(house))
    assert refused.value.key == key
    assert house.store.read_now(organizations.domains, id) == []


async def test_two_organizations_become_one(house: House) -> None:
    one, other = acme(house, "one.example", name="One"), acme(house, "other.example", name="Other")
    house.store.write_now(company.change, one, Better(add_tags=("partner",), fields={"seats": "۱۲"}), doing(house))
    await house.customer("lena@one.example", "Lena").writes("Hello")
    now_is = house.store.write_now(company.merge, one, other, doing(house))
    assert (now_is.tags, now_is.fields) == (("partner",), (("seats", "12"),))
    assert house.only().organization == other
    assert house.store.read_now(organizations.domains, other) == ["one.example", "other.example"]
    found = house.store.read_now(organizations.named, "One")
    assert found is not None
    assert found.id == other
    assert house.store.write_now(persons.organization_of, "One") == other, "its name leads there"


# -- rules, search -----------------------------------------------------------------------------------------------------
async def test_rules_see_fields_and_tags_and_the_decision_keeps_what_they_saw(house: House) -> None:
    id = acme(house, "acme.example")
    house.store.write_now(company.change, id, Better(add_tags=("partner",), fields={"seats": "40"}), doing(house))
    await house.customer("lena@acme.example", "Lena").writes("Hello")
    assert house.only().tags == ("from-partner",)
    assert dict(house.only().fields) == {"size": "large"}
    better(house, contact(house, "lena@acme.example"), fields={"plan": "طلایی"})
    await house.customer("lena@acme.example").writes("And again")
    assert house.conversations()[-1].priority.value == "high"
    bodies = house.store.read_now(lambda u: [row[0] for row in u.execute(sa.select(t.decision.c.body))])
    assert '"organization_tags":["partner"]' in bodies[0]
    assert '"fields":[["plan","gold"]]' in bodies[-1]


async def test_fields_of_people_are_found(house: House) -> None:
    acme(house, "acme.example")
    await house.customer("lena@acme.example", "Lena").writes("Hello")
    await house.customer("omid@elsewhere.example", "Omid").writes("Hello")
    lena, omid = house.conversations()
    better(house, contact(house, "lena@acme.example"), fields={"plan": "gold"})
    assert sought(house, "contact.plan:gold") == sought(house, "مخاطب.plan:gold") == [lena.reference]
    assert sought(house, "-contact:plan=gold") == [omid.reference]
    assert sought(house, "organization:acme") == [lena.reference]
    assert sought(house, "organization.seats:40") == []


async def test_a_field_takes_what_its_type_takes(house: House) -> None:
    await house.customer("lena@x", "Lena").writes("Hello")
    lena = contact(house, "lena@x")
    for fields, key in [({"plan": "silver"}, "known_form.no_choice"), ({"colour": "red"}, "known_field.unknown")]:
        with pytest.raises(Problem) as refused:
            better(house, lena, name="Other", fields=fields)
        assert refused.value.key == key
    assert contact(house, "lena@x") == lena, "nothing of it is done"


# -- the same person ---------------------------------------------------------------------------------------------------
def rows(house: House) -> dict[str, Any]:
    """All that a merge may move."""

    def of(unit: Any) -> dict[str, Any]:
        tables = (t.contact, t.identity, t.person_note, t.kept_file, t.participant)
        known = {
            table.name: [tuple(row) for row in unit.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables
        }
        c = t.conversation.c
        kept = (c.id, c.contact_id, c.organization_id, c.subject, c.state, c.tags, c.fields)
        return {**known, "conversation": [tuple(row) for row in unit.execute(sa.select(*kept).order_by(c.id))]}

    return house.store.read_now(of)


async def test_unmerge_right_after_merge_restores_everything(house: House) -> None:
    acme(house, "acme.example")
    await house.customer("lena@acme.example", "Lena F").writes("Hello")
    await chats(house, "777", "It is me.")
    lena, chat = contact(house, "lena@acme.example"), contact(house, "777", "chat")
    better(house, lena, fields={"plan": "gold"}, add_tags=("a", "b"))
    better(house, chat, role="CFO", fields={"phone": "021 12345678"}, add_tags=("c", "a"))
    sara = house.agent("sara").who.id
    house.store.write_now(persons.add_note, lena.id, sara, "likes tea", house.clock.now())
    before = rows(house)
    for gone, kept in ((lena, chat), (chat, lena)):
        merged(house, gone, kept)
        assert {one.contact for one in house.conversations()} == {kept.id}
        now_is = house.store.read_now(people.contact, kept.id)
        assert dict(now_is.fields) == {"plan": "gold", "phone": "021 12345678"}
        assert set(now_is.tags) == {"a", "b", "c"}
        assert (now_is.role, now_is.organization) == ("CFO", lena.organization)
        assert len({one.organization for one in house.conversations()}) == 1
        assert len(house.store.read_now(persons.notes, [kept.id])) == 1
        unmerged(house, gone)
        assert rows(house) == before


async def test_what_came_after_a_merge_stays_when_it_is_undone(house: House) -> None:
    await house.customer("lena@x", "Lena F").writes("Hello")
    await chats(house, "777", "It is me.")
    lena, chat = contact(house, "lena@x"), contact(house, "777", "chat")
    merged(house, chat, lena)
    better(house, lena, name="Helena", add_tags=("later",))
    unmerged(house, chat)
    assert (contact(house, "lena@x").name, contact(house, "lena@x").tags) == ("Helena", ("later",))
    assert contact(house, "777", "chat").id == chat.id


async def test_whoever_went_into_somebody_is_not_listed_and_cannot_go_twice(house: House) -> None:
    await house.customer("lena@x", "Lena F").writes("Hello")
    await chats(house, "777", "It is me.")
    lena, chat = contact(house, "lena@x"), contact(house, "777", "chat")
    merged(house, chat, lena)
    known = house.store.read_now(directory.contacts, Scope.house(), 0, 50)
    assert [one.contact.id for one in known] == [lena.id]
    for gone, kept in ((chat, lena), (lena, chat), (lena, lena)):
        with pytest.raises(Problem, match="merged_already"):
            merged(house, gone, kept)
    unmerged(house, chat)
    with pytest.raises(Problem, match="not_merged"):
        unmerged(house, chat)


# -- forgotten ---------------------------------------------------------------------------------------------------------
SECRETS = ("Lena", "lena@x", "tulip", "orchid", "777", "daisy", "violet")


def everywhere(house: House) -> Callable[[str], list[str]]:
    """In which columns a word stands, in every table of the store."""

    def of(unit: Any) -> dict[str, str]:
        told: dict[str, str] = {}
        for table in t.metadata.tables.values():
            if table.name in ("revision", "went_live", "template_texts"):
                continue
            for column in table.c:
                cells = (row[0] for row in unit.execute(sa.select(column)))
                told[f"{table.name}.{column.name}"] = "\n".join(
                    cell.decode("utf-8", "replace") if isinstance(cell, bytes) else repr(cell) for cell in cells
                )
        return told

    whole = house.store.read_now(of)
    return lambda word: [place for place, text in whole.items() if word in text]


async def test_nothing_personal_is_left_of_whoever_is_forgotten(house: House) -> None:
    lena = house.customer("lena@x", "Lena")
    await lena.writes("My tulip is late.", subject="About the orchid")
    await house.customer("omid@y", "Omid").writes("Hello from Omid")
    matter = house.conversations()[0]
    await house.agent("sara").replies(matter, "Dear Lena, the tulip comes.")
    await lena.answers("Thank you for the daisy")
    await house.agent("reza").does(matter, "note", text="Lena prefers violet")
    await house.settle()
    who_is = contact(house, "lena@x")
    better(house, who_is, fields={"phone": "violet"}, role="orchid lady")
    sara = house.agent("sara").who.id
    house.store.write_now(persons.add_note, who_is.id, sara, "likes tulip", house.clock.now())
    at = everywhere(house)
    assert {"message.text", "event.payload", "arrival_raw.raw", "decision.body"} <= set(at("tulip"))
    clocks, counts = house.clocks(matter), len(house.said(matter))
    looked = house.store.read_now(forget.looked, who_is.id)
    assert (looked.counted.messages, looked.counted.addresses, looked.counted.notes) == (counts, 1, 1)
    assert at("tulip") == everywhere(house)("tulip"), "looking removes nothing"

    given = (who_is.id, HOUSE, "cli", OWNER, house.playbook(), house.clock.now())
    house.store.write_now(forget.forget, *given)
    at = everywhere(house)
    for secret in SECRETS:
        assert at(secret) == [], secret
    assert at("Hello from Omid"), "what others said stays"
    assert sought(house, "tulip") == sought(house, "Lena") == []
    matter = house.conversations()[0]
    assert (len(house.said(matter)), matter.state) == (counts, State.DONE)
    assert set(house.clocks(matter)) == set(clocks)
    house.check()


async def test_whoever_was_forgotten_may_write_anew_and_is_new(house: House) -> None:
    await house.customer("lena@x", "Lena").writes("Hello")
    old = contact(house, "lena@x")
    await house.settle()
    house.store.write_now(forget.forget, old.id, HOUSE, "cli", OWNER, house.playbook(), house.clock.now())
    await house.customer("lena@x", "Lena").writes("It is me again")
    assert contact(house, "lena@x").id != old.id
    assert len(house.conversations()) == 2


async def test_nobody_is_forgotten_while_something_is_on_its_way_to_them(house: House) -> None:
    await house.customer("lena@x", "Lena").writes("Hello")
    matter = house.only()
    house.agent("sara").acts(matter, "reply", text="On its way")
    lena = contact(house, "lena@x")
    with pytest.raises(Problem, match="under_way"):
        house.store.write_now(forget.forget, lena.id, HOUSE, "cli", OWNER, house.playbook(), house.clock.now())
    assert contact(house, "lena@x") == lena
    with pytest.raises(Problem, match=r"contact\.unknown"):
        house.store.read_now(forget.looked, ContactId(99999))
