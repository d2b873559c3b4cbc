"""Whoever took part is found by it, the newest conversation first; so is an outsider to whom something was passed on."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """In one transaction."""
    op.drop_index("ix_participant_identity_id", "participant")
    op.create_index("ix_participant_identity_id", "participant", ["identity_id", "conversation_id"], unique=False)
    outside = sa.text("purpose = 'outside'")
    op.create_index(
        "ix_message_outside",
        "message",
        ["contact_id", "conversation_id"],
        unique=False,
        sqlite_where=outside,
        postgresql_where=outside,
    )
