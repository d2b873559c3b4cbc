"""What agents have seen, views that are kept, and the index of words; which conversations hold files and notes."""

import sqlalchemy as sa
from alembic import op

from inbox.domain.entropy import Entropy
from inbox.store.search import add_contacts
from inbox.store.unit import Unit

revision = "0020"
down_revision = "0019"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
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
FILLED = (
    "UPDATE conversation SET with_file = true WHERE id IN"
    " (SELECT m.conversation_id FROM message m JOIN attachment a ON a.message_id = m.id)",
    "UPDATE conversation SET with_note = true WHERE id IN"
    " (SELECT conversation_id FROM message WHERE direction = 'note')",
    # The words of what is there already are indexed afterwards, a few at a time: `inbox migrate` goes on where it was.
    "INSERT INTO site (name, value) SELECT 'search_left', CAST(max(id) AS TEXT) FROM message HAVING max(id) IS NOT NULL",
)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "seen",
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_seen_agent_id"), nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_seen_conversation_id"), nullable=False
        ),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", name="pk_seen"),
    )
    op.create_index("ix_seen_conversation_id", "seen", ["conversation_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_saved_view_agent_id"), nullable=True),
        sa.Column("team_id", ID, sa.ForeignKey("team.id", name="fk_saved_view_team_id"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("agent_id IS NOT NULL OR team_id IS NOT NULL", name="whose"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_agent_id", "saved_view", ["agent_id"])
    op.create_index("ix_saved_view_team_id", "saved_view", ["team_id"])
    for name in ("with_file", "with_note"):
        op.add_column("conversation", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for statement in (*SEARCH[op.get_bind().dialect.name], *FILLED):
        op.execute(statement)
    add_contacts(Unit(op.get_bind(), Entropy(b""), {}))
