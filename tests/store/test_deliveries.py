"""The outbox: heads of lanes claimed by rank, staged and settled under their epoch, never by two."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.ids import ConversationId, DeliveryId, MessageId, NetworkKey
from inbox.domain.outgoing import Purpose, Receipt, Refusal
from inbox.ports.channel import HANDED
from inbox.ports.wake import outbox_of
from inbox.store import budgets, conversations, deliveries
from inbox.store import tables as t
from inbox.store.deliveries import Outcome
from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.unit import Unit
from tests.store.databases import Copy
from tests.store.race import race
from tests.store.rows import CHAT, MAIL, NOW, conversation, later, part, queued

ME, SHE = "me", "she"
S = DeliveryState
MINE = outbox_of(MAIL)
A, B = "a@example.org", "b@example.org"


def claim(store: Store, owner: str = ME, most: int = 10, at: float = 0) -> list[Delivery]:
    return store.write_now(deliveries.claim, MAIL, owner, later(seconds=at), most)


def settle(store: Store, d: Delivery, state: DeliveryState, at: float = 0, **more: object) -> bool:
    outcome = Outcome(state, **more)  # type: ignore[arg-type]  # one table for all
    return store.write_now(deliveries.settle, d, outcome, later(seconds=at))


def state(store: Store, id: DeliveryId) -> DeliveryState:
    found = store.read_now(deliveries.one, id)
    assert found is not None
    return found.state


# -- claiming ----------------------------------------------------------------------------------------------------------
def test_a_claimed_one_is_as_it_was_frozen(store: Store) -> None:
    frozen = part(key="<k@example.org>", body=b"\x00\xff bytes")
    (id,) = queued(store, parts=[frozen])
    (d,) = claim(store)
    assert (d.id, d.part, d.purpose, d.channel) == (id, frozen, Purpose.REPLY, MAIL)
    assert (d.state, d.epoch, d.attempts, d.stage, d.repeated) == (S.SENDING, 1, 1, "claimed", False)
    assert store.read_now(deliveries.one, id) == d
    assert claim(store) == []
    assert store.read_now(deliveries.one, DeliveryId(99)) is None


def test_nothing_goes_before_its_time(store: Store) -> None:
    queued(store, not_before=later(seconds=60))
    assert claim(store, at=59) == []
    assert store.read_now(deliveries.next_due, MAIL, NOW) == later(seconds=60)
    assert store.read_now(deliveries.next_due, CHAT, NOW) is None
    assert len(claim(store, at=60)) == 1
    assert store.read_now(deliveries.next_due, MAIL, NOW) is None


def test_whether_something_is_due_is_found_without_a_look_at_all_that_waits(tmp_path: Path) -> None:
    store, steps = Store("sqlite:///due.db", tmp_path), [0]

    def counted() -> None:
        steps[0] += 1

    metadata.create_all(store.engine)
    sa.event.listen(store.engine, "checkout", lambda driver, *_: driver.set_progress_handler(counted, 10))

    def taken() -> int:
        steps[0] = 0
        assert store.read_now(deliveries.next_due, MAIL, NOW) == NOW
        return steps[0]

    queued(store, parts=[part(lane="first@example.org")])
    alone = taken()
    for n in range(200):
        queued(store, parts=[part(lane=f"{n}@example.org")])
    assert taken() <= 2 * alone
    store.close()


def test_another_channels_outbox_is_not_touched(store: Store) -> None:
    queued(store)
    assert store.write_now(deliveries.claim, CHAT, ME, NOW, 10) == []


def test_replies_go_first_then_acknowledgements_then_notices(store: Store) -> None:
    order = (Purpose.NOTICE, Purpose.ACKNOWLEDGEMENT, Purpose.REPLY, Purpose.REPLY)
    ids = [queued(store, f"K{n}", purpose=p, parts=[part(lane=f"{n}@x")])[0] for n, p in enumerate(order)]
    assert [d.id for d in claim(store, most=3)] == [ids[2], ids[3], ids[1]]


def test_what_no_person_wrote_can_be_left_for_later(store: Store) -> None:
    ids = [
        queued(store, f"K{n}", purpose=p, parts=[part(lane=f"{n}@x")])[0]
        for n, p in enumerate((Purpose.ACKNOWLEDGEMENT, Purpose.REPLY))
    ]
    assert [d.id for d in store.write_now(deliveries.claim, MAIL, ME, NOW, 9, Purpose.REPLY)] == [ids[1]]


def test_an_address_gets_its_mail_one_after_the_other(store: Store) -> None:
    first, second = queued(store, "K1", parts=[part(lane=A)]), queued(store, "K2", parts=[part(lane=A)])
    other = queued(store, "K3", parts=[part(lane=B)])
    assert [d.id for d in claim(store)] == [*first, *other]
    (d,) = [d for d in [store.read_now(deliveries.one, first[0])] if d]
    settle(store, d, S.SENT)
    assert [d.id for d in claim(store)] == second


def test_a_failed_try_keeps_its_place_in_the_lane(store: Store) -> None:
    first, second = queued(store, "K1"), queued(store, "K2")
    (d,) = claim(store)
    settle(store, d, S.QUEUED, not_before=later(seconds=60))
    assert claim(store, at=59) == []
    (again,) = claim(store, at=60)
    assert (again.id, again.epoch, again.attempts) == (first[0], 2, 2)
    settle(store, again, S.SENT)
    assert [d.id for d in claim(store)] == second


@pytest.mark.parametrize("ended", [S.SENT, S.FAILED, S.UNKNOWN])
def test_what_is_over_or_unknown_holds_nobody_up(store: Store, ended: DeliveryState) -> None:
    queued(store, "K1")
    second = queued(store, "K2")
    (d,) = claim(store)
    settle(store, d, ended)
    assert [d.id for d in claim(store)] == second


def test_two_senders_never_claim_the_same(store: Store, other: Store) -> None:
    ids = [queued(store, f"K{n}", parts=[part(lane=f"{n}@x")])[0] for n in range(6)]
    found = race(
        (store, lambda u: deliveries.claim(u, MAIL, ME, NOW, 4)),
        (other, lambda u: deliveries.claim(u, MAIL, SHE, NOW, 4)),
    )
    taken = [d.id for claimed in found for d in claimed]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(ids)
    assert len(taken) >= 4


def test_two_senders_keep_the_order_of_a_lane(store: Store, other: Store) -> None:
    first = queued(store, "K1")
    queued(store, "K2")
    found = race(
        (store, lambda u: deliveries.claim(u, MAIL, ME, NOW, 9)),
        (other, lambda u: deliveries.claim(u, MAIL, SHE, NOW, 9)),
    )
    assert [d.id for claimed in found for d in claimed] == first


def test_a_claim_whose_commit_was_never_answered_is_not_forgotten(copy_postgresql: Copy, tmp_path: Path) -> None:
    """Run again, it gives what it took, and takes nothing more; on a file a commit is always answered."""
    lose = False

    class Points:
        def __call__(self, point: str) -> None:
            nonlocal lose
            if point == "store.after_commit" and lose:
                lose = False
                raise exc.OperationalError("COMMIT", None, Exception("gone"), connection_invalidated=True)

    store = Store(copy_postgresql(tmp_path), tmp_path, probe=Points())
    ids = [queued(store, f"K{n}", parts=[part(lane=f"{n}@x")])[0] for n in range(4)]
    lose = True
    first = claim(store, most=2)
    assert [(d.id, d.epoch, d.attempts) for d in first] == [(ids[0], 1, 1), (ids[1], 1, 1)]
    assert [d.id for d in claim(store, most=2)] == ids[2:]
    store.close()


# -- parts -------------------------------------------------------------------------------------------------------------
def test_parts_go_out_in_order(store: Store) -> None:
    ids = queued(store, parts=[part(0), part(1), part(2)])
    for id in ids:
        (d,) = claim(store)
        assert d.id == id
        settle(store, d, S.SENT)


def test_a_part_waits_for_one_before_it_that_may_have_arrived(store: Store) -> None:
    """A gap would be worse than a delay: the reader would not know that something is missing."""
    ids = queued(store, parts=[part(0), part(1)])
    (d,) = claim(store)
    settle(store, d, S.UNKNOWN)
    assert claim(store) == []
    d = _one(store, ids[0])
    settle(store, d, S.SENT)
    assert [d.id for d in claim(store)] == [ids[1]]


def _one(store: Store, id: DeliveryId) -> Delivery:
    found = store.read_now(deliveries.one, id)
    assert found is not None
    return found


# -- stages and settling -----------------------------------------------------------------------------------------------
def test_a_stage_is_durable_under_its_epoch(store: Store) -> None:
    queued(store)
    (d,) = claim(store)
    assert not deliveries.was_handed(d)
    assert store.write_now(deliveries.stage, d.id, d.epoch, HANDED, later(seconds=1))
    assert deliveries.was_handed(_one(store, d.id))
    assert not store.write_now(deliveries.stage, d.id, d.epoch + 1, HANDED, NOW)
    settle(store, d, S.SENT)
    assert not store.write_now(deliveries.stage, d.id, d.epoch, HANDED, NOW), "what is settled has no more stages"


def test_a_sender_that_lost_its_claim_settles_nothing(store: Store) -> None:
    queued(store)
    (mine,) = claim(store)
    settle(store, mine, S.QUEUED)
    (hers,) = claim(store, SHE)
    assert not settle(store, mine, S.SENT)
    assert not settle(store, mine, S.UNKNOWN)
    assert settle(store, hers, S.FAILED, error="{}")
    assert not settle(store, hers, S.SENT), "settled once"
    assert state(store, mine.id) is S.FAILED


def test_two_who_settle_at_once_do_so_once(store: Store, other: Store) -> None:
    queued(store)
    (d,) = claim(store)
    sent = race(
        (store, lambda u: deliveries.settle(u, d, Outcome(S.SENT), NOW)),
        (other, lambda u: deliveries.settle(u, d, Outcome(S.UNKNOWN), NOW)),
    )
    assert sorted(sent) == [False, True]


def test_a_move_that_the_table_does_not_know_is_refused(store: Store) -> None:
    queued(store)
    (d,) = claim(store)
    with pytest.raises(ValueError, match="sending to parked"):
        settle(store, d, S.PARKED)


@pytest.mark.parametrize(("ended", "woken"), [(S.SENT, {MINE}), (S.QUEUED, {MINE}), (S.UNKNOWN, set())])
def test_whoever_waits_behind_is_woken(store: Store, ended: DeliveryState, woken: set[str]) -> None:
    queued(store)
    queued(store)
    (d,) = claim(store)

    def work(unit: Unit) -> set[str]:
        deliveries.settle(unit, d, Outcome(ended), NOW)
        return unit.wakes

    assert store.write_now(work) == woken


def test_where_nothing_waits_behind_nobody_is_woken(store: Store) -> None:
    queued(store, parts=[part(lane=A), part(2, lane="c@x")])
    queued(store, parts=[part(lane="else@x")])
    first, other = claim(store)

    def work(unit: Unit, d: Delivery) -> set[str]:
        deliveries.settle(unit, d, Outcome(S.SENT), NOW)
        return unit.wakes

    assert store.write_now(work, other) == set()
    assert store.write_now(work, first) == {MINE}, "the second part of the message"


def test_an_unknown_one_goes_once_more_and_is_marked(store: Store) -> None:
    (id,) = queued(store)
    (d,) = claim(store)
    settle(store, d, S.UNKNOWN)
    assert store.write_now(deliveries.unknown_since, later(seconds=-1)) == []
    (unknown,) = store.write_now(deliveries.unknown_since, NOW)
    settle(store, unknown, S.QUEUED, repeated=True)
    (again,) = claim(store)
    assert (again.id, again.repeated, again.epoch, again.part) == (id, True, 2, d.part)


def test_recipients_are_told_apart(store: Store) -> None:
    queued(store, parts=[replace(part(), recipients=(A, B, "c@x"))])
    (d,) = claim(store)
    refused = (Refusal(B, "550", "no such user", permanent=True), Refusal("c@x", "451", "later", permanent=False))
    settle(store, d, S.SENT, receipt=Receipt((NetworkKey("k"),), refused, "250 ok"))
    rows = store.read_now(lambda u: list(u.execute(t.recipient.select().order_by(t.recipient.c.address))))
    assert [tuple(row)[1:] for row in rows] == [
        (A, "sent", "", ""),
        (B, "failed", "550", "no such user"),
        ("c@x", "refused", "451", "later"),
    ]


# -- what is looked for ------------------------------------------------------------------------------------------------
def test_what_a_sender_left_in_hand_is_found_by_the_next_one_of_its_channel(store: Store) -> None:
    queued(store, "K1", parts=[part(lane=A)])
    queued(store, "K2", parts=[part(lane=B)])
    (in_hand,) = claim(store, most=1)
    assert [d.id for d in store.write_now(deliveries.orphans, MAIL)] == [in_hand.id]
    assert store.write_now(deliveries.orphans, CHAT) == []


def test_doubtful_ones_are_found_by_their_message(store: Store) -> None:
    ids = [queued(store, f"K{n}", parts=[part(lane=f"{n}@x", key=f"k{n}")])[0] for n in range(3)]
    for d in claim(store)[:2]:
        settle(store, d, S.UNKNOWN)
    settle(store, _one(store, ids[1]), S.PARKED)
    messages = [_one(store, id).message for id in ids]
    assert [d.id for d in store.read_now(deliveries.doubtful, messages)] == ids[:2]
    assert store.read_now(deliveries.doubtful, []) == []
    assert store.read_now(deliveries.of_messages, []) == []


def test_a_reply_drops_the_acknowledgement_that_still_waits_and_no_other(store: Store) -> None:
    (waiting,) = queued(store, "K1", purpose=Purpose.ACKNOWLEDGEMENT, parts=[part(lane=A)])
    (reply,) = queued(store, "K1", parts=[part(lane=A)])
    (elsewhere,) = queued(store, "K2", purpose=Purpose.ACKNOWLEDGEMENT, parts=[part(lane=B)])
    matter = store.read_now(conversations.by_reference, "K1") or ConversationId(0)
    dropped = store.write_now(deliveries.drop_unsent, matter, NOW, Purpose.ACKNOWLEDGEMENT)
    assert dropped == [(waiting, _one(store, waiting).message)]
    assert store.write_now(deliveries.drop_unsent, matter, NOW, Purpose.ACKNOWLEDGEMENT) == []
    assert [state(store, id) for id in (waiting, reply, elsewhere)] == [S.DROPPED, S.QUEUED, S.QUEUED]
    assert [d.id for d in claim(store)] == [reply, elsewhere], "and nobody waits behind it any more"


def test_an_acknowledgement_that_is_being_sent_is_not_dropped(store: Store) -> None:
    queued(store, "K1", purpose=Purpose.ACKNOWLEDGEMENT)
    claim(store)
    matter = store.read_now(conversations.by_reference, "K1") or ConversationId(0)
    assert store.write_now(deliveries.drop_unsent, matter, NOW, Purpose.ACKNOWLEDGEMENT) == []


def test_the_same_cause_speaks_to_the_same_lane_once(store: Store) -> None:
    def twice(unit: Unit) -> None:
        matter = conversation(unit)
        for message in (1, 2):
            unit.insert(
                t.message,
                conversation_id=matter,
                direction="outbound",
                at=NOW,
                sender=[],
                to=[],
                cc=[],
                reply_to=[],
                defects=[],
            )
            known = (MessageId(message), matter, MAIL, Purpose.REPLY, [part()], ["-"])
            deliveries.queue(unit, *known, "reply 1", NOW)

    with pytest.raises(exc.IntegrityError):
        store.write_now(twice)


# -- budgets -----------------------------------------------------------------------------------------------------------
def test_automatic_mail_is_counted_by_address_conversation_and_minute(store: Store) -> None:
    ack = Purpose.ACKNOWLEDGEMENT
    for n, (ago, lane) in enumerate([(90000, A), (80000, A), (3000, A), (30, A), (20, B)]):
        queued(store, f"K{n}", purpose=ack, parts=[part(lane=lane)], at=later(seconds=-ago))
    queued(store, "K9", purpose=Purpose.REPLY, parts=[part(lane=A)])
    queued(store, "K3", purpose=Purpose.NOTICE, parts=[part(lane="c@x")])
    matter = store.read_now(conversations.by_reference, "K3") or ConversationId(0)
    found = store.read_now(budgets.automatic, A, matter, NOW, 100)
    assert (found.to_lane, found.in_conversation, found.overall) == (3, 2, 3)
    assert store.read_now(budgets.automatic, A, matter, NOW, 2).overall == 2, "counted no farther than asked"
