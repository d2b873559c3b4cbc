"""How agents prove who they are, who administers, what sessions tell of themselves, and the audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction."""
    op.add_column("agent", sa.Column("admin", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("session", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    for name in ("browser", "address", "way"):
        op.add_column("session", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_table(
        "credential",
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_credential_agent_id"), nullable=False),
        sa.Column("password", sa.Text(), server_default="", nullable=False),
        sa.Column("password_at", sa.BigInteger(), nullable=True),
        sa.Column("totp", sa.Text(), server_default="", nullable=False),
        sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name="pk_credential"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_recovery_code_agent_id"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agent_id", "digest", name="pk_recovery_code"),
    )
    op.create_table(
        "audit",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("by_id", ID, sa.ForeignKey("agent.id", name="fk_audit_by_id"), nullable=True),
        sa.Column("about_id", ID, sa.ForeignKey("agent.id", name="fk_audit_about_id"), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", JSON, server_default="[]", nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
