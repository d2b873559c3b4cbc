"""Pieces that wait for one another: the first holds back its arrival until it is due, and all are taken at once."""

from inbox.domain.ids import ArrivalId
from inbox.store import arrivals, channels, fragments
from inbox.store.arrivals import Landing
from inbox.store.store import Store
from tests.store.rows import MAIL, NOW, later, waiting
from tests.store.test_messages import SAID


def test_the_first_piece_is_not_pending_until_it_is_due(store: Store) -> None:
    store.write_now(channels.ensure, MAIL, "email")
    store.write_now(arrivals.land, MAIL, [Landing(key, 1, b"x") for key in "abc"], None, NOW)
    first, second, third = (w.id for w in store.read_now(waiting))
    store.write_now(fragments.add, first, MAIL, "g", SAID, NOW, later(hours=1))
    store.write_now(fragments.add, second, MAIL, "g", SAID, NOW, None)

    def pending(hours: float) -> list[ArrivalId]:
        return [w.id for w in store.read_now(arrivals.pending, ArrivalId(0), 9, (MAIL,), (), later(hours=hours))]

    assert (pending(0), pending(1)) == ([second, third], [first, second, third])
    assert store.read_now(fragments.next_due, NOW) == later(hours=1)
    store.write_now(fragments.wait_until, first, later(hours=2))
    assert (pending(1), store.read_now(fragments.next_due, later(hours=2))) == ([second, third], None)


def test_all_pieces_of_a_whole_are_taken_at_once_as_they_were(store: Store) -> None:
    store.write_now(channels.ensure, MAIL, "email")
    store.write_now(arrivals.land, MAIL, [Landing(key, 1, b"x") for key in "ab"], None, NOW)
    first, second = (w.id for w in store.read_now(waiting))
    assert store.read_now(fragments.head, MAIL, "g") is None
    store.write_now(fragments.add, second, MAIL, "g", SAID, NOW, None)
    store.write_now(fragments.add, first, MAIL, "g", SAID, NOW, later(hours=1))
    assert store.read_now(fragments.head, MAIL, "g") == fragments.Head(first, NOW)
    assert store.read_now(fragments.head, MAIL, "other") is None
    assert store.write_now(fragments.take, MAIL, "g") == [SAID, SAID]
    assert store.write_now(fragments.take, MAIL, "g") == []
