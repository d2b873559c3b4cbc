"""The knowledge base: articles with their languages and versions, their files and folders, what is counted of them, and the index of
their words, which each database makes in its own way: FTS5 on SQLite, a weighted tsvector under a GIN index on PostgreSQL.
"""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id

article = sa.Table(
    "article",
    metadata,
    id_(),
    text("slug", None),
    text("folder"),
    text("audience", None),
    to("organization_id", "organization", null=True, index=True),
    json("tags"),
    text("owner"),
    text("review_on", None, null=True),
    at("nudge_at", null=True),
    at("created_at"),
    at("changed_at"),
    sa.UniqueConstraint("slug"),
    sa.Index("ix_article_folder", "folder"),
    sa.Index("ix_article_review_on", "review_on"),
    partial("ix_article_nudge_at", "nudge_at", where="nudge_at IS NOT NULL"),
)
"""What the languages of an article share. `owner` is a handle, which may come from a file before its agent does; `review_on` a day
(ISO 8601); `nudge_at`: when its owner is told next that this day has passed."""

article_former = sa.Table(
    "article_former",
    metadata,
    sa.Column("slug", sa.Text, primary_key=True),
    to("article_id", "article", index=True),
)
"""An address that an article had: it leads to where the article is now, and nobody else gets it."""

article_text = sa.Table(
    "article_text",
    metadata,
    id_(),
    to("article_id", "article"),
    text("language", None),
    number("latest", None),
    number("published", None, null=True),
    at("published_at", null=True),
    at("asked_at", null=True),
    sa.UniqueConstraint("article_id", "language"),
)
"""One language of an article: the number of its newest version and of the one that readers see. Its id is that of its words in the
index."""

article_version = sa.Table(
    "article_version",
    metadata,
    sa.Column("text_id", Id, sa.ForeignKey("article_text.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    text("title", None),
    json("keywords"),
    text("body", None),
    at("at"),
    to("by_id", "agent", null=True),
    number("as_number", None, null=True),
)
"""What was written, never changed. `as_number`: it says what that older one said."""

article_link = sa.Table(
    "article_link",
    metadata,
    sa.Column("text_id", Id, sa.ForeignKey("article_text.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, primary_key=True),
)
"""What the published words of a text lead to: the address of an `article`, or the name of a `file` of its own."""

article_deed = sa.Table(
    "article_deed",
    metadata,
    id_(),
    to("text_id", "article_text", index=True),
    number("number", None),
    text("deed", None),
    at("at"),
    to("by_id", "agent", null=True),
)

article_file = sa.Table(
    "article_file",
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("article.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, sa.ForeignKey("blob.digest"), nullable=False),
    number("size", None),
    at("at"),
    to("by_id", "agent", null=True),
)

article_file_past = sa.Table(
    "article_file_past",
    metadata,
    id_(),
    to("article_id", "article", index=True),
    text("name", None),
    sa.Column("digest", sa.Text, sa.ForeignKey("blob.digest"), nullable=False),
    number("size", None),
    at("at"),
    at("gone_at"),
)
"""A file that an article had from `at` to `gone_at`: what older versions show under that name."""

article_notice = sa.Table(
    "article_notice",
    metadata,
    id_(),
    to("agent_id", "agent"),
    to("article_id", "article", index=True),
    text("language"),
    text("kind", None),
    number("count", 1),
    to("by_id", "agent", null=True),
    at("at"),
    at("read_at", null=True),
    at("bot_at", null=True),
    sa.Index("ix_article_notice_agent_id", "agent_id", "id"),
    partial("ix_article_notice_unread", "agent_id", where="read_at IS NULL"),
    partial("ix_article_notice_bot", "bot_at", where="bot_at IS NOT NULL"),
)
"""What an agent is told of about an article, wherever they read it. `count`: how many articles it is about, of which this is the
first; `bot_at`: when it is due to be told by bot, unless they read it before."""

article_folder = sa.Table(
    "article_folder",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),
    json("titles"),
    number("position"),
)

article_count = sa.Table(
    "article_count",
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("article.id"), primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    number("count", None),
    sa.Index("ix_article_count_kind", "kind", "day", "article_id", "count"),
)
"""How often an article was shown, opened and the like on a day of the site's zone (ISO 8601)."""

article_missed = sa.Table(
    "article_missed",
    metadata,
    sa.Column("words", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    number("count", None),
    at("last_at"),
    sa.Index("ix_article_missed_last_at", "last_at"),
)
"""What was looked for and not found: folded words, nobody's name beside them."""

article_part = sa.Table(
    "article_part",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("article.id"), primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    at("at"),
    sa.Index("ix_article_part_article_id", "article_id", "part"),
)
"""The part that an article had in a conversation, and when first: it was offered, had been read before, stood in an answer of ours, or was the
answer."""

asked_word = sa.Table(
    "asked_word",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Index("ix_asked_word_conversation_id", "conversation_id"),
)
"""What was asked, in its telling words, in conversations to which an article was the answer: so it is found for who asks alike."""

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


def _index_words(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    for statement in INDEX[connection.dialect.name]:
        connection.exec_driver_sql(statement)


sa.event.listen(article_missed, "after_create", _index_words)
