"""Addresses go from one contact to another and back; codes that prove them count once. On both databases, and raced."""

from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.domain.conversations import Conversation
from inbox.domain.events import HOUSE, Actor, ContactSet, Opened
from inbox.domain.ids import ContactId, ConversationId, IdentityId
from inbox.domain.people import Identity, Link
from inbox.pipeline.link import By, link, unlink
from inbox.pipeline.turn import Turn
from inbox.sla.board import Terms
from inbox.store import channels, conversations, events, housekeeping, links, proofs
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.race import race
from tests.store.rows import MAIL, NOW, later, meet

BOOK: Any = SimpleNamespace(terms=Terms({}, {}), channels={}, contracts=None, day=lambda now: now.date())
BY = By(Actor("house"), "test", "agent")
PROVED = By(Actor("house"), "test", "proof")


def begun(unit: Unit, address: str) -> tuple[Identity, ConversationId]:
    """Somebody who has opened a conversation."""
    channels.ensure(unit, MAIL, "email")
    who, identity = meet(unit, address)
    id = conversations.draft(unit, f"R{identity.id}", MAIL, who.id)
    assert id is not None
    turn = Turn(unit, Conversation(id), MAIL, BOOK.terms, NOW)
    turn.tell(Opened("opened", f"R{identity.id}", MAIL, who.id, None, "", None), HOUSE)
    conversations.add_participant(unit, id, identity.id, NOW, opened=True)
    turn.close()
    return identity, id


def identity(store: Store, id: IdentityId) -> Identity:
    return store.read_now(lambda unit: links.held(unit, id, lock=False))


def linked(store: Store, id: IdentityId, to: ContactId, by: By = BY, *, proved: bool = False) -> bool:
    return store.write_now(lambda u: link(u, id, to, by, BOOK, NOW, proved=proved))


def undone(store: Store, id: IdentityId) -> Link | None:
    return store.write_now(lambda u: unlink(u, id, BY, BOOK, NOW))


# -- there and back ----------------------------------------------------------------------------------------------------
def test_a_link_takes_the_address_and_what_began_with_it(store: Store) -> None:
    (ali, matter), (sara, other) = store.write_now(begun, "ali@x"), store.write_now(begun, "sara@x")
    assert linked(store, ali.id, sara.contact, PROVED, proved=True)
    assert identity(store, ali.id).contact == sara.contact
    assert identity(store, ali.id).verified_at == NOW
    assert store.read_now(conversations.peek, matter).contact == sara.contact
    assert store.read_now(events.projected, matter) == store.read_now(conversations.peek, matter)
    told = [e.payload for e in store.read_now(events.of, matter) if isinstance(e.payload, ContactSet)]
    assert [(one.contact, one.address, one.how, one.undone) for one in told] == [
        (sara.contact, "ali@x", "proof", False)
    ]
    assert store.read_now(conversations.peek, other).contact == sara.contact
    (row,) = store.read_now(links.of_contact, ali.contact)
    assert (row.had, row.now, row.how, row.verified, row.number) == (ali.contact, sara.contact, "proof", True, 1)


def test_undone_everything_is_as_it_was(store: Store) -> None:
    (ali, matter), (sara, _) = store.write_now(begun, "ali@x"), store.write_now(begun, "sara@x")
    before = identity(store, ali.id)
    linked(store, ali.id, sara.contact, PROVED, proved=True)
    assert undone(store, ali.id) is not None
    assert identity(store, ali.id) == before
    assert store.read_now(conversations.peek, matter).contact == ali.contact
    assert undone(store, ali.id) is None, "there is nothing more to undo"


def test_a_proof_from_before_stays_when_a_link_is_undone(store: Store) -> None:
    (ali, _), (sara, _) = store.write_now(begun, "ali@x"), store.write_now(begun, "sara@x")
    store.write_now(links.verify, ali.id, NOW)
    linked(store, ali.id, sara.contact, PROVED, proved=True)
    undone(store, ali.id)
    assert identity(store, ali.id).verified_at == NOW


def test_an_agent_s_word_proves_nothing(store: Store) -> None:
    (ali, _), (sara, _) = store.write_now(begun, "ali@x"), store.write_now(begun, "sara@x")
    linked(store, ali.id, sara.contact)
    assert identity(store, ali.id).verified_at is None


