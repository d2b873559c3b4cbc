"""Hours that change while clocks run: what is owed moves, what was told does not, and people hear of both."""

from datetime import date, timedelta

from inbox.domain import events as ev
from inbox.domain.clock_events import ClockBreached, ClocksRecounted, Escalated
from inbox.domain.people import Closure
from inbox.domain.promise_events import PromiseAtRisk
from inbox.domain.promises import PromiseState
from inbox.pipeline.recount import AT_ONCE, differing, recount_some
from inbox.pipeline.verify import differences
from inbox.sla.hours import wall_clock
from inbox.store import clocks, closures
from tests.path.conftest import SHIPPED, Houses
from tests.path.house import House

REASON = "آلودگی هوا"
RISK = '[[rule]]\nname = "risk"\non = "promise-at-risk"\nthen.tag = ["tell them"]\n'
WELCOME = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\nthen.acknowledgement = "acknowledgement"\n'


def today(house: House) -> date:
    return wall_clock(house.clock.now(), "Asia/Tehran").date()


async def close(house: House, day: date, hours: str = "") -> None:
    """As `inbox calendar close` does it, with a daemon that runs."""
    house.hours_changed = True
    house.store.write_now(closures.close, Closure(day, REASON, hours), house.clock.now())
    assert house.rooms.reload("people") == ()
    await house.settle()


async def take_back(house: House, day: date) -> None:
    assert house.store.write_now(closures.take_back, day, None, house.clock.now()) == 1
    assert house.rooms.reload("people") == ()
    await house.settle()


