"""Which part articles had in conversations, and in which words was asked what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, name: str, target: str) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=False)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "article_part",
        _to("article_part", "conversation_id", "conversation"),
        _to("article_part", "article_id", "article"),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "article_id", "part", name="pk_article_part"),
    )
    op.create_index("ix_article_part_article_id", "article_part", ["article_id", "part"])
    op.create_table(
        "asked_word",
        sa.Column("word", sa.Text(), nullable=False),
        _to("asked_word", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("word", "conversation_id", name="pk_asked_word"),
    )
    op.create_index("ix_asked_word_conversation_id", "asked_word", ["conversation_id"])
