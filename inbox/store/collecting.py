"""Files that only the network has: which are still wanted, and what came of fetching them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AttachmentId, ChannelName
from inbox.store.tables import attachment, blob, collecting
from inbox.store.unit import Unit

_C = collecting.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be fetched. `remote` is the network's name of it; `size` in bytes, as far as the network told."""

    id: AttachmentId
    remote: str
    size: int
    tries: int


def due(unit: Unit, channel: ChannelName, now: datetime, most: int) -> list[Wanted]:
    """What may be fetched on a channel now, the longest due first."""
    fields = (_C.attachment_id, attachment.c.remote, attachment.c.size, _C.tries)
    query = sa.select(*fields).join_from(collecting, attachment, _C.attachment_id == attachment.c.id)
    mine = (_C.channel == channel, _C.not_before.is_not(None), _C.not_before <= now)
    rows = unit.execute(query.where(*mine).order_by(_C.not_before, _C.attachment_id).limit(most))
    return [Wanted(AttachmentId(r[0]), *r[1:]) for r in rows]


def next_due(unit: Unit, channel: ChannelName) -> datetime | None:
    """When the next file may be fetched; None: none is wanted."""
    query = sa.select(sa.func.min(_C.not_before)).where(_C.channel == channel, _C.not_before.is_not(None))
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def here(unit: Unit, id: AttachmentId, digest: str, size: int, now: datetime) -> bool:
    """Its bytes lie under this digest; False where it is no longer wanted."""
    unit.insert_new(blob, digest=digest, size=size, stored_at=now)
    return _over(unit, id, "here", size=size, blob=digest)


def gone(unit: Unit, id: AttachmentId, error: str) -> bool:
    """It will never be here, and why; False where it is no longer wanted."""
    return _over(unit, id, "gone", error=error)


def later(unit: Unit, id: AttachmentId, not_before: datetime, error: str) -> None:
    """It could not be fetched now."""
    values = {"tries": _C.tries + 1, "not_before": not_before, "error": error}
    unit.execute(sa.update(collecting).where(_C.attachment_id == id, _C.not_before.is_not(None)).values(**values))


def _over(unit: Unit, id: AttachmentId, state: str, *, size: int | None = None, **values: str) -> bool:
    ended = sa.update(collecting).where(_C.attachment_id == id, _C.not_before.is_not(None))
    if not unit.execute(ended.values(not_before=None, **values)).rowcount:
        return False
    known = {} if size is None else {"size": size}
    unit.execute(sa.update(attachment).where(attachment.c.id == id).values(state=state, **known))
    return True
