"""Faults of disks, clocks, queues and correspondents through the whole path: nothing lost, nobody told twice, no loop without end."""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import exc

from inbox.domain.clock_events import ClockBreached
from inbox.domain.deliveries import DeliveryState
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Temporary
from inbox.domain.promise_events import PromiseJudged
from inbox.domain.promises import PromiseState
from inbox.domain.scope import Scope
from inbox.store import views
from inbox.testing import FakeClock
from inbox.testing.clock import DEFAULT_START
from tests.path.conftest import CONFIG, Houses, everyone
from tests.path.house import SUPPORT, House
from tests.path.left_behind import answers_ended, answers_left
from tests.path.storms import reported, resident
from tests.store.databases import Copy

S = DeliveryState
QUEUED = int(os.environ.get("QUEUED", "32"))
"""So many wait when an outage is over; `make nightly` takes 10,000."""
DSNS = int(os.environ.get("DSNS", "400"))
"""So many reports storm in; `make nightly` takes 10,000."""
FLOOD = int(os.environ.get("FLOOD", "400"))
"""So many come from one sender within a minute; `make nightly` takes 1,000."""
UNBRAKED = "[automatic]\nautomatic_per_minute = 100000\n"


# -- C2 ----------------------------------------------------------------------------------------------------------------
class Disk:
    """Every commit finds it full, as long as it is: in SQLite's words, the kernel's, or PostgreSQL's."""

    def __init__(self, words: str, state: str = "") -> None:
        self.words, self.state = words, state
        self.full = False

    def __call__(self, point: str) -> None:
        if self.full and point == "store.before_commit":
            cause = Exception(self.words)
            cause.sqlstate = self.state  # type: ignore[attr-defined]  # as the driver's own errors have it
            raise exc.OperationalError("COMMIT", None, cause)


DISKS = {
    "SQLITE_FULL": ("database or disk is full", ""),
    "SQLITE_IOERR_WRITE": ("disk I/O error", ""),
    "53100": ("could not extend file: No space left on device", "53100"),
}


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, house: House) -> Disk:
    """The disk of a house, with room on it still."""
    made = Disk(*DISKS[request.param])
    house.store._probe = made
    return made


async def test_c2_a_disk_that_is_full_when_mail_comes_takes_nothing_from_the_network(house: House, disk: Disk) -> None:
    disk.full = True
    house.network.write("sara@x", "support@acme", "Where is it?", language="en")
    for _ in range(5):
        with pytest.raises(Temporary, match="disk_full"):
            await house.settle()
    assert [entry.what for entry in house.network.ledger if entry.what == "confirmed"] == []
    assert house.network.accepted == []
    disk.full = False
    await house.settle()
    assert (house.verdicts(), len(house.mails_to("sara@x"))) == (["accepted"], 1)


async def test_c2_a_disk_that_is_full_while_mail_is_received_costs_no_mail_its_tries(house: House, disk: Disk) -> None:
    house.network.write("sara@x", "support@acme", "Where is it?", language="en")
    await house._fetch(SUPPORT)
    disk.full = True
    for _ in range(5):
        with pytest.raises(Temporary, match="disk_full"):
            await house.receiver.settle()
    assert (house.verdicts(), house.conversations()) == (["None"], [])
    disk.full = False
    await house.settle()
    assert (house.verdicts(), len(house.mails_to("sara@x"))) == (["accepted"], 1)


async def test_c2_a_disk_that_is_full_when_mail_should_go_out_sends_nothing_twice(house: House, disk: Disk) -> None:
    house.network.write("sara@x", "support@acme", "Where is it?", language="en")
    await house._fetch(SUPPORT)
    await house.receiver.settle()
    disk.full = True
    for _ in range(5):
        with pytest.raises(Temporary, match="disk_full"):
            await house.senders[SUPPORT].settle()
    assert house.network.accepted == []
    disk.full = False
    await house.settle()
    assert [d.state for d in house.deliveries()] == [S.SENT]
    assert len(house.mails_to("sara@x")) == 1


