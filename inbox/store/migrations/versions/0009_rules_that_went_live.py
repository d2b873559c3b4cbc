"""Whose turn it was in a team; which rulebooks went live, when and how; and what is live or refused now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "rotation",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_rotation_agent_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_rotation_team_id"),
        sa.PrimaryKeyConstraint("team_id", "agent_id", name="pk_rotation"),
    )
    op.create_table(
        "went_live",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("others", JSON, nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revision.digest"], name="fk_went_live_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_went_live"),
    )
    op.create_table(
        "rulebook_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("live_id", ID, nullable=True),
        sa.Column("refused_at", sa.BigInteger(), nullable=True),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("restart", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answered", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["live_id"], ["went_live.id"], name="fk_rulebook_state_live_id"),
        sa.PrimaryKeyConstraint("name", name="pk_rulebook_state"),
    )
