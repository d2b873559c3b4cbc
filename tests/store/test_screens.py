"""Screens in the store: shown once, found by chat, forgotten after a while, and no part of any conversation."""

from datetime import timedelta

from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import DeliveryId, NetworkKey
from inbox.domain.outgoing import FrozenPart, Purpose, Receipt
from inbox.store import budgets, channels, deliveries, housekeeping, outbox, screens, standing
from inbox.store import tables as t
from inbox.store.deliveries import Outcome
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import CHAT, NOW

BOT = CHAT


def shows(store: Store, cause: str, data: str = "menu:en:top", lane: str = "7", minutes: int = 0) -> bool:
    part = FrozenPart(0, NetworkKey(""), lane, "@bot", (lane,), b"bytes of " + cause.encode())

    def work(unit: Unit) -> bool:
        channels.ensure(unit, BOT, "telegram")
        return screens.queue(unit, BOT, part, cause, data, NOW + timedelta(minutes=minutes))

    return store.write_now(work)


def sends(store: Store, state: DeliveryState = DeliveryState.SENT) -> list[DeliveryId]:
    def work(unit: Unit) -> list[DeliveryId]:
        taken = deliveries.claim(unit, BOT, "me", NOW + timedelta(hours=1), 10)
        for one in taken:
            deliveries.settle(unit, one, Outcome(state, receipt=Receipt()), NOW + timedelta(hours=1))
        return [one.id for one in taken]

    return store.write_now(work)


def test_the_same_press_shows_one_screen_which_goes_out_like_all_else(store: Store) -> None:
    assert shows(store, "f1")
    assert not shows(store, "f1")
    (taken,) = store.write_now(lambda unit: deliveries.claim(unit, BOT, "me", NOW, 4))
    assert (taken.screen, taken.message, taken.conversation, taken.part.body) == (True, 0, 0, b"bytes of f1")
    assert taken.purpose is Purpose.SCREEN
    store.write_now(lambda unit: screens.name(unit, taken.id, NetworkKey("bot/7/1")))
    (one,) = store.read_now(lambda unit: screens.lately(unit, BOT, "7", NOW - timedelta(minutes=1)))
    assert (one.data, one.at, one.key) == ("menu:en:top", NOW, "bot/7/1")


def test_the_last_of_a_chat_come_first_and_those_of_others_are_not_among_them(store: Store) -> None:
    for minute, data in enumerate(("menu:en:top", "menu:en:find", "menu:en:mine")):
        shows(store, f"f{minute}", data, minutes=minute)
    shows(store, "g", "menu:fa:top", lane="8")
    found = store.read_now(lambda unit: screens.lately(unit, BOT, "7", NOW, 5))
    assert [one.data for one in found] == ["menu:en:mine", "menu:en:find"]


def test_screens_are_in_no_budget_of_what_is_said_by_itself_but_in_that_of_the_channel(store: Store) -> None:
    for n in range(3):
        shows(store, f"f{n}")
    counted = store.read_now(lambda unit: budgets.automatic(unit, "7", 1, NOW, 100))  # type: ignore[arg-type]  # of none
    assert (counted.to_lane, counted.overall) == (0, 0)
    assert store.read_now(lambda unit: budgets.automatic_on(unit, BOT, NOW, 100)) == 3


def test_one_that_failed_is_nobodys_trouble_and_all_are_forgotten(store: Store) -> None:
    shows(store, "f1")
    sends(store, DeliveryState.FAILED)
    shows(store, "f2")
    sends(store)
    (health,) = [one for one in store.read_now(standing.health) if one.row.name == BOT]
    assert (health.trouble, store.read_now(outbox.lines), store.read_now(outbox.tally)) == (0, [], {})
    later = NOW + housekeeping.SHOWN
    store.write_now(lambda unit: housekeeping.tidy(unit, later))
    assert store.read_now(lambda unit: len(unit.execute(t.delivery.select()).all())) == 2
    store.write_now(lambda unit: housekeeping.tidy(unit, later + timedelta(hours=2)))
    assert store.read_now(lambda unit: len(unit.execute(t.delivery.select()).all())) == 0
    assert store.read_now(lambda unit: len(unit.execute(t.screen_body.select()).all())) == 0
