"""Finding: what each agent has seen, the views that people keep, and the index of words, which each database makes in its own way.

`search` is FTS5 on SQLite and a tsvector under a GIN index on PostgreSQL, so it is no table of this collection.
"""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, metadata, number, text, to
from inbox.store.types import Id

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    number("messages", None),
    at("at"),
    sa.Index("ix_seen_conversation_id", "conversation_id"),
)
"""How many messages a conversation had when an agent last opened it: more of them is news to that agent."""

saved_view = sa.Table(
    "saved_view",
    metadata,
    id_(),
    to("agent_id", "agent", null=True, index=True),
    to("team_id", "team", null=True, index=True),
    text("name", None),
    text("query", None),
    number("position"),
    at("made_at"),
    sa.CheckConstraint("agent_id IS NOT NULL OR team_id IS NOT NULL", name="whose"),
)
"""A query under a name: an agent's own, or a team's."""

SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')",
        "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search, row)",
    ),
    "postgresql": (
        "CREATE TABLE search (conversation_id BIGINT NOT NULL, message_id BIGINT NOT NULL, words TSVECTOR NOT NULL,"
        " CONSTRAINT pk_search PRIMARY KEY (conversation_id, message_id))",
        "CREATE INDEX ix_search_words ON search USING gin (words)",
    ),
}


def _index_words(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    for statement in SEARCH[connection.dialect.name]:
        connection.exec_driver_sql(statement)


sa.event.listen(saved_view, "after_create", _index_words)
