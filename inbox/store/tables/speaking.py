"""What agents say from outside: the keys and tokens that prove it, and what came of their words."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, metadata, number, text, to
from inbox.store.types import Id

signing_key = sa.Table(
    "signing_key",
    metadata,
    id_(),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    at("made_at"),
    at("ends_at", null=True),
)
"""Keys that agents' tokens are made with, the newest last; one with `ends_at` still holds until then."""

agent_token = sa.Table(
    "agent_token",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    to("agent_id", "agent"),
    to("conversation_id", "conversation", index=True),
    text("purpose", None),
    number("version", None),
    text("nonce", None),
    to("key_id", "signing_key"),
    at("made_at"),
    sa.Index("ix_agent_token_made_at", "made_at"),
)
"""What each token that we gave away is bound to; of the token itself only a digest is kept. `version`: of the conversation as
it was told with it."""

agent_words = sa.Table(
    "agent_words",
    metadata,
    sa.Column("arrival_id", Id, sa.ForeignKey("arrival.id"), primary_key=True),
    to("agent_id", "agent", null=True),
    to("conversation_id", "conversation", null=True),
    text("via", None),
    number("version", None, null=True),
    sa.Column("fingerprint", sa.Text, nullable=False, index=True),
    text("digest", None),
    text("words"),
    text("reason"),
    at("at"),
    to("confirmed_by", "agent", null=True),
    sa.Index("ix_agent_words_agent_id_at", "agent_id", "at"),
    sa.Index("ix_agent_words_conversation_id_digest", "conversation_id", "digest"),
)
"""An agent's words that came over a network. With a `reason` they are held for want of proof, until the agent confirms them."""
