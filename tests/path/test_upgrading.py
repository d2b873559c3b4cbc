"""A site that an earlier version left in the middle of everything is upgraded: each row, in whatever state, is worked off by this version."""

from collections import Counter
from pathlib import Path

import pytest

from inbox.domain.arrivals import Verdict
from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.promises import PromiseState
from inbox.store.migrate import migrate, pending
from inbox.store.store import Store
from tests.path.conftest import CONFIG, everyone
from tests.path.house import SUPPORT, House
from tests.path.left_behind import LANES, answers_ended, answers_left
from tests.path.test_bad_raws import offer
from tests.path.test_faults import UNBRAKED
from tests.rig.postgres import Postgres
from tests.store import older

S = DeliveryState
BY_HAND = ("waits", "sleeps", "done", "owed", "spam")
OVER = {"done": State.DONE, "owed": State.OPEN, "spam": State.SPAM}


@pytest.fixture
def elsewhere(url: str, postgres: Postgres, tmp_path: Path) -> str:
    """An empty database of the same kind as the house's."""
    return f"sqlite:///{tmp_path}/older.db" if url.startswith("sqlite") else postgres.database()


@pytest.mark.parametrize("revision", ["0002", "0024", "0037", "0051"])
async def test_h12_whatever_an_earlier_version_left_undone_this_one_does(
    url: str, elsewhere: str, tmp_path: Path, revision: str
) -> None:
    """Its tables are those of `revision`, filled with what they can hold of a site where something is in every state."""
    store = Store(url, tmp_path)
    store.write_now(everyone)
    store.close()
    house = opened(tmp_path, url)
    await house.settle()
    await left_undone(house)
    store = Store(elsewhere, tmp_path)
    older.made(store, revision)
    older.carried_back(house.store, store)
    house.close()
    assert pending(store)
    migrate(store)
    store.close()
    upgraded = opened(tmp_path, elsewhere, house)
    try:
        await drained(upgraded)
        upgraded.check()
    finally:
        upgraded.close()


def opened(folder: Path, url: str, before: House | None = None) -> House:
    """A house on a database, in the world of the one before."""
    lines = CONFIG.format(url=url, channel='first_sync = "new"', more=UNBRAKED, site="")
    (folder / "config.toml").write_text(lines, encoding="utf-8")
    return House(folder, before.clock, before.network) if before else House(folder)


async def left_undone(house: House) -> None:
    """Arrivals, deliveries, conversations, promises and tasks, some in each state that they can be in."""
    reza = house.agent("reza")
    await answers_left(house)
    for name in BY_HAND:
        house.network.write(f"{name}@y", "support@acme", f"This {name}", language="en")
        await house._fetch(SUPPORT)
        await house.receiver.settle()
    waits, sleeps, done, owed, spam = house.conversations()[-5:]
    reza.acts(waits, "reply", text="Which one?")
    reza.acts(sleeps, "snooze", until="2 days")
    reza.acts(sleeps, "task", text="Call them", by="1 day")
    reza.acts(done, "done")
    reza.acts(owed, "take")
    reza.acts(spam, "spam")
    offer(house, b"\xff rubbish")
    house.network.write("pending@y", "support@acme", "And mine?", language="en")
    await house._fetch(SUPPORT)


async def drained(house: House) -> None:
    """Whoever starts next takes up what lies there, and nothing is done twice."""
    (sender,) = house.senders.values()
    sender.stop()
    await sender.run()
    await house.settle()
    await house.later(minutes=20)
    answers_ended(house)
    answers = Counter(entry.recipients[0] for entry in house.network.accepted if "There." in entry.said["text"])
    assert answers == {"0@x": 1, "1@x": 1, "2@x": 1, "5@x": 1}
    assert Counter(verdict.split()[0] for verdict in house.verdicts()) == {
        Verdict.ACCEPTED.value: len(LANES) + 6,
        Verdict.QUARANTINED.value: 1,
    }
    assert [len(house.mails_to(f"{name}@y")) for name in ("pending", "owed")] == [1, 1]
    assert moods(house) == {"waits": State.WAITING, "sleeps": State.SNOOZED, **OVER}
    await house.later(days=3)
    assert moods(house) == {"waits": State.WAITING, "sleeps": State.OPEN, **OVER}, "who slept has woken"
    assert {d.state for d in house.deliveries()} == {S.SENT, S.PARKED, S.FAILED, S.CANCELLED, S.DROPPED}
    (owed,) = (c for c in house.conversations() if c.excerpt == "This owed")
    assert house.promises(owed)[0].state is PromiseState.LATE


def moods(house: House) -> dict[str, State]:
    """The state of each conversation that was given one by hand."""
    begun = {c.id: house.said(c)[0].text.removeprefix("This ") for c in house.conversations()}
    return {begun[c.id]: c.state for c in house.conversations() if begun[c.id] in BY_HAND}
