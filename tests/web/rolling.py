"""Sums of a quarter as reports read them, written straight into the store: every measure on every day, the same each time."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from inbox.domain.measures import Measure, number_of
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.calendars import tongue
from tests.web.sites import NOW, OMID, SARA

TODAY: date = NOW.date()
DAYS = 45
CHANNELS = ("support", "bot")
_DURATIONS = (
    Measure.FIRST,
    Measure.FIRST_WORKING,
    Measure.NEXT,
    Measure.NEXT_WORKING,
    Measure.RESOLUTION,
    Measure.RESOLUTION_WORKING,
    Measure.OURS,
    Measure.OURS_WORKING,
    Measure.THEIRS,
)
Key = tuple[Measure, int, str, int, int, str, int]


def rolled(unit: Unit) -> None:
    """Write them."""
    names = ("measure", "day", "channel", "team_id", "agent_id", "name", "value")
    counted = Counter(itertools.chain.from_iterable(_day(day) for day in range(DAYS)))
    unit.add(t.rolled, *({**dict(zip(names, key, strict=True)), "n": n} for key, n in counted.items()))


def _day(back: int) -> Iterator[Key]:
    dice, day = Random(back), number_of(TODAY - timedelta(days=back))
    for _ in range(dice.randint(3, 9)):
        at = (dice.choice(CHANNELS), dice.choice((0, 1)))
        whose = dice.choice((SARA, OMID))
        yield Measure.OPENED, day, *at, 0, "", dice.choice((0, 0, 1))
        yield Measure.DONE, day, *at, 0, "", 0
        yield Measure.RECEIVED, day, *at, 0, "", dice.randint(7, 20)
        yield Measure.BACKLOG, day, *at, 0, dice.choice(("open", "waiting", "snoozed")), 0
        yield Measure.QUALITY, day, *at, 0, "", dice.randint(0, 127)
        yield Measure.PROMISE, day, *at, 0, "", dice.choice((0, 0, 0, 1, 2))
        yield Measure.SLA, day, *at, 0, "first_reply", dice.randint(0, 7)
        yield Measure.HANDLED, day, *at, whose, "", 0
        yield Measure.REPLIES, day, *at, whose, "", 0
        yield Measure.RATED, day, *at, whose, "csat", dice.randint(1, 5)
        yield Measure.RATED, day, *at, whose, "nps", dice.randint(0, 10)
        yield Measure.ASKED, day, *at, whose, dice.choice(("csat", "nps")), dice.randint(0, 1)
        yield Measure.RULE, day, *at, 0, "orders first", dice.randint(1, 15)
        yield Measure.TAGGED, day, *at, 0, dice.choice(("refund", "سفارش")), 0
        for measure in _DURATIONS:
            yield measure, day, *at, whose, "", dice.randint(1, 90)


def weekdays(language: str) -> list[str]:
    """In the order of the week as the language prints it."""
    said = tongue(language)
    return [said.weekdays[(said.week_starts + n) % 7] for n in range(7)]
