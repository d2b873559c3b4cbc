"""What a turn has changed of its conversation, in the words of the rules: each field with the value that it had before."""

from collections.abc import Iterator

from inbox.domain.conversations import Conversation
from inbox.domain.people import Roster


def previous(before: Conversation, now: Conversation, roster: Roster) -> tuple[tuple[str, str], ...]:
    """(field, value before) of every field that is another one now; empty values for none. Nothing where it just began."""
    if before.version == 0:
        return ()
    return tuple((name, old) for name, old, new in _pairs(before, now, roster) if old != new)


def tags(before: Conversation, now: Conversation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags that came, and those that went."""
    added = tuple(tag for tag in now.tags if tag not in before.tags)
    return added, tuple(tag for tag in before.tags if tag not in now.tags)


def team(conversation: Conversation, roster: Roster) -> str:
    """The name of its team, empty for none."""
    found = roster.team_by_id(conversation.team) if conversation.team else None
    return found.name if found else ""


def assignee(conversation: Conversation, roster: Roster) -> str:
    """The handle of its assignee, empty for none."""
    found = roster.agent_by_id(conversation.assignee) if conversation.assignee else None
    return found.handle if found else ""


def _pairs(before: Conversation, now: Conversation, roster: Roster) -> Iterator[tuple[str, str, str]]:
    yield "state", before.state.value, now.state.value
    yield "priority", before.priority.value, now.priority.value
    yield "team", team(before, roster), team(now, roster)
    yield "assignee", assignee(before, roster), assignee(now, roster)
    yield "policy", before.policy, now.policy
    old, new = dict(before.fields), dict(now.fields)
    for name in sorted({*old, *new}):
        yield f"field.{name}", old.get(name, ""), new.get(name, "")
