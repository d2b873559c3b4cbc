"""Contracts, and which conversation stands under which."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _to(name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_contract_{name}"), nullable=null)


def _text(name: str, default: str | None = None, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null, server_default=default)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "contract",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _text("name"),
        _to("contact_id", "contact"),
        _to("organization_id", "organization", null=True),
        _text("tier", ""),
        sa.Column("agreed", JSON, nullable=False),
        _text("first"),
        _text("last", null=True),
        _text("ended", null=True),
        _text("period"),
        _text("almanac"),
        _text("pays", "0"),
        _text("currency", ""),
        _to("follows_id", "contract", null=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("warn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_contract"),
        sa.UniqueConstraint("name", name="uq_contract_name"),
    )
    op.create_index("ix_contract_contact_id", "contract", ["contact_id"])
    op.create_index("ix_contract_organization_id", "contract", ["organization_id"])
    where = sa.text("warn_at IS NOT NULL")
    op.create_index("ix_contract_warn_at", "contract", ["warn_at"], sqlite_where=where, postgresql_where=where)
    op.add_column("conversation", sa.Column("contract_id", ID, nullable=True))
    op.add_column("conversation", sa.Column("request", sa.Boolean(), server_default=sa.false(), nullable=False))
    under = sa.text("contract_id IS NOT NULL")
    columns = ["contract_id", "opened_at"]
    op.create_index("ix_conversation_contract", "conversation", columns, sqlite_where=under, postgresql_where=under)
