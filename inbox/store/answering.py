"""Where customers want to be answered: at one of their addresses, or on the portal alone; nobody says more than that."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ContactId, IdentityId
from inbox.store.tables import answering, identity
from inbox.store.unit import Unit

_A, _I = answering.c, identity.c


@dataclass(frozen=True, slots=True)
class Wish:
    """Where somebody wants to be answered. `identity` None: on the portal, and nowhere besides."""

    identity: IdentityId | None = None


def choose(unit: Unit, who: ContactId, there: IdentityId | None, now: datetime) -> None:
    """They want it so from now on."""
    forget(unit, who)
    unit.add(answering, {"contact_id": who, "identity_id": there, "at": now})


def forget(unit: Unit, who: ContactId) -> None:
    """They are answered where they write from."""
    unit.execute(sa.delete(answering).where(_A.contact_id == who))


def of(unit: Unit, who: ContactId) -> Wish | None:
    """What they want; None where they said nothing, or where that address is proved to be theirs no more."""
    query = sa.select(_A.identity_id, _I.contact_id, _I.verified_at).join_from(
        answering, identity, _I.id == _A.identity_id, isouter=True
    )
    row = unit.execute(query.where(_A.contact_id == who)).first()
    if row is None or (row[0] is not None and (row[1] != who or row[2] is None)):
        return None
    return Wish(None if row[0] is None else IdentityId(row[0]))
