"""Surveys: what was asked of whom, why not, and what they answered."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, metadata, number, partial, text, to

survey = sa.Table(
    "survey",
    metadata,
    id_(),
    text("kind", None),
    to("conversation_id", "conversation"),
    to("contact_id", "contact"),
    to("team_id", "team", null=True),
    to("agent_id", "agent", null=True),
    text("channel"),
    text("why"),
    at("due_at", null=True),
    at("asked_at", null=True),
    at("ends_at", null=True),
    number("score", None, null=True),
    text("comment"),
    text("how"),
    at("rated_at", null=True),
    sa.UniqueConstraint("conversation_id", "kind"),
    sa.Index("ix_survey_contact_id", "contact_id", "kind", "asked_at"),
    sa.Index("ix_survey_asked_at", "asked_at"),
    sa.Index("ix_survey_rated_at", "rated_at"),
    partial("ix_survey_due_at", "due_at", where="due_at IS NOT NULL"),
)
"""One of a kind in a conversation: so nobody is asked twice, whatever ends in between. `why`: a catalogue key, nobody was asked;
`due_at`: it is to be asked then. `team_id`, `agent_id`: who had the conversation when it was asked or, unasked, answered."""
