"""Links of an address to another contact, proofs by a code, who opened a conversation, and copies of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    _links()
    _proofs()
    op.add_column("participant", sa.Column("opened", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(_OPENED)
    op.create_index("ix_participant_identity_id", "participant", ["identity_id"])
    op.add_column("delivery", sa.Column("copy", sa.Boolean(), server_default=sa.false(), nullable=False))


_OPENED = """
UPDATE participant SET opened = TRUE WHERE EXISTS (
    SELECT 1 FROM conversation c JOIN identity i ON i.contact_id = c.contact_id
    WHERE c.id = participant.conversation_id AND i.id = participant.identity_id
) AND NOT EXISTS (
    SELECT 1 FROM participant earlier
    JOIN conversation c ON c.id = earlier.conversation_id
    JOIN identity i ON i.id = earlier.identity_id AND i.contact_id = c.contact_id
    WHERE earlier.conversation_id = participant.conversation_id
    AND (earlier.since < participant.since
         OR (earlier.since = participant.since AND earlier.identity_id < participant.identity_id))
)
"""
"""Of the addresses of a conversation's contact the one that took part first."""


def _links() -> None:
    op.create_table(
        "identity_link",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("had_id", ID, nullable=False),
        sa.Column("now_id", ID, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_identity_link_identity_id"),
        sa.ForeignKeyConstraint(["had_id"], ["contact.id"], name="fk_identity_link_had_id"),
        sa.ForeignKeyConstraint(["now_id"], ["contact.id"], name="fk_identity_link_now_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_identity_link_agent_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["agent.id"], name="fk_identity_link_undone_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_link"),
        sa.UniqueConstraint("identity_id", "number", name="uq_identity_link_identity_id_number"),
    )
    op.create_index("ix_identity_link_had_id", "identity_link", ["had_id"])
    op.create_index("ix_identity_link_now_id", "identity_link", ["now_id"])


def _proofs() -> None:
    op.create_table(
        "proof",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("guesses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_proof_identity_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_proof_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proof"),
    )
    op.create_index("ix_proof_identity_id", "proof", ["identity_id", "at"])
    op.create_index("ix_proof_address", "proof", ["kind", "address", "at"])
    there = sa.text("ended_at IS NULL")
    op.create_index("uq_proof_open", "proof", ["identity_id"], unique=True, sqlite_where=there, postgresql_where=there)
