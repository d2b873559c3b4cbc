"""When a warranty or a service comes near its end: the next look at an asset is a row, and what was told is a row for ever."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from inbox.domain.assets import Asset, Warning
from inbox.domain.ids import AssetId, ConversationId
from inbox.store.assets import COLUMNS, of_row
from inbox.store.prepared import Prepared
from inbox.store.tables import asset, asset_warned, site
from inbox.store.unit import Unit

_A, _W = asset.c, asset_warned.c
_COUNTED = "assets warned"
_NEXT = Prepared(sa.select(sa.func.min(_A.warn_at)).where(_A.warn_at.is_not(None)))


def due(unit: Unit, now: datetime, most: int = 50) -> list[tuple[Asset, datetime]]:
    """Assets that are to be looked at by now, and since when they are, the longest due first."""
    query = sa.select(*COLUMNS, _A.warn_at).where(_A.warn_at.is_not(None), _A.warn_at <= now)
    rows = unit.execute(query.order_by(_A.warn_at, _A.id).limit(most))
    return [(of_row(row[:-1]), row[-1]) for row in rows]


def next_due(unit: Unit) -> datetime | None:
    """When the next one is."""
    found: datetime | None = unit.run(_NEXT)[0][0]
    return found


def look_at(unit: Unit, id: AssetId, at: datetime | None) -> None:
    """When it is looked at next; None: nothing of it ends any more."""
    unit.execute(sa.update(asset).where(_A.id == id).values(warn_at=at))


def told(unit: Unit, warning: Warning, matter: ConversationId | None, now: datetime) -> bool:
    """That it is told now; False where it was told already."""
    row = {"asset_id": warning.asset, "term": warning.term, "until": warning.until.isoformat(), "days": warning.days}
    return unit.insert_new(asset_warned, **row, at=now, conversation_id=matter)


def matter_is(unit: Unit, warning: Warning, matter: ConversationId) -> None:
    """In which conversation it was told."""
    mine = (_W.asset_id == warning.asset, _W.term == warning.term, _W.until == warning.until.isoformat())
    query = sa.update(asset_warned).where(*mine, _W.days == warning.days)
    unit.execute(query.values(conversation_id=matter))


def of(unit: Unit, id: AssetId) -> list[tuple[Warning, datetime, ConversationId | None]]:
    """What was told of an asset, the newest first."""
    query = sa.select(_W.term, _W.until, _W.days, _W.at, _W.conversation_id).where(_W.asset_id == id)
    rows = unit.execute(query.order_by(_W.at.desc(), _W.days))
    return [
        (Warning(id, r[0], date.fromisoformat(r[1]), r[2]), r[3], None if r[4] is None else ConversationId(r[4]))
        for r in rows
    ]


def count_anew(unit: Unit, days: Sequence[int], zone: str, today: date, now: datetime) -> bool:
    """Have every asset of which something still ends looked at once, where the config said other days than these; whether it did."""
    terms = f"{sorted(days)} {zone}"
    found = unit.execute(sa.select(site.c.value).where(site.c.name == _COUNTED)).scalar_one_or_none()
    if found == terms:
        return False
    if not unit.insert_new(site, name=_COUNTED, value=terms):
        unit.execute(sa.update(site).where(site.c.name == _COUNTED).values(value=terms))
    ahead = sa.or_(_A.warranty_until >= today.isoformat(), _A.service_until >= today.isoformat())
    unit.execute(sa.update(asset).where(ahead, _A.retired_at.is_(None)).values(warn_at=now))
    return True
