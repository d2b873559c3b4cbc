"""An asset whole, as people look at it: whose it is, its documents, its changes, the conversations about it, what was told of its end."""

from dataclasses import dataclass
from datetime import date, datetime

from inbox.domain.assets import Asset, Changed, Cover, Document, Warning, Whose, whose
from inbox.domain.conversations import Conversation
from inbox.domain.ids import AssetId
from inbox.domain.scope import Scope
from inbox.pipeline.assets_written import owner
from inbox.store import assets, assets_enclosed, assets_found, assets_named, assets_warned, people
from inbox.store.assets_found import Owned
from inbox.store.assets_named import Matter
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, MASK, ORGANIZATION


@dataclass(frozen=True, slots=True)
class Shown:
    """All of it; conversations within the scope of whoever looks."""

    asset: Asset
    owner: str
    organization: str
    documents: tuple[Document, ...]
    matters: tuple[Matter, ...]
    changes: tuple[Changed, ...]
    warnings: tuple[tuple[Warning, datetime], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """An asset beside a conversation that is about it: whose it is, seen from its contact, and whether its terms hold today."""

    asset: Asset
    owner: str
    organization: str
    whose: Whose
    warranty: Cover
    service: Cover


def whole(unit: Unit, scope: Scope, id: AssetId) -> Shown | None:
    """One asset; None where the scope has none of that number."""
    found = assets_found.one(unit, scope, id)
    if found is None:
        return None
    hidden = scope.hides & {ADDRESSES, ORGANIZATION}
    return Shown(
        found.asset,
        _owner(unit, found, scope.hides),
        "" if ORGANIZATION in scope.hides else found.organization,
        tuple(assets_enclosed.of(unit, id)),
        tuple(assets_named.matters(unit, scope, id)),
        () if hidden else tuple(assets.changes(unit, id)),  # they name owners
        tuple((warning, at) for warning, at, _ in assets_warned.of(unit, id)),
    )


def beside(unit: Unit, scope: Scope, about: Conversation, today: date) -> tuple[Beside, ...]:
    """What a conversation is about. Whoever sees the conversation sees that: for agents alone, since it has the names of owners."""
    named = assets_found.owned(unit, assets_named.of(unit, about.id))
    contact = people.contact(unit, about.contact)
    return tuple(
        Beside(
            one.asset,
            _owner(unit, one, scope.hides),
            "" if ORGANIZATION in scope.hides else one.organization,
            whose(one.asset, contact.id, contact.organization),
            one.asset.cover("warranty", today),
            one.asset.cover("service", today),
        )
        for one in named
    )


def _owner(unit: Unit, of: Owned, hides: frozenset[str]) -> str:
    """What its owner is called: by an address only for those who are shown any."""
    about = of.asset.about
    return of.contact or (MASK if ADDRESSES in hides and about.contact is not None else owner(unit, about.contact))
