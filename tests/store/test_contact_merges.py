"""Contacts merge and come apart again, as they were; and at once from two sides, on both databases."""

from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.domain.acts import By
from inbox.domain.conversations import Conversation
from inbox.domain.events import HOUSE, Opened
from inbox.domain.ids import ContactId
from inbox.domain.people import Contact
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import company, same
from inbox.pipeline.company import Doing
from inbox.pipeline.turn import Turn
from inbox.sla.board import Terms
from inbox.store import channels, conversations, duplicates, organizations, people, persons
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.race import race
from tests.store.rows import MAIL, NOW, meet

BOOK: Any = SimpleNamespace(
    terms=Terms({}, {}),
    contact_fields=(),
    organization_fields=(),
    channels={},
    contracts=None,
    day=lambda now: now.date(),
)
OWNER = By("owner", via="command")


def begun(unit: Unit, address: str, name: str) -> ContactId:
    """Somebody who has opened a conversation."""
    channels.ensure(unit, MAIL, "email")
    who, identity = meet(unit, address)
    id = conversations.draft(unit, f"R{identity.id}", MAIL, who.id)
    assert id is not None
    turn = Turn(unit, Conversation(id), MAIL, BOOK.terms, NOW)
    turn.tell(Opened("opened", f"R{identity.id}", MAIL, who.id, None, "", None), HOUSE)
    conversations.add_participant(unit, id, identity.id, NOW, opened=True)
    turn.close()
    persons.change(unit, Contact(who.id, name, tags=(name,)))
    return who.id


def merge(unit: Unit, gone: ContactId, kept: ContactId) -> str:
    try:
        same.merge(unit, gone, kept, HOUSE, "cli", OWNER, BOOK, NOW)
    except Problem as refused:
        return refused.key
    return "merged"


def unmerge(unit: Unit, gone: ContactId) -> str:
    try:
        same.unmerge(unit, gone, HOUSE, "cli", OWNER, BOOK, NOW)
    except Problem as refused:
        return refused.key
    return "apart"


def met(store: Store, count: int) -> list[ContactId]:
    """So many people, of whom each opened a conversation."""
    mark = len(store.read_now(lambda u: u.execute(sa.select(t.contact.c.id)).all()))

    def several(unit: Unit) -> list[ContactId]:
        return [begun(unit, f"{mark}.{n}@x.example", f"Name {n}") for n in range(count)]

    return store.write_now(several)


def rows(store: Store) -> list[Any]:
    """All that a merge moves, but for the log and the links that tell of it."""

    def of(unit: Unit) -> list[Any]:
        c = t.conversation.c
        kept = sa.select(c.id, c.contact_id, c.organization_id).order_by(c.id)
        wholes = [sa.select(table).order_by(table.c.id) for table in (t.contact, t.identity, t.person_note)]
        return [[tuple(row) for row in unit.execute(query)] for query in (*wholes, kept)]

    return store.read_now(of)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4))
def test_any_merges_undone_in_turn_leave_nothing_behind(store: Store, pairs: list[tuple[int, int]]) -> None:
    ids = met(store, 4)
    before = rows(store)
    done = [ids[gone] for gone, kept in pairs if store.write_now(merge, ids[gone], ids[kept]) == "merged"]
    for gone in reversed(done):
        assert store.write_now(unmerge, gone) == "apart"
    assert rows(store) == before


def test_two_who_merge_the_same_contact_at_once_do_it_once(store: Store, other: Store) -> None:
    one, two, three = met(store, 3)
    told = race((store, lambda u: merge(u, one, two)), (other, lambda u: merge(u, one, three)))
    assert sorted(told) == ["contact.merged_already", "merged"]
    standing = store.read_now(lambda u: u.execute(sa.select(sa.func.count()).select_from(t.contact_merge)).scalar_one())
    assert standing == 1


def test_two_contacts_who_are_merged_into_one_another_at_once_are_one(store: Store, other: Store) -> None:
    one, two = met(store, 2)
    told = race((store, lambda u: merge(u, one, two)), (other, lambda u: merge(u, two, one)))
    assert sorted(told) == ["contact.merged_already", "merged"]


def test_a_merge_is_undone_once(store: Store, other: Store) -> None:
    one, two = met(store, 2)
    store.write_now(lambda u: merge(u, one, two))
    told = race((store, lambda u: unmerge(u, one)), (other, lambda u: unmerge(u, one)))
    assert sorted(told) == ["apart", "contact.not_merged"]
    assert len(store.read_now(lambda u: people.identities(u, one))) == 1


def test_a_domain_is_given_once(store: Store, other: Store) -> None:
    doing = Doing(HOUSE, "cli", OWNER, BOOK, NOW)
    one, two = (store.write_now(persons.organization_of, name) for name in ("One", "Two"))

    def give(unit: Unit, id: Any) -> str:
        try:
            company.add_domain(unit, id, "acme.example", doing)
        except Problem as refused:
            return refused.key
        return "given"

    told = race((store, lambda u: give(u, one)), (other, lambda u: give(u, two)))
    assert sorted(told) == ["given", "organization.domain_taken"]
    whose = store.read_now(lambda u: organizations.of_domain(u, "acme.example"))
    assert whose in (one, two)


def test_reasons_for_duplicates(store: Store) -> None:
    def known(unit: Unit) -> dict[str, ContactId]:
        acme = persons.organization_of(unit, "Acme")
        made = {}
        for key, name, org, phone in (
            ("a", "Lena", acme, "021 1234 5678"),
            ("b", "lena", acme, ""),
            ("c", "Lena", None, "+98 (21) 12345678"),
            ("d", "Info", None, ""),
            ("e", "Info", None, ""),
            ("f", "نگار سهرابی", None, "1234"),
            ("g", "نگار سهرابي", None, "1234"),
        ):
            made[key] = begun(unit, f"{key}@x.example", name)
            fields = (("phone", phone),) if phone else ()
            persons.change(unit, Contact(made[key], name, organization=org, fields=fields))
        return made

    ids = store.write_now(known)
    names = {id: key for key, id in ids.items()}
    found = store.read_now(lambda u: duplicates.pairs(u, Scope.house()))
    assert {(names[one.older], names[one.newer], one.why) for one in found} == {
        ("a", "c", "phone"),
        ("a", "b", "name"),
        ("f", "g", "name"),
    }
    lena = store.read_now(lambda u: people.contact(u, ids["a"]))
    mine = store.read_now(lambda u: duplicates.of(u, Scope.house(), lena))
    assert {names[one.newer] for one in mine} == {"b", "c"}


def test_what_a_person_said_is_taken_over_from_either(store: Store) -> None:
    def known(unit: Unit) -> tuple[ContactId, ContactId]:
        by_domain, by_us = persons.organization_of(unit, "Domain"), persons.organization_of(unit, "Ours")
        one, two = begun(unit, "1@x.example", "One"), begun(unit, "2@x.example", "Two")
        persons.change(unit, Contact(one, "One", organization=by_domain))
        persons.change(unit, Contact(two, "Two", organization=by_us, placed=True))
        return one, two

    one, two = store.write_now(known)
    store.write_now(lambda u: merge(u, two, one))
    now_is = store.read_now(lambda u: people.contact(u, one))
    assert (now_is.name, now_is.placed) == ("One", True)
    assert store.read_now(lambda u: persons.organization_name(u, now_is.organization)) == "Ours"
