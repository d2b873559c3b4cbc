"""What agents say from outside: signing keys, the tokens that they were given, and their words, accepted or held."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, ID, key, nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "signing_key",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
    )
    op.create_table(
        "agent_token",
        sa.Column("digest", sa.Text(), nullable=False),
        _to("agent_token", "agent_id", "agent"),
        _to("agent_token", "conversation_id", "conversation"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        _to("agent_token", "key_id", "signing_key"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_agent_token"),
    )
    op.create_index("ix_agent_token_conversation_id", "agent_token", ["conversation_id"])
    op.create_index("ix_agent_token_made_at", "agent_token", ["made_at"])
    arrival = sa.ForeignKey("arrival.id", name="fk_agent_words_arrival_id")
    op.create_table(
        "agent_words",
        sa.Column("arrival_id", ID, arrival, nullable=False),
        _to("agent_words", "agent_id", "agent", null=True),
        _to("agent_words", "conversation_id", "conversation", null=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _to("agent_words", "confirmed_by", "agent", null=True),
        sa.PrimaryKeyConstraint("arrival_id", name="pk_agent_words"),
    )
    op.create_index("ix_agent_words_agent_id_at", "agent_words", ["agent_id", "at"])
    op.create_index("ix_agent_words_fingerprint", "agent_words", ["fingerprint"])
    op.create_index("ix_agent_words_conversation_id_digest", "agent_words", ["conversation_id", "digest"])
