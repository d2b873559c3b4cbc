"""Organization-wide sight: a row that a person wrote, and that holds while the contact belongs to that organization."""

from dataclasses import replace

import pytest

from inbox.domain.ids import AgentId, ContactId
from inbox.domain.people import Agent
from inbox.domain.scope import Scope
from inbox.store import people, persons, shown, sights, visiting
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import NOW, contact, conversation


def belongs(unit: Unit, who: ContactId, name: str) -> None:
    whose = persons.organization_of(unit, name) if name else None
    persons.change(unit, replace(people.contact(unit, who), organization=whose))


@pytest.fixture
def given(store: Store) -> ContactId:
    """Mina, who sees what Acme asks; what Ali of Acme asked is K7Q2."""

    def rows(unit: Unit) -> ContactId:
        conversation(unit)
        mina, acme = contact(unit, "mina@example.org"), persons.organization_of(unit, "Acme")
        for who in (contact(unit), mina):
            belongs(unit, who, "Acme")
        lead = people.put_agent(unit, Agent(AgentId(0), "sara", "Sara", lead=True))
        assert sights.give(unit, mina, acme, lead, NOW)
        assert not sights.give(unit, mina, acme, lead, NOW), "once is enough"
        return mina

    return store.write_now(rows)


def read(store: Store, who: ContactId, *, colleagues: bool = True) -> list[str]:
    """What they see of others, and can open."""
    scope = Scope.of_contact(who, colleagues=colleagues)

    def unit(unit: Unit) -> list[str]:
        listed = [one.reference for one in visiting.matters(unit, scope, 10)]
        assert (shown.find(unit, scope, "K7Q2") is not None) == ("K7Q2" in listed)
        return listed

    return store.read_now(unit)


def test_it_holds_while_they_belong_there_and_does_not_come_back(store: Store, given: ContactId) -> None:
    assert (read(store, given), read(store, given, colleagues=False)) == (["K7Q2"], [])
    assert store.read_now(sights.called, given) == "Acme"
    assert store.read_now(sights.seeing, [given, 1]) == {given}
    store.write_now(belongs, given, "Rivals")
    assert (read(store, given), store.read_now(sights.called, given)) == ([], "")
    store.write_now(belongs, given, "Acme")
    assert (read(store, given), store.read_now(sights.sees, given)) == ([], None)


def test_another_name_or_tag_takes_nothing_away(store: Store, given: ContactId) -> None:
    store.write_now(lambda unit: persons.change(unit, replace(people.contact(unit, given), name="Mina", tags=("vip",))))
    assert read(store, given) == ["K7Q2"]


def test_nobody_else_sees_anything_and_taken_back_nobody_does(store: Store, given: ContactId) -> None:
    omid = store.write_now(contact, "omid@example.org")
    store.write_now(belongs, omid, "Acme")
    assert read(store, omid) == []
    assert store.write_now(sights.take, given)
    assert not store.write_now(sights.take, given)
    assert read(store, given) == []
