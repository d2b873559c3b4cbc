"""What bringing old mail in and taking it out asks of the store: keys that are known, marks, leases, and scopes."""

from datetime import timedelta

from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import AgentId, ArrivalId, ConversationId, NetworkKey, TeamId
from inbox.domain.messages import Direction
from inbox.domain.scope import Scope
from inbox.store import arrivals, exported, leases, messages
from inbox.store.arrivals import Landing
from inbox.store.exported import Period
from inbox.store.marks import Mark, mark
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import CHAT, MAIL, NOW, contact, conversation, later, said

EVERYTHING = Period()


def landed(unit: Unit, key: str) -> ArrivalId | None:
    contact(unit)
    return arrivals.land_one(unit, MAIL, Landing(key, 1, b"x", at=later(days=-9)), NOW, history=True)


def matters(store: Store, scope: Scope, *references: str) -> list[ConversationId]:
    return store.read_now(exported.matters, scope, references, ConversationId(0), 100)


def test_an_old_mail_lands_once_and_at_its_own_time(store: Store) -> None:
    first, second = (store.write_now(landed, "a") for _ in range(2))
    assert first is not None
    assert second is None
    waiting = store.read_now(arrivals.one, first)
    assert waiting is not None
    assert (waiting.received_at, waiting.history, waiting.raw) == (later(days=-9), True, b"x")


def test_what_has_landed_is_known_by_its_key_on_its_channel(store: Store) -> None:
    for key in ("a", "b"):
        store.write_now(landed, key)
    assert store.read_now(arrivals.known, MAIL, ["a", "c"]) == {"a"}
    assert store.read_now(arrivals.known, CHAT, ["a"]) == frozenset()
    assert store.read_now(arrivals.known, MAIL, []) == frozenset()


def test_a_mark_tells_what_is_new(store: Store) -> None:
    assert store.read_now(mark) == Mark(0, 0)

    def work(unit: Unit) -> tuple[Mark, Mark]:
        before = mark(unit)
        conversation(unit)
        return before, mark(unit)

    before, after = store.write_now(work)
    assert after.conversation > before.conversation
    assert after.contact > before.contact


def test_a_lease_is_held_until_it_ends_or_is_given_up(store: Store) -> None:
    assert not store.read_now(leases.held, "receiver", NOW)
    store.write_now(leases.take, "receiver", "a", timedelta(hours=1), NOW)
    assert store.read_now(leases.held, "receiver", NOW)
    store.write_now(leases.give_up, "receiver", "a")
    assert not store.read_now(leases.held, "receiver", NOW)


def test_an_export_sees_what_its_scope_sees(store: Store) -> None:
    one = store.write_now(conversation, "K7Q2")
    other = store.write_now(conversation, "M4XD")
    nobody = Scope.of_agent(AgentId(1), teams=frozenset({TeamId(9)}))
    assert matters(store, Scope.house()) == [one, other]
    assert matters(store, Scope.house(), "M4XD") == [other]
    assert matters(store, Scope.of_token(one)) == [one]
    assert matters(store, nobody) == []
    assert store.read_now(exported.unseen, Scope.of_token(one), ["K7Q2", "M4XD"]) == ["M4XD"]


def test_notes_and_events_are_for_those_who_may_read_them(store: Store) -> None:
    matter = store.write_now(conversation)
    store.write_now(lambda unit: said(unit, matter, "between us", direction=Direction.NOTE))
    store.write_now(lambda unit: said(unit, matter, "for you"))

    def seen(scope: Scope, *, notes: bool) -> tuple[list[str], int]:
        found = store.read_now(exported.whole, matter, scope, EVERYTHING, notes=notes)
        return [kept.message.text for kept in found.messages], len(found.events)

    assert seen(Scope.house(), notes=True) == (["between us", "for you"], 1)
    assert seen(Scope.house(), notes=False) == (["for you"], 1)
    assert seen(Scope.of_token(matter), notes=True) == (["for you"], 0)


def test_messages_stand_in_the_order_in_which_they_were_said(store: Store) -> None:
    def work(unit: Unit) -> ConversationId:
        matter, who = conversation(unit), contact(unit)
        for n, (key, days) in enumerate((("new", 0), ("old", -9), ("middle", -5))):
            id = landed(unit, key)
            assert id is not None
            told = InboundMessage("message", NetworkKey(key), f"print {n}", Address("ali@example.org"), text=key)
            messages.add_inbound(unit, matter, None, who, MAIL, id, told, later(days=days))
        return matter

    matter = store.write_now(work)
    assert [m.text for m in store.read_now(messages.of, matter)] == ["old", "middle", "new"]
    assert store.read_now(messages.keys_of, matter) == ["old", "middle", "new"]
    last = store.read_now(messages.last_inbound, matter)
    assert last is not None
    assert last.text == "new"
    period = Period(later(days=-6), NOW)
    found = store.read_now(exported.whole, matter, Scope.house(), period, notes=False)
    assert [kept.message.text for kept in found.messages] == ["middle"]
