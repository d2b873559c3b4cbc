"""Sudden closures laid over hours: what ops typed at run time beside what stands in the file."""

from collections.abc import Iterable
from dataclasses import replace

from inbox.domain.people import Closure
from inbox.sla.hours import Hours


def closed(hours: Hours, closures: Iterable[Closure]) -> Hours:
    """The hours without the days on which they are closed; one that is told for these hours alone gives its own reason.
    Hours that are always open stay so."""
    mine = sorted((one for one in closures if one.hours in ("", hours.name)), key=lambda one: one.hours)
    if hours.always or not mine:
        return hours
    return replace(hours, closures={**hours.closures, **{one.day: one.reason for one in mine}})