# -- D20 ---------------------------------------------------------------------------------------------------------------
async def test_d20_after_an_outage_answers_go_first_and_no_time_is_told_that_is_past(houses: Houses) -> None:
    early, late = QUEUED * 3 // 4, QUEUED // 4
    answered = range(early // 3, early * 2 // 3)
    house = houses(more=UNBRAKED, channel='first_sync = "new"\nautomatic_per_hour = 0')
    await house.settle()
    house.network.faults.drops_before(10**9)
    await all_write(house, (f"early-{n}@x" for n in range(early)))
    await house.later(hours=23)
    await all_write(house, (f"late-{n}@x" for n in range(late)))
    matters = house.conversations()
    for n in answered:
        house.agent("reza").acts(matters[n], "reply", text="There.")
    assert house.network.accepted == []
    await house.later(hours=2)
    house.network.faults.drops_before(0)
    await house.later(hours=3)
    told = [(entry.recipients[0], "There." in entry.said["text"]) for entry in house.network.accepted]
    assert {address for address, answer in told if answer} == {f"early-{n}@x" for n in answered}
    answers = [n for n, (_, answer) in enumerate(told) if answer]
    assert answers == list(range(len(answered))), "what people wrote goes before what the house says by itself"
    acknowledged = Counter(address for address, answer in told if not answer)
    assert not [address for address in acknowledged if address.startswith("early")], (
        "a day later nobody is told a past time"
    )
    assert {address for address in acknowledged if address.startswith("late")} == {f"late-{n}@x" for n in range(late)}
    gone = house.deliveries("acknowledgement")
    assert Counter(d.state for d in gone) == {S.DROPPED: early, S.SENT: late}
    unanswered = house.conversations()[0]
    assert house.clocks(unanswered)["first_reply"].open, "they still wait for an answer"


async def all_write(house: House, addresses: Iterable[str]) -> None:
    """One question of each, received together."""
    for address in addresses:
        house.network.write(address, "support@acme", "Where is it?", language="en")
    await house.settle()


async def test_d20_what_lay_there_while_nobody_ran_is_not_told_either(houses: Houses) -> None:
    house = houses()
    await house.settle()
    house.network.write("sara@x", "support@acme", "Where is it?", language="en")
    await house._fetch(SUPPORT)
    await house.receiver.settle()
    house = houses(clock=FakeClock(DEFAULT_START + timedelta(days=2)), network=house.network)
    sender = house.senders[SUPPORT]
    sender.stop()
    await sender.run()
    assert [d.state for d in house.deliveries()] == [S.DROPPED]
    await house.settle()
    assert [mail for mail in house.mails_to("sara@x") if "acknowledgement" in str(mail)] == []


# -- E1, E2, E4, E10 ---------------------------------------------------------------------------------------------------
async def test_e1_two_houses_do_not_thank_each_other(houses: Houses, copy_sqlite: Copy, tmp_path: Path) -> None:
    house = houses()
    await house.settle()
    folder = tmp_path / "beta"
    folder.mkdir()
    url = copy_sqlite(folder)
    lines = CONFIG.format(url=url, channel='first_sync = "new"', more="", site="").replace("@acme", "@beta")
    (folder / "config.toml").write_text(lines)
    beta = House(folder, house.clock, house.network)
    beta.store.write_now(everyone)
    await beta.settle()
    house.network.write("support@beta", "support@acme", "We would like to order", language="en")
    for _ in range(20):
        await house.settle()
        await beta.settle()
        house.clock.advance(timedelta(hours=1))
    automatic = [d for one in (house, beta) for d in one.deliveries() if d.purpose.automatic]
    assert len(automatic) <= 2
    assert len(house.network.accepted) == len(automatic)
    beta.check()
    beta.close()


async def test_e2_a_responder_that_denies_being_a_machine_is_answered_a_bounded_number_of_times(
    houses: Houses,
) -> None:
    """Each of our mails is answered by a new one without any sign and without our token."""
    house = houses(more=UNBRAKED)
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    answered = 0
    for n in range(200):
        if len(sara.mails) == answered:
            break
        answered = len(sara.mails)
        house.clock.advance(timedelta(seconds=5))
        await sara.writes(f"I am away until Monday ({n})")
    assert answered == len(sara.mails) == 20
    assert {d.purpose for d in house.deliveries()} == {Purpose.ACKNOWLEDGEMENT}


async def test_e4_a_storm_of_bounces_is_answered_by_nothing(houses: Houses) -> None:
    """One in four is a report of our own acknowledgement; what is held in memory does not grow with them."""
    house = houses(more=UNBRAKED)
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    (ours,) = house.network.received("sara@x")
    kinds = ("bounce", "auto-reply", "report")
    held: list[float] = []
    for n in range(DSNS):
        if n % 4:
            house.network.write(f"mailer-daemon-{n}@x", "support@acme", "Undelivered", automatic=kinds[n % 4 - 1])
        else:
            reported(house, ours, n)
        if (n + 1) % (DSNS // 4) == 0:
            await house.settle()
            held.append(resident())
    assert house.network.accepted == [ours]
    assert house.only().messages == 2
    assert Counter(verdict.split()[0] for verdict in house.verdicts()) == {
        "accepted": 1 + DSNS // 4,
        "ignored": DSNS - DSNS // 4,
    }
    assert held[-1] <= held[0] * 1.2, f"{held} MB"


async def test_e10_a_flood_from_one_sender_is_as_many_conversations_as_threads_and_a_bounded_number_of_acknowledgements(
    houses: Houses,
) -> None:
    """All in one minute, half of them in four threads; somebody else, who writes in the middle of it, does not suffer from it."""
    house = houses()
    await house.settle()
    sara = house.customer("sara@x")
    threads = [await sara.writes(f"Question {n}") for n in range(4)]
    for n in range(FLOOD):
        references = [threads[n % 4]] if n % 2 else []
        house.network.write("sara@x", "support@acme", f"Hello? {n}", references=references, language="en")
        if n == FLOOD // 2:
            house.network.write("omid@x", "support@acme", "And mine?", language="en")
    await house.settle()
    assert len(house.conversations()) == 4 + (FLOOD + 1) // 2 + 1
    assert len(house.mails_to("omid@x")) == 1
    assert len(sara.mails) == 20, "one for a conversation, twenty for an address in a day"
    await house.later(hours=2)
    assert len(sara.mails) == 20, "nor are they told one after the other that an answer takes longer"


# -- G1, G4 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("leap", [timedelta(hours=1), timedelta(days=3650)])
async def test_g1_a_clock_that_leaps_and_comes_back_tells_of_nothing_twice(houses: Houses, leap: timedelta) -> None:
    """The machine's clock is set wrong, everything falls due, and it is set right again at the next start."""
    house = houses()
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    matter = house.only()
    await house.later(seconds=leap.total_seconds())
    for _ in range(3):
        await house.settle()
    breaches = [breach.metric for breach in house.told(matter, ClockBreached)]
    mails = len(sara.mails)
    assert breaches == (["first_reply", "resolution"] if leap > timedelta(days=1) else [])
    assert mails <= 3
    house = houses(clock=FakeClock(DEFAULT_START + timedelta(seconds=1)), network=house.network)
    for _ in range(3):
        await house.settle()
        house.clock.advance(timedelta(minutes=1))
    assert [breach.metric for breach in house.told(matter, ClockBreached)] == breaches
    assert len(house.told(matter, PromiseJudged)) <= 1
    assert len(house.mails_to("sara@x")) == mails
    await house.customer("omid@x").writes("And mine?")
    assert len(house.mails_to("omid@x")) == 1, "what comes now does not wait for the year to which it was set"
    await house.later(days=60)
    assert [breach.metric for breach in house.told(matter, ClockBreached)] == ["first_reply", "resolution"]
    await house.agent("reza").replies(house.conversations()[0], "There.")
    assert house.mails_to("sara@x")[-1]["text"].startswith("There.")


async def test_g1_what_a_clock_that_was_ahead_put_off_is_tried_when_it_is_right_again(houses: Houses) -> None:
    """And does not wait for the year to which it was set."""
    house = houses()
    await house.settle()
    house.clock.advance(timedelta(days=3650))
    house.network.faults.drops_before(times=3)
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    house.agent("reza").acts(house.only(), "reply", text="There.")
    await house.settle()
    assert [d.state for d in house.deliveries("reply")] == [DeliveryState.QUEUED]
    house = houses(clock=FakeClock(DEFAULT_START + timedelta(minutes=1)), network=house.network)
    for _ in range(6):
        await house.later(minutes=10)
    assert [d.state for d in house.deliveries("reply")] == [DeliveryState.SENT]
    assert house.mails_to("sara@x")[-1]["text"].startswith("There.")


async def test_g1_what_nobody_knew_and_what_was_to_be_fetched_does_not_wait_for_that_year(houses: Houses) -> None:
    house = houses()
    await house.settle()
    house.clock.advance(timedelta(days=3650))
    wanted = {"filename": "a.pdf", "content_type": "application/pdf", "size": 5, "state": "wanted", "remote": "f1"}
    house.network.faults.withholds()
    await house.customer("sara@x").writes("See the file.", attachments=[wanted])
    house.network.faults.drops_after_handed(accepted=False)
    await house.agent("reza").replies(house.only(), "There.")
    assert [d.state for d in house.deliveries("reply")] == [DeliveryState.UNKNOWN]
    house.network.files["f1"] = b"hello"
    house = houses(clock=FakeClock(DEFAULT_START + timedelta(minutes=1)), network=house.network)
    for _ in range(6):
        await house.later(minutes=10)
    assert [(d.state, d.repeated) for d in house.deliveries("reply")] == [(DeliveryState.SENT, True)]
    whole = house.store.read_now(views.shown, Scope.house(), house.only().reference)
    assert whole is not None
    assert [file.file.state for file in whole.messages[0].files] == ["here"]


async def test_g1_automatic_mail_of_a_year_that_never_was_leaves_the_budgets_alone(houses: Houses) -> None:
    """As many as a day may have were sent under the wrong clock: they count in no day that comes."""
    more = "[promise]\nnotices = 0\n[automatic]\nacknowledgements_per_address = 3"
    house = houses(more=more)
    await house.settle()
    house.clock.advance(timedelta(days=3650))
    for number in range(3):
        await house.customer("sara@x").writes(f"Question {number}")
    assert len(house.mails_to("sara@x")) == 3
    house = houses(more=more, clock=FakeClock(DEFAULT_START + timedelta(minutes=1)), network=house.network)
    await house.customer("sara@x").writes("Question 4")
    assert len(house.mails_to("sara@x")) == 4


async def test_g4_after_nine_hours_of_sleep_each_thing_is_told_once(house: House) -> None:
    """The machine slept from before a promise was at risk until long after it was missed."""
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    before = len(sara.mails)
    await house.later(hours=9)
    matter = house.only()
    assert [b.metric for b in house.told(matter, ClockBreached)] == ["first_reply"]
    assert next(p.state for p in house.promises(matter)) is PromiseState.LATE
    assert len(sara.mails) - before <= 1
    told = len(house.log(matter))
    for _ in range(3):
        await house.settle()
    assert len(house.log(matter)) == told


# -- H12 ---------------------------------------------------------------------------------------------------------------
async def test_h12_rows_in_every_state_are_worked_off_by_whoever_starts_next(houses: Houses) -> None:
    """As a version before left them: queued, in hand before and after the point of no return, of unknown fate, and over."""
    house = houses(more=UNBRAKED)
    await house.settle()
    await answers_left(house)
    house = houses(more=UNBRAKED, network=house.network, clock=house.clock)
    (sender,) = house.senders.values()
    sender.stop()
    await sender.run()
    assert house.deliveries("reply")[1].state is S.UNKNOWN
    house = houses(more=UNBRAKED, network=house.network, clock=house.clock)
    await house.later(minutes=20)
    answers_ended(house)
    answers = Counter(entry.recipients[0] for entry in house.network.accepted if "There." in entry.said["text"])
    assert answers == {"0@x": 1, "1@x": 1, "2@x": 1, "5@x": 1}, "of unknown fate: once more, and no more"