async def test_a_closure_moves_what_is_owed_and_not_what_was_told(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": WELCOME + RISK})
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    before, told = house.clocks(house.only()), house.promises(house.only())
    await close(house, today(house))
    matter, after = house.only(), house.clocks(house.only())
    owed, owed_now = before["first_reply"].due_at, after["first_reply"].due_at
    assert owed is not None
    assert owed_now == owed + timedelta(hours=20), "Sunday 12:30 instead of today 16:30"
    [event] = house.told(matter, ClocksRecounted)
    assert sorted((one.metric, one.old, one.new) for one in event.clocks) == [
        ("first_reply", owed, owed_now),
        ("resolution", before["resolution"].due_at, after["resolution"].due_at),
    ]
    first, second = house.promises(matter)
    assert first.due_at == told[0].due_at
    assert (second.replaces, second.due_at) == (first.id, owed_now), "the customer hears a new time at once"
    assert len(house.customer("sara@x").mails) == 2
    assert [(one.promise, one.why) for one in house.told(matter, PromiseAtRisk)] == [(told[0].id, "closed")]
    assert matter.tags == ("tell them",)
    await house.later(hours=5)
    states = [p.state for p in house.promises(matter)]
    assert states == [PromiseState.LATE, PromiseState.OPEN], "each judged by its own instant"
    assert house.told(matter, ClockBreached) == []


async def test_a_closure_that_is_taken_back_leaves_things_as_they_were(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    before = house.clocks(house.only())
    await close(house, today(house))
    await take_back(house, today(house))
    assert house.clocks(house.only()) == before
    assert len(house.told(house.only(), ClocksRecounted)) == 2


async def test_nothing_is_told_where_nothing_differs(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    version = house.only().version
    await close(house, today(house) + timedelta(days=60))
    assert house.only().version == version
    await close(house, today(house), hours="no such hours")
    assert house.only().version == version


async def test_what_was_answered_stays_as_it_was_judged_and_rows_and_events_agree(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    answered = house.clocks(house.only())["first_reply"]
    await close(house, today(house))
    matter = house.only()
    assert house.clocks(matter)["first_reply"] == answered
    terms, now = house.rooms.playbook.terms, house.clock.now()
    assert house.store.read_now(differences, matter.id, terms, now) == []
    await house.agent("reza").does(matter, "done")
    assert house.clocks(matter)["first_reply"] == answered, "going through the log again changes nothing of it"
    assert house.store.read_now(differences, matter.id, terms, now) == []
    await take_back(house, today(house))


async def test_a_breach_stays_on_record_when_hours_change_afterwards(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.later(hours=4, seconds=1)
    breached = house.clocks(house.only())["first_reply"].breached_at
    assert breached is not None
    await close(house, today(house))
    await house.agent("reza").does(house.only(), "priority", priority="low")
    assert house.clocks(house.only())["first_reply"].breached_at == breached
    await take_back(house, today(house))
    assert len(house.told(house.only(), ClockBreached)) == 1


async def test_many_are_counted_in_slices_and_what_is_left_is_known_by_the_rows(house: House) -> None:
    for number in range(AT_ONCE + 3):
        await house.customer(f"c{number}@x").writes("Where is it?")
    house.store.write_now(closures.close, Closure(today(house), REASON), house.clock.now())
    assert house.rooms.reload("people") == ()
    book, now = house.rooms.playbook, house.clock.now()
    assert house.store.write_now(recount_some, book, now), "some are left"
    counted = [bool(house.told(matter, ClocksRecounted)) for matter in house.conversations()]
    assert counted == [False] * 3 + [True] * AT_ONCE, "the youngest first"
    await house.settle()
    assert all(len(house.told(matter, ClocksRecounted)) == 1 for matter in house.conversations())
    assert house.store.read_now(clocks.counted).done
    terms = house.rooms.playbook.terms
    assert [house.store.read_now(differing, m.id, terms, now) for m in house.conversations()] == [()] * (AT_ONCE + 3)


async def test_a_file_of_holidays_is_followed_and_a_broken_one_changes_nothing(houses: Houses) -> None:
    hours = (
        'format = 1\n[hours.support]\nzone = "Asia/Tehran"\nicalendar = ["days.ics"]\n[hours.support.open]\n'
        + "".join(f'{day} = ["08:30-17:00"]\n' for day in ("saturday", "sunday", "monday"))
        + '[hours.always]\nzone = "UTC"\nalways = true\n'
    )
    house = houses(rules={"10-a.toml": WELCOME, "hours.toml": hours, "days.ics": ics(date(2020, 1, 1))})
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    before = house.clocks(house.only())["first_reply"].due_at
    file, read = house.folder / "rules" / "days.ics", house.rooms.read
    file.write_text(ics(today(house)), encoding="utf-8")
    assert house.rooms.reload("files") == ()
    assert house.rooms.read != read, "who follows the files sees that it is another one"
    await house.settle()
    after = house.clocks(house.only())["first_reply"].due_at
    assert before is not None
    assert after == before + timedelta(hours=20)
    file.write_text("nothing of the kind", encoding="utf-8")
    [problem] = house.rooms.reload("files")
    assert (problem.key, problem.facts["where"]) == ("sla.icalendar_unread", "rules/days.ics")
    await house.settle()
    assert house.clocks(house.only())["first_reply"].due_at == after
    again = houses(clock=house.clock, network=house.network)
    assert [one.key for one in again.rooms.refused] == ["sla.icalendar_unread"], "a start runs on what was live last"
    await again.settle()
    assert again.clocks(again.only())["first_reply"].due_at == after


def ics(day: date) -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Day off\r\n"
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


STEPS = """
[[policy.standard.escalate]]
clock = "first_reply"
at = "50%"
then.raise_priority_to = "high"
then.tag = ["half"]

[[policy.standard.escalate]]
at = "100%"
priority = ["high", "urgent"]
then.team = "nights"
then.note = "Nobody answered in time."

[[policy.standard.escalate]]
clock = "first_reply"
after = "1 working hour"
then.tag = ["very late"]
"""
HEARD = '[[rule]]\nname = "heard"\non = "field-changed"\nwhen.changed.tag.added = "half"\nthen.tag = ["heard"]\n'


def escalating(houses: Houses, steps: str = STEPS, **more: object) -> House:
    policies = (SHIPPED / "policies.toml").read_text("utf-8") + steps
    return houses(rules={"10-a.toml": WELCOME + HEARD, "policies.toml": policies}, **more)


def steps_of(house: House) -> list[tuple[str, int, str]]:
    return [(one.metric, one.cycle, one.step) for one in house.told(house.only(), Escalated)]


async def test_steps_are_done_at_their_instant_and_once(houses: Houses) -> None:
    house = escalating(houses)
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    start = house.clock.now()
    await house.later(hours=1, minutes=59)
    assert steps_of(house) == []
    await house.later(minutes=1)
    matter = house.only()
    assert steps_of(house) == [("first_reply", 1, "50%"), ("first_reply", 1, "100%")], "90 minutes are over by then"
    assert (matter.priority.value, matter.tags) == ("high", ("half", "heard")), "rules hear of what a step changed"
    assert matter.team is not None
    assert [n.excerpt for n in house.told(matter, ev.Noted)] == ["Nobody answered in time."]
    await house.at(start + timedelta(hours=2, minutes=30))
    assert steps_of(house)[2:] == [("first_reply", 1, "1 working hour")]
    await house.later(days=1)
    assert [one for one in steps_of(house) if one[0] == "first_reply"] == steps_of(house)[:3]
    assert "very late" in house.only().tags


async def test_an_answer_in_time_leaves_nothing_to_escalate_and_the_next_question_begins_anew(houses: Houses) -> None:
    once = '[[policy.standard.escalate]]\nclock = ["first_reply", "next_reply"]\nat = "25%"\nthen.tag = ["slow"]\n'
    house = escalating(houses, once)
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    await house.later(hours=3)
    assert steps_of(house) == []
    await house.customer("sara@x").answers("And now?")
    await house.later(hours=2)
    await house.later(days=2)
    assert steps_of(house) == [("next_reply", 1, "25%")]


async def test_what_a_person_has_set_is_left_alone(houses: Houses) -> None:
    house = escalating(houses)
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("sara").does(house.only(), "priority", priority="low")
    await house.later(days=5)
    assert house.only().priority.value == "low"
    assert ("first_reply", 1, "50%") in steps_of(house)


async def test_a_step_is_not_done_again_after_a_restart_and_new_ones_are_taken_up(houses: Houses) -> None:
    house = escalating(houses, STEPS.partition("[[policy.standard.escalate]]\nat =")[0])
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    await house.later(hours=2)
    assert steps_of(house) == [("first_reply", 1, "50%")]
    house = escalating(houses, clock=house.clock, network=house.network)
    await house.settle()
    assert steps_of(house) == [("first_reply", 1, "50%"), ("first_reply", 1, "100%")]


async def test_a_conversation_that_sleeps_is_escalated_all_the_same(houses: Houses) -> None:
    house = escalating(houses)
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    matter = house.only()
    rule = '[[rule]]\nname = "sleep"\non = "field-changed"\nwhen.changed.tag.added = "later"\nthen.snooze = "3 working days"\n'
    (house.folder / "rules" / "20-b.toml").write_text(rule, encoding="utf-8")
    assert house.rooms.reload("files") == ()
    await house.agent("sara").does(matter, "tag", add=["later"])
    assert house.only().state.value == "snoozed"
    await house.later(hours=2)
    assert ("first_reply", 1, "50%") in steps_of(house)
