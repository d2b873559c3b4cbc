"""The conversations behind a number: what a report counted, as a condition on conversations (`counted:promise-late@DAY..DAY`)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from inbox.domain.conversations import Priority
from inbox.domain.measures import Measure, Outcome, Quality, Rule, number_of
from inbox.domain.people import Roster
from inbox.store.tables import conversation, measured_fact
from inbox.store.types import fixed

Condition = sa.ColumnElement[bool]
_F = measured_fact.c
_THURSDAY, _WEEK = 3, 7


def condition(value: str, roster: Roster, now: datetime) -> Condition | None:
    """What a conversation has to meet; None where nothing is counted under that word. `now`: aware, and local."""
    what, _, days = value.rpartition("@")
    since, _, until = days.partition("..")
    word, _, part = what.partition("/")
    made = WORDS.get(word)
    try:
        span = (number_of(date.fromisoformat(since)), number_of(date.fromisoformat(until)))
    except ValueError:
        return None
    if made is None:
        return None
    which = made(_Part(part, roster, now))
    if which is None:
        return None
    inside = (_F.conversation_id == conversation.c.id, _F.day.between(*span))
    return sa.exists().where(*inside, *which)


class _Part:
    """What stands behind a word: a handle, an hour, a class of durations, a name."""

    def __init__(self, text: str, roster: Roster, now: datetime) -> None:
        self.text, self.roster, self.now = text, roster, now

    @property
    def minute(self) -> int:
        """The minute of the present day."""
        return self.now.hour * 60 + self.now.minute

    @property
    def today(self) -> int:
        """The present day."""
        return number_of(self.now.date())


Made = Callable[[_Part], list[Condition] | None]


def _is(measure: Measure) -> Condition:
    return _F.measure == fixed(int(measure))


def _plain(measure: Measure, *more: Condition) -> Made:
    return lambda _: [_is(measure), *more]


def _took(measure: Measure) -> Made:
    """`first-reply`, `first-reply/16-60` (minutes), `first-reply/by/HANDLE`."""

    def made(part: _Part) -> list[Condition] | None:
        if not part.text:
            return [_is(measure)]
        if part.text.startswith("by/"):
            return _by(measure, part.text.removeprefix("by/"), part.roster)
        low, sign, high = part.text.partition("-")
        if not sign or not (low + (high or "0")).isdecimal() or len(part.text) > len("1234567-1234567"):
            return None
        return [_is(measure), _F.value >= int(low), *([_F.value <= int(high)] if high else [])]

    return made


def _by(measure: Measure, handle: str, roster: Roster, *more: Condition) -> list[Condition] | None:
    agent = roster.agent(handle)
    return None if agent is None else [_is(measure), _F.agent_id == agent.id, *more]


def _whose(measure: Measure, *more: Condition) -> Made:
    """`handled`, `handled/HANDLE`."""
    return lambda part: _by(measure, part.text, part.roster, *more) if part.text else [_is(measure), *more]


def _named(measure: Measure, *more: Condition) -> Made:
    """`tagged/TAG`, `rule-kept/RULE`."""
    return lambda part: [_is(measure), *more, *([_F.name == part.text] if part.text else [])]


def _target(met: int | None) -> Made:
    """`sla-met`, `sla-met/first_reply`, `sla-met/first_reply/high`."""

    def made(part: _Part) -> list[Condition] | None:
        metric, _, priority = part.text.partition("/")
        found = [_is(Measure.SLA)]
        if met is not None:
            found.append(_F.value % 2 == fixed(met))
        if metric:
            found.append(_F.name == metric)
        if priority:
            if priority not in [one.value for one in Priority]:
                return None
            least = Priority(priority).weight * 2
            found.append(_F.value.between(least, least + 1))
        return found

    return made


def _judged(which: str) -> Made:
    """One that is open is late when its minute has passed."""

    def made(part: _Part) -> list[Condition]:
        passed = sa.or_(
            _F.day < part.today,
            sa.and_(_F.day == part.today, _F.value - fixed(Outcome.OPEN) < part.minute),
        )
        overdue = sa.and_(_F.value >= fixed(Outcome.OPEN), passed)
        late = sa.or_(_F.value == fixed(Outcome.LATE), overdue)
        kept = _F.value == fixed(Outcome.KEPT)
        told = {
            "kept": kept,
            "late": late,
            "withdrawn": _F.value == fixed(Outcome.WITHDRAWN),
            "not_due": sa.and_(_F.value >= fixed(Outcome.OPEN), sa.not_(passed)),
            "judged": sa.or_(kept, late),
        }
        return [_is(Measure.PROMISE), told[which]]

    return made


def _received(part: _Part) -> list[Condition] | None:
    """`received/WEEKDAY/HOUR`."""
    found = [_is(Measure.RECEIVED)]
    if not part.text:
        return found
    weekday, _, hour = part.text.partition("/")
    if len(part.text) > len("6/23") or not (weekday + hour).isdecimal() or not hour:
        return None
    return [*found, (_F.day + fixed(_THURSDAY)) % fixed(_WEEK) == int(weekday), _F.value == int(hour)]


def _score(kind: str, low: int = 0, high: int = 10) -> Made:
    return _whose(Measure.RATED, _F.name == kind, _F.value.between(fixed(low), fixed(high)))


def _asked(kind: str, *more: Condition) -> Made:
    return _plain(Measure.ASKED, _F.name == kind, *more)


def _bits(column: sa.ColumnElement[int], *bits: int) -> list[Condition]:
    return [column.op("&")(fixed(bit)) > fixed(0) for bit in bits]


def _quality(*bits: int) -> Made:
    return _plain(Measure.QUALITY, *_bits(_F.value, *bits))


def _rule(bit: int) -> Made:
    return _named(Measure.RULE, *_bits(_F.value, bit))


WORDS: Mapping[str, Made] = {
    "opened": _plain(Measure.OPENED),
    "switched": _plain(Measure.OPENED, _F.value == fixed(1)),
    "done": _plain(Measure.DONE),
    "first-reply": _took(Measure.FIRST),
    "first-reply-working": _took(Measure.FIRST_WORKING),
    "next-reply": _took(Measure.NEXT),
    "next-reply-working": _took(Measure.NEXT_WORKING),
    "resolution": _took(Measure.RESOLUTION),
    "resolution-working": _took(Measure.RESOLUTION_WORKING),
    "waited": _plain(Measure.THEIRS),
    "waited-working": _plain(Measure.OURS_WORKING),
    "sla": _target(None),
    "sla-met": _target(1),
    "sla-missed": _target(0),
    **{f"promise-{which}": _judged(which) for which in ("kept", "late", "withdrawn", "not_due", "judged")},
    "received": _received,
    "csat": _score("csat"),
    "csat-good": _score("csat", 4),
    "csat-ok": _score("csat", 3, 3),
    "csat-bad": _score("csat", 1, 2),
    "csat-asked": _asked("csat"),
    "csat-answered": _asked("csat", _F.value == fixed(1)),
    "nps": _score("nps"),
    "nps-promoters": _score("nps", 9),
    "nps-passives": _score("nps", 7, 8),
    "nps-detractors": _score("nps", 0, 6),
    "nps-asked": _asked("nps"),
    "nps-answered": _asked("nps", _F.value == fixed(1)),
    "handled": _whose(Measure.HANDLED),
    "replies": _whose(Measure.REPLIES),
    "tagged": _named(Measure.TAGGED),
    "one-touch": _quality(Quality.ONE_TOUCH),
    "one-touch-of": _quality(Quality.DONE, Quality.ANSWERED),
    "reopened": _quality(Quality.REOPENED),
    "reopened-of": _quality(Quality.EVER_DONE),
    "transferred": _quality(Quality.TRANSFERRED),
    "transferred-of": _quality(Quality.HAD_TEAM),
    "rule-assigned": _rule(Rule.ASSIGNED),
    "rule-kept": _rule(Rule.KEPT),
    "rule-priority": _rule(Rule.PRIORITY),
    "rule-corrected": _rule(Rule.CORRECTED),
}
