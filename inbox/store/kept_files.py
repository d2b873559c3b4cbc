"""Files that agents keep with a contact or an organization; a file's bytes are a blob, durable before its row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId, OrganizationId
from inbox.store.tables import blob, kept_file
from inbox.store.unit import Unit

_F = kept_file.c


@dataclass(frozen=True, slots=True)
class Whose:
    """A contact or an organization: one of the two."""

    contact: ContactId | None = None
    organization: OrganizationId | None = None

    @property
    def here(self) -> sa.ColumnElement[bool]:
        """Its files."""
        return _F.contact_id == self.contact if self.contact is not None else _F.organization_id == self.organization


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file, `size` in bytes."""

    id: int
    filename: str
    size: int
    digest: str
    at: datetime
    agent: AgentId | None = None


def add(unit: Unit, whose: Whose, digest: str, filename: str, size: int, by: AgentId | None, now: datetime) -> int:
    """Keep it; its number."""
    unit.insert_new(blob, digest=digest, size=size, stored_at=now)
    row = {"contact_id": whose.contact, "organization_id": whose.organization, "digest": digest, "agent_id": by}
    return unit.insert(kept_file, **row, filename=filename, size=size, at=now)


def of(unit: Unit, whose: Whose) -> list[KeptFile]:
    """All that is kept with it, the newest first."""
    query = sa.select(_F.id, _F.filename, _F.size, _F.digest, _F.at, _F.agent_id).where(whose.here)
    return [_file(row) for row in unit.execute(query.order_by(_F.id.desc()))]


def one(unit: Unit, whose: Whose, id: int) -> KeptFile | None:
    """The file of that number, where it is kept there."""
    return next((file for file in of(unit, whose) if file.id == id), None)


def take(unit: Unit, whose: Whose, id: int) -> bool:
    """It is kept no longer; False where it was not."""
    return unit.execute(sa.delete(kept_file).where(whose.here, _F.id == id)).rowcount > 0


def _file(row: Sequence[Any]) -> KeptFile:
    agent = None if row[5] is None else AgentId(row[5])
    return KeptFile(row[0], row[1], row[2], row[3], row[4], agent)
