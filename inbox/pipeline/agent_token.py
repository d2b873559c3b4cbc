"""Tokens by which agents answer from outside: HMAC-SHA-256 over agent, conversation, version and purpose, 130 bits of it.

It takes the key in the store and the secret of the site to make one, and the row that it is bound by to use one.
"""

import hmac
from datetime import datetime

from inbox.domain.conversations import Conversation
from inbox.domain.entropy import base32
from inbox.domain.ids import AgentId
from inbox.pipeline.playbook import Playbook
from inbox.store import agent_tokens, signing
from inbox.store.agent_tokens import Bond
from inbox.store.housekeeping import ANSWERABLE
from inbox.store.signing import Key
from inbox.store.unit import Unit

BY_MAIL = "mail"
BY_DIGEST = "digest"
"""Of a letter of the day, which tells of many conversations: what answers it is held, for nothing says in which it belongs."""
MARK = "0"
"""Begins every token of an agent: no token of a customer has that digit."""


def issue(
    unit: Unit, agent: AgentId, matter: Conversation, purpose: str, cause: str, playbook: Playbook, now: datetime
) -> str:
    """A token for this agent and this conversation as it stands: 27 characters a-z0-9. The same cause gives the same one."""
    key = signing.current(unit, now)
    nonce = unit.entropy.token(f"agent token {cause}")
    bond = Bond(agent, matter.id, purpose, matter.version, nonce, key.id, now)
    token = _token(bond, key, playbook)
    agent_tokens.add(unit, token, bond)
    return token


def is_one(token: str) -> bool:
    """Whether it looks like an agent's."""
    return token.startswith(MARK)


def bound(unit: Unit, token: str, purpose: str, playbook: Playbook, now: datetime) -> Bond | None:
    """What a token proves; None for one that we did not make, for another purpose, too old, or of a key that counts no more."""
    bond = agent_tokens.find(unit, token)
    if bond is None or bond.purpose != purpose or now - bond.made_at > ANSWERABLE:
        return None
    key = signing.valid(unit, bond.key, now)
    if key is None or not hmac.compare_digest(_token(bond, key, playbook), token):
        return None
    return bond


def _token(bond: Bond, key: Key, playbook: Playbook) -> str:
    seal = hmac.digest(hmac.digest(playbook.secret, key.secret, "sha256"), b"agent " + bond.said, "sha256")
    return MARK + base32(seal)[:26]
