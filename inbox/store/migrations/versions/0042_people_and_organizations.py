"""Organizations and contacts: domains, fields, roles, notes, files, merges, and who is not the same."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _to(table: str, name: str, other: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}"), nullable=null)


def upgrade() -> None:
    """In one transaction. Whoever belongs to an organization already was placed there by a person."""
    for table in ("organization", "contact"):
        for name in ("tags", "fields") if table == "organization" else ("fields",):
            op.add_column(table, sa.Column(name, JSON, nullable=False, server_default="[]"))
        op.add_column(table, sa.Column("merged_into_id", ID, nullable=True))
    op.add_column("contact", sa.Column("role", sa.Text(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("placed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contact", sa.Column("forgotten_at", sa.BigInteger(), nullable=True))
    contact = sa.table("contact", sa.column("organization_id"), sa.column("placed", sa.Boolean()))
    op.execute(sa.update(contact).where(contact.c.organization_id.is_not(None)).values(placed=sa.true()))
    _domains_notes_files()
    _merges()


def _domains_notes_files() -> None:
    op.create_table(
        "organization_domain",
        sa.Column("domain", sa.Text(), nullable=False),
        _to("organization_domain", "organization_id", "organization"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name="pk_organization_domain"),
    )
    op.create_index("ix_organization_domain_organization_id", "organization_domain", ["organization_id"])
    op.create_table(
        "organization_note",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("organization_note", "organization_id", "organization"),
        _to("organization_note", "agent_id", "agent"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_organization_note"),
    )
    op.create_index("ix_organization_note_organization_id", "organization_note", ["organization_id"])
    op.create_table(
        "kept_file",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("kept_file", "contact_id", "contact", null=True),
        _to("kept_file", "organization_id", "organization", null=True),
        sa.Column("digest", sa.Text(), sa.ForeignKey("blob.digest", name="fk_kept_file_digest"), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False, server_default=""),
        sa.Column("size", sa.Integer(), nullable=False),
        _to("kept_file", "agent_id", "agent", null=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_file"),
        sa.CheckConstraint("(contact_id IS NULL) <> (organization_id IS NULL)", name="whose"),
    )
    op.create_index("ix_kept_file_contact_id", "kept_file", ["contact_id"])
    op.create_index("ix_kept_file_organization_id", "kept_file", ["organization_id"])


def _merges() -> None:
    op.create_table(
        "contact_merge",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("contact_merge", "kept_id", "contact"),
        _to("contact_merge", "gone_id", "contact"),
        _to("contact_merge", "agent_id", "agent", null=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("moved", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_merge"),
    )
    op.create_index("ix_contact_merge_kept_id", "contact_merge", ["kept_id"])
    op.create_index("ix_contact_merge_gone_id", "contact_merge", ["gone_id"])
    where = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_contact_merge_standing",
        "contact_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "contact_apart",
        _to("contact_apart", "one_id", "contact"),
        _to("contact_apart", "other_id", "contact"),
        _to("contact_apart", "agent_id", "agent", null=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="pk_contact_apart"),
    )
