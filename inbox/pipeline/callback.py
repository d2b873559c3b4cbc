"""Calling back: a customer wishes to be called, at a number and in hours; it becomes a task that is due when both they and we are there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from inbox.domain.events import Actor, CallTried, TaskDone, TaskSet
from inbox.domain.ids import AgentId, TaskId
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.sla.hours import Calendar
from inbox.store import tasks
from inbox.store.tasks import Task
from inbox.text.numbers import e164
from inbox.text.stretches import Stretch, stretch
from inbox.text.when import parse_when

FARTHEST = 31
"""Days ahead in which the hours of a customer are looked for among ours."""
Outcome = Literal["reached", "not_reached"]


@dataclass(frozen=True, slots=True)
class Wish:
    """To be called at a number, as it was typed; `hours`: when ("tomorrow 10-12", an instant), empty: as soon as we are there."""

    number: str
    hours: str = ""
    agent: AgentId | None = None


def wish(turn: Turn, wanted: Wish, actor: Actor, playbook: Playbook) -> Task:
    """The task that it becomes, told in this turn. Raises Refused."""
    number = e164(wanted.number, playbook.following_up.country)
    if number is None:
        raise Refused("callback.no_number", number=wanted.number)
    due = _due(turn, wanted.hours.strip(), playbook)
    text = playbook.wording.say(playbook.language, "callback.task", number=number)
    hours = wanted.hours.strip()
    if hours:
        text = playbook.wording.say(playbook.language, "callback.task_in", number=number, hours=hours)
    made = (turn.unit, turn.conversation.id, due, text, "", turn.now)
    id = tasks.add(*made, agent=wanted.agent, phone=number, wish=hours)
    turn.tell(TaskSet("task_set", id, due, text, wanted.agent), actor)
    found = tasks.one(turn.unit, id)
    assert found is not None
    return found


def called(turn: Turn, id: TaskId, outcome: Outcome, actor: Actor, playbook: Playbook) -> CallTried:
    """What came of a call, told in this turn: nobody answered, and it is due again; or it is done, or given up. Raises Refused."""
    task = tasks.one(turn.unit, id)
    facts = {"reference": turn.conversation.reference, "number": id}
    if task is None or task.conversation != turn.conversation.id:
        raise Refused("task.no_such", **facts)
    if not task.call:
        raise Refused("callback.no_call", **facts)
    if task.done_at is not None:
        raise Refused("callback.over", **facts)
    tried = task.tries + 1
    if outcome == "not_reached" and tried < playbook.following_up.tries:
        again = _again(turn, task, playbook)
        tasks.move(turn.unit, id, again, tries=tried)
        told = CallTried("call_tried", id, task.phone, "not_reached", tried, again)
        turn.tell(told, actor)
        return told
    tasks.move(turn.unit, id, task.due_at, tries=tried)
    tasks.finish(turn.unit, id, turn.now)
    told = CallTried("call_tried", id, task.phone, "reached" if outcome == "reached" else "given_up", tried)
    turn.tell(told, actor)
    turn.tell(TaskDone("task_done", id, task.text), actor)
    return told


def _again(turn: Turn, task: Task, playbook: Playbook) -> datetime:
    """Some time later, in the hours of the day that they wished for, where they named any; else when we are there."""
    earliest, calendar = turn.now + playbook.following_up.again, _calendar(turn, playbook)
    meant = stretch(task.wish)
    if meant is None:
        return calendar.next_open(earliest) if calendar else earliest
    return _within(Stretch("", meant.start, meant.end), None, earliest, calendar, playbook) or earliest


def _due(turn: Turn, hours: str, playbook: Playbook) -> datetime:
    """Raises Refused for what is no time, has passed, or lies outside our own hours."""
    calendar, zone = _calendar(turn, playbook), ZoneInfo(playbook.zone)
    if not hours:
        return calendar.next_open(turn.now) if calendar else turn.now
    local, meant = turn.now.astimezone(zone), stretch(hours)
    if meant is not None:
        day = parse_when(meant.day, local) if meant.day else None
        if isinstance(day, datetime) or (meant.day and day is None):
            raise Refused("callback.no_hours", hours=hours)
        due = _within(meant, day, turn.now, calendar, playbook)
        if due is None:
            raise Refused("callback.closed", hours=hours)
        return due
    typed = parse_when(hours, local)
    if typed is None:
        raise Refused("callback.no_hours", hours=hours)
    if isinstance(typed, datetime):
        at = typed.astimezone(UTC)
        if at < turn.now or (calendar is not None and not calendar.is_open(at)):
            raise Refused("callback.closed", hours=hours)
        return at
    opened = _opens(typed, turn.now, calendar, zone)
    if opened is None:
        raise Refused("callback.closed", hours=hours)
    return opened


def _opens(day: date, now: datetime, calendar: Calendar | None, zone: ZoneInfo) -> datetime | None:
    """When we are there on that day, from now on."""
    spans = _spans(day, calendar, zone)
    return next((max(start, now) for start, end in spans if end > now), None)


def _within(
    meant: Stretch, day: date | None, earliest: datetime, calendar: Calendar | None, playbook: Playbook
) -> datetime | None:
    """The first instant, on that day or any, in their hours and in ours."""
    zone = ZoneInfo(playbook.zone)
    first = earliest.astimezone(zone).date()
    days = [day] if day is not None else [first + timedelta(days=n) for n in range(FARTHEST)]
    for one in days:
        start, end = (datetime.combine(one, at, zone).astimezone(UTC) for at in (meant.start, meant.end))
        for opens, closes in _spans(one, calendar, zone):
            begin = max(start, opens, earliest)
            if begin < min(end, closes):
                return begin
    return None


def _spans(day: date, calendar: Calendar | None, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    if calendar is not None:
        return calendar.open_intervals(day)
    midnight = datetime.combine(day, datetime.min.time(), zone)
    return ((midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)),)


def _calendar(turn: Turn, playbook: Playbook) -> Calendar | None:
    return playbook.terms.calendar(turn.conversation.channel)
