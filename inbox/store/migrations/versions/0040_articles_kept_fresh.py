"""Articles kept fresh: files that versions had, what texts lead to, what agents are told, and when owners are told of a review."""

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import unquote

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LINK = re.compile(r"\]\((article:|files/)([^\s()#]+)")
_KINDS = {"article:": "article", "files/": "file"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "article_file_past",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("article_file_past", "article_id", "article"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "digest", sa.Text(), sa.ForeignKey("blob.digest", name="fk_article_file_past_digest"), nullable=False
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_file_past"),
    )
    op.create_index("ix_article_file_past_article_id", "article_file_past", ["article_id"])
    op.create_table(
        "article_notice",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("article_notice", "agent_id", "agent"),
        _to("article_notice", "article_id", "article"),
        sa.Column("language", sa.Text(), nullable=False, server_default=""),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False, server_default="1"),
        _to("article_notice", "by_id", "agent", null=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("bot_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_article_notice"),
    )
    op.create_index("ix_article_notice_article_id", "article_notice", ["article_id"])
    op.create_index("ix_article_notice_agent_id", "article_notice", ["agent_id", "id"])
    for name, columns, where in (
        ("ix_article_notice_unread", ["agent_id"], sa.text("read_at IS NULL")),
        ("ix_article_notice_bot", ["bot_at"], sa.text("bot_at IS NOT NULL")),
    ):
        op.create_index(name, "article_notice", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_article_count_kind", "article_count", ["kind", "day", "article_id", "count"])
    _nudged()
    _linked()


def _linked() -> None:
    """What published texts lead to, as far as it can be seen without reading Markdown; the next publishing of a text says it exactly."""
    op.create_table(
        "article_link",
        _to("article_link", "text_id", "article_text"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("text_id", "kind", "target", name="pk_article_link"),
    )
    published = (
        "SELECT t.id, v.body FROM article_text t JOIN article_version v ON v.text_id = t.id AND v.number = t.published"
    )
    put = sa.text("INSERT INTO article_link (text_id, kind, target) VALUES (:text, :kind, :target)")
    for id, body in op.get_bind().execute(sa.text(published)).all():
        for kind, target in sorted({(_KINDS[at[1]], unquote(at[2])) for at in _LINK.finditer(body)}):
            op.get_bind().execute(put, {"text": id, "kind": kind, "target": target})


def _nudged() -> None:
    op.add_column("article", sa.Column("nudge_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_article_review_on", "article", ["review_on"])
    where = sa.text("nudge_at IS NOT NULL")
    op.create_index("ix_article_nudge_at", "article", ["nudge_at"], sqlite_where=where, postgresql_where=where)
    found = op.get_bind().execute(sa.text("SELECT id, review_on FROM article WHERE review_on IS NOT NULL")).all()
    for id, day in found:
        noon = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(12), UTC)
        at = (noon - _EPOCH) // timedelta(microseconds=1)
        op.get_bind().execute(sa.text("UPDATE article SET nudge_at = :at WHERE id = :id"), {"at": at, "id": id})
