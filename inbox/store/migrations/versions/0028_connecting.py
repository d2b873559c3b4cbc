"""How programs are connected: the tokens that they show, the endpoints that are told, the calls that are owed to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _text(name: str, default: str | None = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _at(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=null)


def upgrade() -> None:
    """In one transaction."""
    _tokens()
    _webhooks()
    _calls()


def _tokens() -> None:
    key = sa.ForeignKey("agent.id", name="fk_access_token_agent_id")
    op.create_table(
        "access_token",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        _text("name", None),
        _text("digest", None),
        sa.Column("agent_id", ID, key, nullable=True),
        sa.Column("reach", JSON, nullable=False),
        sa.Column("teams", JSON, nullable=True),
        _at("created_at"),
        *(_at(name, null=True) for name in ("expires_at", "revoked_at", "used_at")),
        sa.PrimaryKeyConstraint("id", name="pk_access_token"),
        sa.UniqueConstraint("digest", name="uq_access_token_digest"),
    )
    op.create_index("ix_access_token_agent_id", "access_token", ["agent_id"])


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        _text("name", None),
        _text("url", None),
        sa.Column("events", JSON, nullable=False),
        _text("secret", None),
        _text("old_secret"),
        _at("old_until", null=True),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("why"),
        _at("created_at"),
        _at("removed_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    standing = sa.text("removed_at IS NULL")
    op.create_index(
        "uq_webhook_name", "webhook", ["name"], unique=True, sqlite_where=standing, postgresql_where=standing
    )


def _calls() -> None:
    key = sa.ForeignKey("webhook.id", name="fk_webhook_call_webhook_id")
    op.create_table(
        "webhook_call",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("webhook_id", ID, key, nullable=False),
        *(_text(name, None) for name in ("cause", "key", "kind", "body")),
        _text("state", "queued"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _at("not_before"),
        _at("created_at"),
        _at("settled_at", null=True),
        sa.Column("status", sa.Integer(), nullable=True),
        _text("error"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_call"),
        sa.UniqueConstraint("webhook_id", "cause", name="uq_webhook_call_webhook_id_cause"),
    )
    queued = sa.text("state = 'queued'")
    op.create_index("ix_webhook_call_due", "webhook_call", ["not_before"], sqlite_where=queued, postgresql_where=queued)
    op.create_index("ix_webhook_call_webhook_id", "webhook_call", ["webhook_id", "id"])
