"""The judge: what the quarter must show, from what customers received and when; of the ledger it takes the told instants only."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bench.quarter import world
from bench.quarter.drive import Mail, Quarter, instant
from bench.quarter.world import HOLIDAYS, OPEN, ZONE, Question
from inbox.store.unit import Unit

ESTIMATED = ("history", "queue")
ONE_DAY = timedelta(days=1)
SLACK = 0.03
"""By how much the kept share may lie below what was claimed."""
FEW = 20
"""Replies below which nothing may be promised without a policy."""
TOLD = sa.text(
    "SELECT id, conversation_id, kind, told_at, due_at, basis, percentile, state, replaces_id, inputs, text"
    " FROM promise ORDER BY id"
)
SPOKEN = sa.text(
    "SELECT m.conversation_id, d.purpose, COUNT(*) FROM delivery d JOIN message m ON m.id = d.message_id"
    " WHERE d.state = 'sent' GROUP BY m.conversation_id, d.purpose"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A time that a customer was told, with the question it was told for."""

    question: Question
    kind: str
    told_at: datetime
    due_at: datetime
    basis: str
    claimed: float
    state: str
    first: bool
    load: float
    words: str
    answered_at: datetime | None

    @property
    def kept(self) -> bool:
        """Whether a person answered by then."""
        return self.answered_at is not None and self.answered_at <= self.due_at


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is judged."""

    told: Sequence[Told]
    asked: Mapping[int, Question]
    received: Mapping[str, Sequence[Mail]]
    spoken: Mapping[tuple[int, str], int]
    first_answers: Sequence[datetime]
    until: datetime

    @property
    def first(self) -> list[Told]:
        """The first times told at which an answer was promised, and which are over: due, or answered."""
        return [t for t in self.told if t.first and t.kind == "answer" and (t.due_at <= self.until or t.kept)]


def seen(quarter: Quarter) -> Seen:
    """What happened, read once it is over."""

    def work(unit: Unit) -> tuple[list[Any], dict[tuple[int, str], int]]:
        return list(unit.execute(TOLD)), {(row[0], row[1]): row[2] for row in unit.execute(SPOKEN)}

    rows, spoken = quarter.store.read_now(work)
    told = [_told(quarter, row) for row in rows]
    return Seen(
        told, quarter.asked, quarter.post.received_by, spoken, sorted(quarter.answered.values()), quarter.clock.now()
    )


def _told(quarter: Quarter, row: Any) -> Told:
    _, matter, kind, told_at, due_at, basis, claimed, state, replaces, inputs, words = row
    rested = json.loads(inputs)
    load = (rested.get("queue", 0) + 1) / max(1, rested.get("on_shift", 1))
    question = quarter.asked[matter]
    answers = [m.at for m in quarter.post.received_by[question.address] if m.answer]
    answered = next((at for at in answers if at >= instant(told_at)), None)
    times = (instant(told_at), instant(due_at))
    return Told(question, kind, *times, basis, claimed, state, replaces is None, load, words, answered)


def rate(told: Iterable[Told]) -> tuple[int, int]:
    """How many were kept, of how many."""
    found = [t.kept for t in told]
    return sum(found), len(found)


def claimed(told: Iterable[Told]) -> float:
    """The percentile that was claimed; the site has one for all."""
    return max((t.claimed for t in told), default=0.0)


def grouped(told: Iterable[Told], key: Callable[[Told], str]) -> dict[str, tuple[int, int]]:
    """The same for each value of the key, in order."""
    groups = defaultdict(list)
    for one in told:
        groups[key(one)].append(one)
    return {name: rate(groups[name]) for name in sorted(groups)}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold: what, what was found, and whether it does."""

    what: str
    found: str
    holds: bool


