"""Broadcasts as rows: one a contact, a stage that only one moves, and a no that wins over whoever is being told."""

import pytest

from inbox.domain.broadcasts import Audience, Broadcast, Stage, Text
from inbox.domain.ids import BroadcastId, ContactId
from inbox.store import audience, broadcasts, declining, people, persons
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.race import race
from tests.store.rows import NOW, contact, conversation, later, said

MADE = Broadcast(
    BroadcastId(0),
    "Hours",
    Stage.DRAFT,
    None,
    NOW,
    None,
    None,
    None,
    "",
    Audience(tag="vip", addresses=("a@x",)),
    {"en": Text("New hours", "Until eight."), "fa": Text("ساعت کار", "تا هشت.")},
    30,
)


def running(unit: Unit, *whom: ContactId) -> BroadcastId:
    id = broadcasts.add(unit, MADE, NOW)
    assert broadcasts.put(unit, id, Stage.DRAFT, Stage.RUNNING, started_at=NOW, next_at=NOW)
    broadcasts.enlist(unit, id, [(one, "") for one in whom], NOW)
    return id


def test_what_was_made_comes_back_as_it_was(store: Store) -> None:
    id = store.write_now(broadcasts.add, MADE, NOW)
    found = store.read_now(broadcasts.one, id)
    assert found is not None
    assert (found.audience, found.texts, found.stage, found.per_minute) == (MADE.audience, MADE.texts, Stage.DRAFT, 30)
    assert store.read_now(broadcasts.one, BroadcastId(2**70)) is None
    assert found.said_in("fa")[0] == "fa"
    assert found.said_in("de")[0] == "en"


def test_whoever_is_named_twice_is_one(store: Store) -> None:
    def work(unit: Unit) -> tuple[BroadcastId, ContactId]:
        who = contact(unit)
        return running(unit, who, who), who

    id, who = store.write_now(work)
    store.write_now(lambda unit: broadcasts.enlist(unit, id, [(who, "broadcast.blocked")], NOW))
    assert [(one.contact, one.why) for one in store.read_now(broadcasts.waiting, id, 10)] == [(who, "")]


def test_two_who_start_it_at_once_start_it_once(store: Store, other: Store) -> None:
    for _ in range(3):
        id = store.write_now(broadcasts.add, MADE, NOW)

        def work(unit: Unit, id: BroadcastId = id) -> bool:
            return broadcasts.put(unit, id, Stage.DRAFT, Stage.RUNNING, next_at=NOW)

        assert sorted(race((store, work), (other, work))) == [False, True]


def test_two_who_tell_one_at_once_tell_them_once(store: Store, other: Store) -> None:
    def rows(unit: Unit) -> int:
        matter = conversation(unit)
        said(unit, matter)
        id = running(unit, contact(unit))
        return broadcasts.waiting(unit, id, 1)[0].id

    row = store.write_now(rows)

    def work(unit: Unit) -> bool:
        return broadcasts.tell(unit, row, "ali@example.org", 1, 1, NOW)  # type: ignore[arg-type]  # the first of each

    assert sorted(race((store, work), (other, work))) == [False, True]


def test_a_no_takes_them_out_of_all_that_they_wait_for(store: Store) -> None:
    def work(unit: Unit) -> tuple[BroadcastId, BroadcastId]:
        ali, mina = contact(unit), contact(unit, "mina@example.org")
        return running(unit, ali, mina), running(unit, ali)

    first, second = store.write_now(work)
    ali = store.read_now(lambda unit: contact_of(unit, "ali@example.org"))
    store.write_now(broadcasts.leave_out, ali, "broadcast.declined", later(minutes=1))
    assert [one.address for one in store.read_now(broadcasts.waiting, second, 10)] == []
    assert len(store.read_now(broadcasts.waiting, first, 10)) == 1
    assert [(one.state, one.why) for one in store.read_now(broadcasts.counts, second)] == [
        ("left_out", "broadcast.declined")
    ]


def test_a_no_goes_along_with_an_address_and_is_said_once(store: Store) -> None:
    def work(unit: Unit) -> None:
        ali, mina = contact(unit), contact(unit, "mina@example.org")
        assert declining.decline(unit, ali, "word", None, NOW)
        assert not declining.decline(unit, ali, "link", None, NOW)
        declining.carry(unit, ali, mina)
        assert [declining.of(unit, one) is not None for one in (ali, mina)] == [True, True]
        assert declining.accept(unit, mina)
        assert not declining.accept(unit, mina)
        assert declining.of(unit, mina) is None

    store.write_now(work)


@pytest.mark.parametrize(
    ("chosen", "whom", "unknown"),
    [
        (Audience(), [], ()),
        (Audience(everybody=True), ["ali@example.org", "mina@example.org"], ()),
        (Audience(tag="vip"), ["mina@example.org"], ()),
        (Audience(organization="Acme"), ["ali@example.org"], ()),
        (Audience(tag="vip", organization="Acme"), [], ()),
        (Audience(name="MINA@"), ["mina@example.org"], ()),
        (Audience(addresses=("Ali@example.org", "ghost@x")), ["ali@example.org"], ("ghost@x",)),
        (Audience(tag="vip", addresses=("ali@example.org",)), ["ali@example.org", "mina@example.org"], ()),
    ],
)
def test_an_audience_is_who_meets_all_that_is_said(
    store: Store, chosen: Audience, whom: list[str], unknown: tuple[str, ...]
) -> None:
    def work(unit: Unit) -> tuple[list[str], tuple[str, ...]]:
        ali, mina = (people.contact(unit, contact(unit, who)) for who in ("ali@example.org", "mina@example.org"))
        acme = persons.organization_of(unit, "Acme")
        persons.change(unit, type(ali)(ali.id, "Ali", "fa", acme))
        persons.change(unit, type(mina)(mina.id, "Mina", "en", None, ("vip",)))
        found = audience.chosen(unit, chosen)
        return [people.identities(unit, one.id)[0].address for one in found.whom], found.unknown

    assert store.write_now(work) == (whom, unknown)


def contact_of(unit: Unit, address: str) -> ContactId:
    known = people.known(unit, "email", address)
    assert known is not None
    return known[0].id
