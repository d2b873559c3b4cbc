"""How far behind receiving is: how much waits, since when, how fast it is looked at, and how fast more comes.

Both paces are those of the last SAMPLE of each, up to now: they fall by themselves as soon as nothing happens any more. Looked for
among the newest rows and just below what waits, which is where the latest verdicts are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.store import tables as t
from inbox.store.unit import Unit

SAMPLE = 200
"""Arrivals of which a pace is taken, and of which the latest verdicts are looked for."""
FEW = 20
"""From fewer than these nothing can be told of a pace."""
HANDFUL = 50
LATE = timedelta(seconds=5)
"""Beyond one of these it is worth a word: so many wait, or one for so long."""
_A = t.arrival.c


@dataclass(frozen=True, slots=True)
class Behind:
    """One look. Paces are in arrivals a second; None where too little happened to tell one."""

    waiting: int
    """Arrivals without a verdict, old mail that is brought in among them."""
    oldest: datetime | None
    """When the first of them came that is no old mail."""
    judged: float | None = None
    coming: float | None = None

    def far(self, now: datetime) -> bool:
        """Whether it is worth a word."""
        return self.waiting > HANDFUL or (self.oldest is not None and now - self.oldest > LATE)

    @property
    def left(self) -> timedelta | None:
        """Roughly how long until nothing waits, if it goes on like this; None where it does not come to that, or nobody can tell."""
        if not self.waiting:
            return timedelta()
        net = (self.judged or 0.0) - (self.coming or 0.0)
        return timedelta(seconds=self.waiting / net) if net > 0 and self.waiting / net < 10**8 else None

    @property
    def grows(self) -> bool:
        """Whether more comes than is looked at."""
        return self.judged is not None and (self.coming or 0.0) >= self.judged


def behind(unit: Unit, now: datetime) -> Behind:
    """Take it. Where nothing waits, nothing else is asked."""
    waiting = sa.select(sa.func.count(), sa.func.min(_A.id)).where(_A.verdict.is_(None))
    count, first = unit.execute(waiting).one()
    if not count:
        return Behind(0, None)
    newest = int(unit.execute(sa.select(sa.func.max(_A.id))).scalar_one())
    oldest = sa.select(sa.func.min(_A.received_at)).where(_A.verdict.is_(None), ~_A.history)
    latest = _A.id > newest - SAMPLE
    below = sa.and_(_A.id < first, _A.id >= first - SAMPLE)
    judged = sa.select(_A.judged_at).where(sa.or_(latest, below), _A.judged_at.is_not(None))
    coming = sa.select(_A.received_at).where(latest, ~_A.history)
    return Behind(
        int(count),
        unit.execute(oldest).scalar_one(),
        _pace(unit.execute(judged).scalars().all(), now),
        _pace(unit.execute(coming).scalars().all(), now),
    )


def _pace(instants: Sequence[datetime], now: datetime) -> float | None:
    """Of the latest of them, from the first of those until now."""
    latest = sorted(instants)[-SAMPLE:]
    if len(latest) < FEW:
        return None
    return len(latest) / max(0.001, (now - latest[0]).total_seconds())
