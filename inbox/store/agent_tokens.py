"""What each token that an agent was given is bound to. Whoever reads these rows has no token: only digests are kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.store.tables import agent_token
from inbox.store.unit import Unit

_C = agent_token.c


@dataclass(frozen=True, slots=True)
class Bond:
    """Whose token it is, for which conversation as it stood in `version`, and for what; `nonce` makes it one of its own."""

    agent: AgentId
    conversation: ConversationId
    purpose: str
    version: int
    nonce: str
    key: int
    made_at: datetime

    @property
    def said(self) -> bytes:
        """What the token is made of, beside the key."""
        return f"{self.purpose} {self.agent} {self.conversation} {self.version} {self.nonce}".encode()


def add(unit: Unit, token: str, bond: Bond) -> None:
    """It is given away now."""
    unit.insert_new(
        agent_token,
        digest=_digest(token),
        agent_id=bond.agent,
        conversation_id=bond.conversation,
        purpose=bond.purpose,
        version=bond.version,
        nonce=bond.nonce,
        key_id=bond.key,
        made_at=bond.made_at,
    )


def find(unit: Unit, token: str) -> Bond | None:
    """What a token says it is bound to; it is not proved yet."""
    fields = (_C.agent_id, _C.conversation_id, _C.purpose, _C.version, _C.nonce, _C.key_id, _C.made_at)
    row = unit.execute(sa.select(*fields).where(_C.digest == _digest(token))).first()
    return None if row is None else Bond(*row)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