def checks(found: Seen) -> list[Check]:
    """All of them."""
    first = found.first
    unsure = [_wrong(found, t) for t in found.told if t.first and t.kind == "answer"]
    reasons = Counter(reason for reason in unsure if reason)
    outside = sum(not _open_at(t) for t in found.told)
    told_in_mail = sum(not _in_mail(found, t) for t in found.told)
    most = max((found.spoken.get((id, "renewal"), 0) for id in found.asked), default=0)
    acknowledged = Counter(found.spoken.get((id, "acknowledgement"), 0) for id in found.asked)
    estimated = [t for t in first if t.basis in ESTIMATED]
    return [
        _held("kept, of the first answers promised", first),
        *(_held(f"the same in {month}", [t for t in first if _month(t) == month]) for month in _months(first)),
        _held("kept, of those that rest on history or queue", estimated),
        Check(
            "answers promised in an unsure case", ", ".join(f"{k}: {n}" for k, n in reasons.items()) or "0", not reasons
        ),
        Check("times outside the calendar", str(outside), not outside),
        Check("times that do not stand in what the customer received", str(told_in_mail), not told_in_mail),
        Check("notices of one question, at most", str(most), most <= 2),
        Check("conversations acknowledged once", f"{acknowledged[1]} of {len(found.asked)}", set(acknowledged) <= {1}),
    ]


def _held(what: str, told: Sequence[Told]) -> Check:
    """Whether the share that was kept is what was claimed, less a little."""
    kept, n = rate(told)
    return Check(
        what, f"{percent(kept, n)} of {n} (claimed {claimed(told):.0%})", not n or kept / n >= claimed(told) - SLACK
    )


def _month(told: Told) -> str:
    return f"month {(told.told_at.astimezone(ZONE).date() - world.FIRST).days // 30 + 1}"


def _months(told: Iterable[Told]) -> list[str]:
    return sorted({_month(t) for t in told})


def percent(kept: int, n: int) -> str:
    """`87.3 %`, or `-` of nothing."""
    return f"{100 * kept / n:.1f} %" if n else "-"


def _open_at(told: Told) -> bool:
    """Whether the time lies in the working week as it is written down once more in `world`; closing time belongs to it."""
    if told.question.channel == "partners":
        return True
    local = told.due_at.astimezone(ZONE)
    hour = local.hour + local.minute / 60 + local.second / 3600
    opens, closes = OPEN.get(local.weekday(), (1, 0))
    return opens <= hour <= closes and local.date() not in HOLIDAYS


def _in_mail(found: Seen, told: Told) -> bool:
    mails = found.received[told.question.address]
    local = told.due_at.astimezone(ZONE)
    clock = f"{local:%H:%M}".translate(
        str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹") if told.question.language == "fa" else {}
    )
    return any(clock in mail.text for mail in mails if not mail.answer)


def _wrong(found: Seen, told: Told) -> str:
    """Why no answer should have been promised; empty where it is well."""
    first, last = told.told_at.astimezone(ZONE), told.due_at.astimezone(ZONE)
    channel = told.question.channel
    if channel == "sales" and world.midnight(world.DEGRADED.start) <= told.told_at < world.midnight(
        world.DEGRADED.stop
    ):
        return "degraded"
    if channel == "partners" and not any(
        world.works(h, told.told_at) for h, s in world.SHIFTS.items() if s[0] == channel
    ):
        return "nobody there"
    if channel != "support" and sum(at <= told.told_at for at in found.first_answers) < FEW:
        return "few replies"
    if any(_crossed(first, last, day) for day, estimated in HOLIDAYS.items() if estimated) and channel != "partners":
        return "estimated holiday"
    if told.basis in ESTIMATED and _working_days(first.date(), last.date()) > 3:
        return "horizon"
    return ""


def _crossed(first: datetime, last: datetime, day: date) -> bool:
    """Whether the window holds the opening of that day, or of the day before or after it, to which it could have moved."""
    near = (day - ONE_DAY, day, day + ONE_DAY)
    return any(
        first < datetime.combine(one, datetime.min.time(), ZONE) + timedelta(hours=OPEN[one.weekday()][0]) < last
        for one in near
        if one.weekday() in OPEN
    )


def _working_days(first: date, last: date) -> int:
    days = ((first + n * ONE_DAY) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() in OPEN and day not in HOLIDAYS for day in days)
