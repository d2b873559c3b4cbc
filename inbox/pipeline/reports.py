"""Reports: what came of a period, by name, from what is kept counted. The definitions: docs/reports.md."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.pipeline.reports_shape import Asked, Report
from inbox.store.unit import Unit

NAMES = (
    "promises",
    "first-reply",
    "next-reply",
    "resolution",
    "waiting",
    "sla",
    "backlog",
    "flow",
    "hours",
    "channels",
    "csat",
    "nps",
    "teams",
    "agents",
    "quality",
    "rules",
    "articles",
    "voice",
)
"""In the order in which they are offered: the promise-kept rate first. Compliance with contracts is told by the statements."""


def report(unit: Unit, name: str, asked: Asked, zone: ZoneInfo, now: datetime) -> Report:
    """One report. Raises Problem: `report.unknown`, `report.no_days`, and `report.unknown_*` for a team, channel or organization
    that is not there."""
    raise Problem("report.unknown", name=name, known=", ".join(NAMES))
