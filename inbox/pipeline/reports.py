"""Reports: what came of a period, by name, from what is kept counted. The definitions: docs/reports.md."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.pipeline import measured
from inbox.pipeline import reports_flow as flow
from inbox.pipeline import reports_kept as kept
from inbox.pipeline import reports_people as people
from inbox.pipeline import reports_voice as voice
from inbox.pipeline import reports_waits as waits
from inbox.pipeline.reports_contracts import contracts
from inbox.pipeline.reports_reading import Reading, reading
from inbox.pipeline.reports_shape import Asked, Report, ReportTable
from inbox.store.unit import Unit

_MADE: Mapping[str, Callable[[Reading], list[ReportTable]]] = {
    "promise-kept": kept.promises,
    "first-reply": waits.first_reply,
    "next-reply": waits.next_reply,
    "resolution": waits.resolution,
    "waiting": waits.waiting,
    "sla": kept.sla,
    "contracts": contracts,
    "backlog": flow.backlog,
    "flow": flow.flow,
    "hours": flow.hours,
    "channels": flow.channels,
    "csat": people.csat,
    "nps": people.nps,
    "teams": people.teams,
    "agents": people.agents,
    "quality": people.quality,
    "rules": voice.rules,
    "articles": voice.articles,
    "voice": voice.voice,
}
NAMES = tuple(_MADE)
"""In the order in which they are offered: the promise-kept rate first."""


def report(unit: Unit, name: str, asked: Asked, zone: ZoneInfo, now: datetime) -> Report:
    """One report. Raises Problem: `report.unknown`, `report.no_days`, and `report.unknown_*` for a team, channel or organization
    that is not there."""
    made = _MADE.get(name)
    if made is None:
        raise Problem("report.unknown", name=name, known=", ".join(NAMES))
    read = reading(unit, asked, zone, now)
    return Report(name, asked, zone.key, measured.as_of(unit, now), read.step.days, tuple(made(read)))