def test_where_it_belongs_already_nothing_is_told(store: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    assert not linked(store, ali.id, ali.contact)
    assert store.read_now(conversations.peek, matter).version == 1


STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.booleans()), max_size=12)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_links_and_undos_all_undone_leave_nothing_behind(copied: Store, steps: list[tuple[int, int, bool]]) -> None:
    """Step (who, to whom, proved): to contact 0 to 3, or 4: undo the last link of who."""
    store = copied
    tag = store.read_now(lambda u: len(list(u.execute(t.identity.select()))))
    people_ = [store.write_now(begun, f"{n}-{tag}@x") for n in range(4)]
    start = [identity(store, one.id) for one, _ in people_]
    for who, to, proved in steps:
        id = people_[who][0].id
        if to == 4:
            undone(store, id)
        else:
            there = people_[to][0].contact
            proved = proved and identity(store, id).contact != there  # a proof without a link is no link's to take back
            linked(store, id, there, PROVED if proved else BY, proved=proved)
        for one, matter in people_:
            assert store.read_now(conversations.peek, matter).contact == identity(store, one.id).contact
    for one, _ in people_:
        while undone(store, one.id):
            pass
    assert [identity(store, one.id) for one, _ in people_] == start
    for one, matter in people_:
        assert store.read_now(conversations.peek, matter).contact == one.contact
        assert store.read_now(events.projected, matter) == store.read_now(conversations.peek, matter)


# -- at once -----------------------------------------------------------------------------------------------------------
def test_two_links_of_one_address_at_once_come_one_after_the_other(store: Store, other: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    sara, omid = (store.write_now(begun, f"{name}@x")[0] for name in ("sara", "omid"))
    race(
        (store, lambda u: link(u, ali.id, sara.contact, BY, BOOK, NOW)),
        (other, lambda u: link(u, ali.id, omid.contact, BY, BOOK, NOW)),
    )
    last = store.read_now(links.last, ali.id)
    assert last is not None
    assert (last.number, last.now) == (2, identity(store, ali.id).contact)
    assert store.read_now(conversations.peek, matter).contact == last.now
    assert undone(store, ali.id) is not None
    assert undone(store, ali.id) is not None
    assert identity(store, ali.id).contact == ali.contact


def test_a_link_is_undone_once(store: Store, other: Store) -> None:
    (ali, _), (sara, _) = store.write_now(begun, "ali@x"), store.write_now(begun, "sara@x")
    linked(store, ali.id, sara.contact)
    found = race(
        (store, lambda u: unlink(u, ali.id, BY, BOOK, NOW) is not None),
        (other, lambda u: unlink(u, ali.id, BY, BOOK, NOW) is not None),
    )
    assert sorted(found) == [False, True]


def code(unit: Unit, ali: Identity, matter: ConversationId, salt: str = "s") -> None:
    proofs.add(unit, ali.id, "email", "ali@y", matter, salt, "digest", NOW, later(minutes=30))


def test_of_two_codes_asked_for_at_once_one_is_open(store: Store, other: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    race((store, lambda u: code(u, ali, matter, "a")), (other, lambda u: code(u, ali, matter, "b")))
    asked = store.read_now(proofs.asked, ali.id, "email", "ali@y", later(minutes=1))
    assert (asked.by_asker, asked.for_address) == (2, 2)
    assert store.read_now(lambda u: proofs.open_of(u, ali.id, lock=False)) is not None


def test_a_code_is_answered_once(store: Store, other: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    store.write_now(code, ali, matter)

    def answer(unit: Unit) -> bool:
        found = proofs.open_of(unit, ali.id)
        if found is not None:
            proofs.end(unit, found.id, NOW)
        return found is not None

    assert sorted(race((store, answer), (other, answer))) == [False, True]


def test_guesses_at_once_are_all_counted(store: Store, other: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    store.write_now(code, ali, matter)

    def guess(unit: Unit) -> None:
        found = proofs.open_of(unit, ali.id)
        assert found is not None
        proofs.guessed(unit, found.id, found.guesses + 1)

    race((store, guess), (other, guess))
    found = store.read_now(lambda u: proofs.open_of(u, ali.id, lock=False))
    assert found is not None
    assert found.guesses == 2


def test_what_was_asked_long_ago_does_not_count(store: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    store.write_now(code, ali, matter)
    assert store.read_now(proofs.asked, ali.id, "email", "ali@y", later(hours=2)) == proofs.Asked(0, 1)
    assert store.read_now(proofs.asked, ali.id, "email", "ali@y", later(days=2)) == proofs.Asked(0, 0)
    assert store.read_now(proofs.asked, ali.id, "email", "other@y", later(minutes=1)) == proofs.Asked(1, 0)


def test_a_code_that_has_served_its_time_is_removed(store: Store) -> None:
    ali, matter = store.write_now(begun, "ali@x")
    store.write_now(code, ali, matter)
    assert store.write_now(housekeeping.tidy, later(minutes=30)) == 0
    assert store.write_now(housekeeping.tidy, later(minutes=31)) == 1
    assert store.read_now(lambda u: proofs.open_of(u, ali.id, lock=False)) is None
