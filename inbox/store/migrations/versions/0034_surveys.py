"""Surveys: what was asked of whom, why not, and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLANNED = sa.text("due_at IS NOT NULL")


def _to(name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_survey_{name}"), nullable=null)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _at(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=True)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "survey",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _to("conversation_id", "conversation"),
        _to("contact_id", "contact"),
        _to("team_id", "team", null=True),
        _to("agent_id", "agent", null=True),
        _text("channel"),
        _text("why"),
        _at("due_at"),
        _at("asked_at"),
        _at("ends_at"),
        sa.Column("score", sa.Integer(), nullable=True),
        _text("comment"),
        _text("how"),
        _at("rated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
        sa.UniqueConstraint("conversation_id", "kind", name="uq_survey_conversation_id_kind"),
    )
    op.create_index("ix_survey_contact_id", "survey", ["contact_id", "kind", "asked_at"])
    op.create_index("ix_survey_asked_at", "survey", ["asked_at"])
    op.create_index("ix_survey_rated_at", "survey", ["rated_at"])
    op.create_index("ix_survey_due_at", "survey", ["due_at"], sqlite_where=PLANNED, postgresql_where=PLANNED)
