"""Proofs: codes that were sent to an address which somebody says is theirs. Only a digest of a code is kept here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, IdentityId
from inbox.store.tables import proof
from inbox.store.unit import Unit

_C = proof.c


@dataclass(frozen=True, slots=True)
class Proof:
    """One code on its way. `asker`: the identity that says `address` (on that kind of network) is theirs, in `conversation`."""

    id: int
    asker: IdentityId
    kind: str
    address: str
    conversation: ConversationId
    salt: str
    digest: str
    at: datetime
    expires_at: datetime
    guesses: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How often codes were asked for lately."""

    by_asker: int
    for_address: int


def asked(unit: Unit, asker: IdentityId, kind: str, address: str, now: datetime) -> Asked:
    """By this identity in the last hour, and for this address in the last day."""
    lately = (_C.identity_id == asker, _C.at > now - timedelta(hours=1))
    there = (_C.kind == kind, _C.address == address, _C.at > now - timedelta(days=1))
    counts = [unit.execute(sa.select(sa.func.count()).where(*which)).scalar_one() for which in (lately, there)]
    return Asked(*counts)


def add(
    unit: Unit,
    asker: IdentityId,
    kind: str,
    address: str,
    conversation: ConversationId,
    salt: str,
    digest: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """A code goes out; one that the same asker had open before counts no longer."""
    unit.execute(sa.update(proof).where(_C.identity_id == asker, _C.ended_at.is_(None)).values(ended_at=now))
    unit.add(
        proof,
        {
            "identity_id": asker,
            "kind": kind,
            "address": address,
            "conversation_id": conversation,
            "salt": salt,
            "digest": digest,
            "at": now,
            "expires_at": expires_at,
        },
    )


def open_of(unit: Unit, asker: IdentityId, *, lock: bool = True) -> Proof | None:
    """The code that this identity has not answered yet, old or not; `lock` its row, to change it."""
    fields = (
        _C.id,
        _C.identity_id,
        _C.kind,
        _C.address,
        _C.conversation_id,
        _C.salt,
        _C.digest,
        _C.at,
        _C.expires_at,
        _C.guesses,
    )
    query = sa.select(*fields).where(_C.identity_id == asker, _C.ended_at.is_(None))
    row = unit.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Proof(*row)


def guessed(unit: Unit, id: int, guesses: int) -> None:
    """How often a wrong code was typed."""
    unit.execute(sa.update(proof).where(_C.id == id).values(guesses=guesses))


def end(unit: Unit, id: int, now: datetime) -> None:
    """It was answered, is too old, or was guessed at too often: that code is worth nothing from now on."""
    unit.execute(sa.update(proof).where(_C.id == id, _C.ended_at.is_(None)).values(ended_at=now))
