"""A backtest that is run nowhere: it says what it is told to say, when it is told to, and remembers how it ended."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from inbox.pipeline.backtest import Changed
from inbox.pipeline.backtested import Asked, Figures, Heard
from inbox.pipeline.rehearse import Count, Rehearsal
from inbox.pipeline.standings import STANDS
from inbox.rulebook.replay import Change
from inbox.sla.policy import Metric
from inbox.web.ops.backtests import Backtests
from tests.web import rulebooks
from tests.web.sites import Site

HIGH, MONEY = Change("priority", "normal", "<b>high"), Change("tag", "", "مالی")


def met(number: int) -> dict[Metric, Count]:
    """So many of twenty first replies in time."""
    return {Metric.FIRST_REPLY: Count(number, 20 - number), Metric.NEXT_REPLY: Count()}


def figures(*changed: Changed) -> Figures:
    """Of forty conversations these would come out otherwise."""
    counts = {one: sum(one in each.changes for each in changed) for one in (HIGH, MONEY)}
    stands = {name: {"none": (40, 40)} for name in STANDS} | {"priority": {"normal": (40, 38), "<b>high": (0, 2)}}
    clocks = Rehearsal(met(10), met(12), met(15), {"sara": (7, 9), "omid": (5, 3)}, (4, 1), ("K7Q2", "ZZZZ"), ("M4TR",))
    fields = tuple((one, count) for one, count in counts.items() if count)
    hits = {"parcels": (3, 5), "never <i>": (0, 0)}
    return Figures("0123456789abcdef", 1.25, 90, 40, len(changed), 0, fields, stands, hits, clocks)


TWO = (Changed("K7Q2", (HIGH, MONEY)), Changed("M4TR", (HIGH,)))
WHOLE = (Heard(500), Heard(90, rehearsing=True), Heard(90, changed=TWO), Heard(90, figures=figures(*TWO)))


@dataclass
class Elsewhere:
    """Where they would be run. Nothing is said before `go` is set; then all of `said`, and the end."""

    said: tuple[Heard, ...] = WHOLE
    first: tuple[Heard, ...] = ()
    asked: list[Asked] = field(default_factory=list)
    closed: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, asked: Asked) -> AsyncGenerator[Heard]:
        """Run one."""
        self.asked.append(asked)
        try:
            for one in self.first:
                yield one
            await self.go.wait()
            for one in self.said:
                yield one
        finally:
            self.closed += 1

    def backtests(self, site: Site, texts: dict[str, str] | None = None) -> Backtests:
        """Those of a site whose rules folder holds these files."""
        return Backtests(self.start, lambda: rulebooks.FILES if texts is None else texts, site.clock)
