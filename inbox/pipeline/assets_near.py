"""When a term of an asset comes near its end: at nine in the morning where we are, so many days ahead as the config says.

Pure: the same asset, days and instant give the same. A step that had passed before anybody entered the date is not made up for.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.assets import TERMS, Asset, Warning
from inbox.pipeline.playbook import Playbook

MORNING = time(9)


def next_look(asset: Asset, playbook: Playbook, now: datetime) -> datetime | None:
    """The next instant at which something of it comes near; None: nothing does any more."""
    return min((at for at, _ in _steps(asset, playbook) if at > now), default=None)


def near(asset: Asset, since: datetime, playbook: Playbook, now: datetime) -> list[Warning]:
    """What came near between two instants, one warning a term: where several steps have passed meanwhile, the last of them. What is
    over by now is nothing to warn of."""
    found: dict[str, Warning] = {}
    for at, warning in _steps(asset, playbook):
        if since <= at <= now and warning.until >= playbook.day(now):
            known = found.get(warning.term)
            if known is None or warning.days < known.days:
                found[warning.term] = warning
    return list(found.values())


def _steps(asset: Asset, playbook: Playbook) -> Iterator[tuple[datetime, Warning]]:
    if asset.retired_at is not None:
        return
    for term in TERMS:
        until = asset.until(term)
        for days in playbook.assets.warn_before if until is not None else ():
            assert until is not None
            at = _morning(until, days, playbook.zone)
            if at is not None:
                yield at, Warning(asset.id, term, until, days)


def _morning(until: date, days: int, zone: str) -> datetime | None:
    try:
        return datetime.combine(until - timedelta(days=days), MORNING, ZoneInfo(zone))
    except OverflowError:  # a day before the first that there is
        return None
