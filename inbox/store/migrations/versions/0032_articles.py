"""The knowledge base: articles in their languages and versions, files, folders, counts, and the index of their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0030"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE article_search USING fts5(title, keywords, body, spoken, tokenize='unicode61 remove_diacritics 0',"
        " prefix='2 3')",
    ),
    "postgresql": (
        "CREATE TABLE article_search (id BIGINT NOT NULL, words TSVECTOR NOT NULL,"
        " CONSTRAINT pk_article_search PRIMARY KEY (id)) WITH (toast_tuple_target = 8160)",
        "CREATE INDEX ix_article_search_words ON article_search USING gin (words)",
        "CREATE INDEX ix_article_search_heads ON article_search USING gin (ts_filter(words, '{a,b}'))",
    ),
}


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, ID, key, nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "article",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False, server_default=""),
        sa.Column("audience", sa.Text(), nullable=False),
        _to("article", "organization_id", "organization", null=True),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, server_default=""),
        sa.Column("review_on", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("slug", name="uq_article_slug"),
    )
    op.create_index("ix_article_folder", "article", ["folder"])
    op.create_index("ix_article_organization_id", "article", ["organization_id"])
    op.create_table(
        "article_former",
        sa.Column("slug", sa.Text(), nullable=False),
        _to("article_former", "article_id", "article"),
        sa.PrimaryKeyConstraint("slug", name="pk_article_former"),
    )
    op.create_index("ix_article_former_article_id", "article_former", ["article_id"])
    op.create_table(
        "article_text",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("article_text", "article_id", "article"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_article_text"),
        sa.UniqueConstraint("article_id", "language", name="uq_article_text_article_id_language"),
    )
    op.create_table(
        "article_version",
        _to("article_version", "text_id", "article_text"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _to("article_version", "by_id", "agent", null=True),
        sa.Column("as_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("text_id", "number", name="pk_article_version"),
    )
    op.create_table(
        "article_deed",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("article_deed", "text_id", "article_text"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _to("article_deed", "by_id", "agent", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_article_deed"),
    )
    op.create_index("ix_article_deed_text_id", "article_deed", ["text_id"])
    op.create_table(
        "article_file",
        _to("article_file", "article_id", "article"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), sa.ForeignKey("blob.digest", name="fk_article_file_digest"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _to("article_file", "by_id", "agent", null=True),
        sa.PrimaryKeyConstraint("article_id", "name", name="pk_article_file"),
    )
    op.create_table(
        "article_folder",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("path", name="pk_article_folder"),
    )
    op.create_table(
        "article_count",
        _to("article_count", "article_id", "article"),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "day", "kind", name="pk_article_count"),
    )
    op.create_table(
        "article_missed",
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("words", "language", name="pk_article_missed"),
    )
    op.create_index("ix_article_missed_last_at", "article_missed", ["last_at"])
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
