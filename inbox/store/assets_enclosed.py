"""The documents of an asset; their bytes are blobs, durable before their rows."""

from datetime import datetime

import sqlalchemy as sa

from inbox.domain.assets import Document
from inbox.domain.ids import AgentId, AssetId
from inbox.store.tables import asset_document, blob
from inbox.store.unit import Unit

_D = asset_document.c
_FIELDS = (_D.id, _D.name, _D.type, _D.digest, _D.size, _D.at, _D.agent_id)


def put(
    unit: Unit, id: AssetId, name: str, type: str, digest: str, size: int, agent: AgentId | None, now: datetime
) -> int:
    """One more document; its number."""
    unit.insert_new(blob, digest=digest, size=size, stored_at=now)
    row = {"asset_id": id, "name": name, "type": type, "digest": digest, "size": size, "at": now, "agent_id": agent}
    return unit.insert(asset_document, **row)


def take(unit: Unit, id: AssetId, number: int, now: datetime) -> Document | None:
    """It belongs to the asset no more: what it was; None where there is no such document."""
    found = one(unit, id, number)
    if found is not None:
        unit.execute(sa.update(asset_document).where(_D.id == number).values(gone_at=now))
    return found


def one(unit: Unit, id: AssetId, number: int) -> Document | None:
    """The document of that number."""
    return next((found for found in of(unit, id) if found.id == number), None)


def of(unit: Unit, id: AssetId) -> list[Document]:
    """The documents of an asset, the oldest first."""
    query = sa.select(*_FIELDS).where(_D.asset_id == id, _D.gone_at.is_(None)).order_by(_D.id)
    rows = unit.execute(query)
    return [Document(r[0], r[1], r[2], r[3], r[4], r[5], None if r[6] is None else AgentId(r[6])) for r in rows]
