"""Assets: what customers own, with documents, changes, the conversations about them, and what was told before a term ended."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0043"
down_revision = "0042"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=null)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _at(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=null)


def upgrade() -> None:
    """In one transaction."""
    _asset()
    op.create_table(
        "asset_change",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("asset_change", "asset_id", "asset"),
        _at("at"),
        _to("asset_change", "agent_id", "agent", null=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("what", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset_change"),
    )
    op.create_index("ix_asset_change_asset_id", "asset_change", ["asset_id"])
    op.create_table(
        "asset_document",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("asset_document", "asset_id", "asset"),
        sa.Column("name", sa.Text(), nullable=False),
        _text("type"),
        sa.Column("digest", sa.Text(), sa.ForeignKey("blob.digest", name="fk_asset_document_digest"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _at("at"),
        _to("asset_document", "agent_id", "agent", null=True),
        _at("gone_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_asset_document"),
    )
    op.create_index("ix_asset_document_asset_id", "asset_document", ["asset_id"])
    op.create_table(
        "asset_named",
        _to("asset_named", "conversation_id", "conversation"),
        _to("asset_named", "asset_id", "asset"),
        _at("at"),
        _to("asset_named", "message_id", "message", null=True),
        _at("gone_at", null=True),
        sa.PrimaryKeyConstraint("conversation_id", "asset_id", name="pk_asset_named"),
    )
    op.create_index("ix_asset_named_asset_id", "asset_named", ["asset_id", "at"])
    op.create_table(
        "asset_warned",
        _to("asset_warned", "asset_id", "asset"),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        _at("at"),
        _to("asset_warned", "conversation_id", "conversation", null=True),
        sa.PrimaryKeyConstraint("asset_id", "term", "until", "days", name="pk_asset_warned"),
    )


def _asset() -> None:
    op.create_table(
        "asset",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        _text("model"),
        _text("found_by"),
        _to("asset", "contact_id", "contact", null=True),
        _to("asset", "organization_id", "organization", null=True),
        sa.Column("bought_on", sa.Text(), nullable=True),
        sa.Column("warranty_until", sa.Text(), nullable=True),
        _text("warranty_terms"),
        sa.Column("service_until", sa.Text(), nullable=True),
        _text("service_terms"),
        _text("notes"),
        _at("added_at"),
        _at("changed_at"),
        _at("retired_at", null=True),
        _at("warn_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
        sa.UniqueConstraint("code", name="uq_asset_code"),
    )
    for column in ("contact_id", "organization_id", "warranty_until", "service_until"):
        op.create_index(f"ix_asset_{column}", "asset", [column])
    where = sa.text("warn_at IS NOT NULL")
    op.create_index("ix_asset_warn_at", "asset", ["warn_at"], sqlite_where=where, postgresql_where=where)
