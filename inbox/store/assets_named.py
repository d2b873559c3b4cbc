"""Which conversations are about which assets: what their events tell, kept so that both can be asked."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.assets import Asset
from inbox.domain.conversations import State
from inbox.domain.ids import AssetId, ConversationId, MessageId
from inbox.domain.scope import Scope
from inbox.store.assets import COLUMNS, of_row
from inbox.store.prepared import Prepared
from inbox.store.scoped import within
from inbox.store.tables import asset, asset_named, conversation
from inbox.store.unit import Unit

_N, _A, _M = asset_named.c, asset.c, conversation.c


@dataclass(frozen=True, slots=True)
class Matter:
    """A conversation that is about an asset, and since when."""

    reference: str
    subject: str
    state: State
    at: datetime


def put(unit: Unit, matter: ConversationId, id: AssetId, message: MessageId | None, now: datetime) -> None:
    """The conversation is about it from now on."""
    row = {"conversation_id": matter, "asset_id": id, "at": now, "message_id": message}
    if not unit.insert_new(asset_named, **row):
        values = {"at": now, "message_id": message, "gone_at": None}
        unit.execute(sa.update(asset_named).where(*_here(matter, id)).values(**values))


def take(unit: Unit, matter: ConversationId, id: AssetId, now: datetime) -> None:
    """It is not about it, whatever messages say."""
    unit.execute(sa.update(asset_named).where(*_here(matter, id)).values(gone_at=now))


def _here(matter: ConversationId, id: AssetId) -> tuple[sa.ColumnElement[bool], ...]:
    return (_N.conversation_id == matter, _N.asset_id == id)


_KNOWN = Prepared(sa.select(_N.asset_id, _N.gone_at).where(_N.conversation_id == sa.bindparam("matter")))


def known(unit: Unit, matter: ConversationId) -> dict[AssetId, bool]:
    """The assets that a conversation was ever about, and whether it still is."""
    return {AssetId(row[0]): row[1] is None for row in unit.run(_KNOWN, matter=matter)}


_OF = Prepared(
    sa.select(*COLUMNS, _N.message_id)
    .join_from(asset_named, asset, _A.id == _N.asset_id)
    .where(_N.conversation_id == sa.bindparam("matter"), _N.gone_at.is_(None))
    .order_by(_N.at.desc(), _N.message_id.desc(), _N.asset_id)
)


def of(unit: Unit, matter: ConversationId) -> list[Asset]:
    """What a conversation is about, what was named last before the rest."""
    return [asset for asset, _ in by_message(unit, matter)]


def by_message(unit: Unit, matter: ConversationId) -> list[tuple[Asset, MessageId | None]]:
    """The same, each with the message in which its code stands."""
    rows = unit.run(_OF, matter=matter)
    return [(of_row(row[:-1]), None if row[-1] is None else MessageId(row[-1])) for row in rows]


def matters(unit: Unit, scope: Scope, id: AssetId, most: int = 50) -> list[Matter]:
    """The conversations about an asset within a scope, the newest first."""
    query = (
        sa.select(_M.reference, _M.subject, _M.state, _N.at)
        .join_from(asset_named, conversation, _M.id == _N.conversation_id)
        .where(_N.asset_id == id, _N.gone_at.is_(None), _M.merged_into_id.is_(None), *within(scope))
    )
    rows = unit.execute(query.order_by(_N.at.desc(), _M.id.desc()).limit(most))
    return [Matter(row[0], row[1], State(row[2]), row[3]) for row in rows]


def forget(unit: Unit, gone: ConversationId) -> None:
    """The conversation went into another one, which was told what it was about."""
    unit.execute(sa.delete(asset_named).where(_N.conversation_id == gone))
