"""A time that one of us typed, as an instant: in the site's zone, and a day alone as the end of its work."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.sla.hours import Calendar
from inbox.text.when import parse_when

EVENING = time(18)


def instant(typed: str, playbook: Playbook, now: datetime) -> datetime:
    """`parse_when` in UTC. Raises Problem for what is no time."""
    zone = ZoneInfo(playbook.zone)
    meant = parse_when(typed, now.astimezone(zone))
    if meant is None:
        raise Problem("promise.no_time", by=typed)
    if isinstance(meant, datetime):
        return meant.astimezone(UTC)
    return _end(playbook.calendars.get(playbook.promising.hours), meant, zone)


def _end(calendar: Calendar | None, day: date, zone: ZoneInfo) -> datetime:
    """When work ends on that day; six in the evening where nobody says when, or where we do not work."""
    spans = () if calendar is None or calendar.hours.always else calendar.open_intervals(day)
    return spans[-1][1] if spans else datetime.combine(day, EVENING, zone).astimezone(UTC)
