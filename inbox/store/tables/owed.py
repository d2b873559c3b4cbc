"""What was decided and promised: revisions, decisions, clocks and promises."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id, Instant

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    at("live_at"),
    json("files"),
)

template_texts = sa.Table(
    "template_texts",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    json("files"),
)
"""The texts of a site's own templates by file, under the digest of them all."""

went_live = sa.Table(
    "went_live",
    metadata,
    id_(),
    at("at"),
    sa.Column("revision", sa.Text, sa.ForeignKey("revision.digest"), nullable=False),
    text("how", None),
    json("others"),
    text("templates"),
)
"""Each time that a rulebook replaced another one. `others`: hours and policies as they were with it, by file; `templates`: the
digest of the site's own templates, empty where they were not kept yet."""

rulebook_state = sa.Table(
    "rulebook_state",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    to("live_id", "went_live", null=True),
    at("refused_at", null=True),
    json("problems"),
    flag("restart"),
    number("asked"),
    number("answered"),
)
"""One row: what is live, what is wrong with the files that were refused, and whether somebody asks to read them again."""

decision = sa.Table(
    "decision",
    metadata,
    id_(),
    to("conversation_id", "conversation", index=True),
    to("message_id", "message", null=True),
    at("at"),
    text("revision"),
    text("body"),
)

rule_hit = sa.Table(
    "rule_hit",
    metadata,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("decision_id", Id, sa.ForeignKey("decision.id"), primary_key=True),
    sqlite_with_rowid=False,
)
"""Each rule that matched in a decision. Rows that are only added: a count that is raised would make units wait for one another."""

ARMED = "stopped_at IS NULL AND breached_at IS NULL AND NOT paused AND due_at IS NOT NULL"
"""A clock that runs towards a due instant of which nobody was told yet."""
clock = sa.Table(
    "clock",
    metadata,
    id_(),
    to("conversation_id", "conversation"),
    text("metric", None),
    number("cycle", None),
    at("started_at"),
    text("target"),
    text("hours"),
    at("due_at", null=True),
    json("pauses"),
    flag("paused"),
    at("stopped_at", null=True),
    text("ended"),
    text("reply"),
    flag("provisional"),
    at("breached_at", null=True),
    sa.Column("worked_seconds", sa.Float, nullable=True),
    sa.UniqueConstraint("conversation_id", "metric", "cycle"),
    partial("ix_clock_armed", "due_at", where=ARMED),
    sa.Index("ix_clock_history", "metric", "stopped_at"),
    partial("ix_clock_running", "metric", "started_at", where="stopped_at IS NULL"),
)

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("episode", Instant, primary_key=True),
    at("at"),
    flag("matched"),
)
"""Which time rule was looked at in which waiting episode of a conversation, told by the instant at which that began; once."""

task = sa.Table(
    "task",
    metadata,
    id_(),
    to("conversation_id", "conversation", index=True),
    at("made_at"),
    at("due_at"),
    text("text"),
    text("rule"),
    at("told_at", null=True),
    at("done_at", null=True),
    to("agent_id", "agent", null=True),
    at("before_at", null=True),
    text("phone"),
    text("wish"),
    number("tries"),
    partial("ix_task_before", "before_at", where="before_at IS NOT NULL"),
    sa.Index("ix_task_agent_id", "agent_id"),
    partial("ix_task_due", "due_at", where="told_at IS NULL"),
    partial("ix_task_open", "due_at", where="done_at IS NULL"),
)
"""What is to be done by an instant; `told_at`: when the conversation was told that it had come, or need not be told any more. `agent_id`:
whose it is, null: whoever has the conversation. `before_at`: its agent is told ahead of it then. `phone`: it is a call, `tries` of which
reached nobody; `wish`: the hours in which the customer wants it."""

outage = sa.Table(
    "outage",
    metadata,
    id_(),
    text("tag", None),
    json("words"),
    at("began_at"),
    at("news_at"),
    at("ended_at", null=True),
)
"""Something known to be down, for conversations with a tag: what we know, in each language, and when there is news next."""

promise = sa.Table(
    "promise",
    metadata,
    id_(),
    to("conversation_id", "conversation", index=True),
    to("message_id", "message"),
    text("kind", None),
    at("told_at"),
    at("due_at"),
    at("risk_at", null=True),
    text("text"),
    text("basis"),
    sa.Column("percentile", sa.Float, nullable=True),
    number("sample_size"),
    text("inputs"),
    text("state", "open"),
    sa.Column("replaces_id", Id, nullable=True),
    at("judged_at", null=True),
    sa.Column("judged_by", Id, nullable=True),
    partial("ix_promise_risk", "risk_at", where="state = 'open' AND risk_at IS NOT NULL"),
    sa.Index("ix_promise_told_at", "told_at"),
    partial("ix_promise_open", "due_at", where="state = 'open'"),
)

page = sa.Table(
    "page",
    metadata,
    id_(),
    to("conversation_id", "conversation", index=True),
    text("rule", None),
    json("whom"),
    number("step"),
    at("at"),
    at("due_at", null=True),
    to("acknowledged_by", "agent", null=True),
    at("acknowledged_at", null=True),
    at("gave_up_at", null=True),
    partial("ix_page_due_at", "due_at", where="due_at IS NOT NULL"),
    partial("ux_page_open", "conversation_id", "rule", where="acknowledged_at IS NULL", unique=True),
)
"""Who is called to a conversation until somebody has it: `whom` as the rule says it, `step` the next one, at `due_at`. With
`acknowledged_at` what is due is to tell those who were called."""

paged = sa.Table(
    "paged",
    metadata,
    sa.Column("page_id", Id, sa.ForeignKey("page.id"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
)
"""Whom a page has called so far."""
