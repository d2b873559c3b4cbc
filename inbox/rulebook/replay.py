"""A stored decision run again: what the rules make of the same facts now, and in what that differs."""

from collections.abc import Iterator
from dataclasses import dataclass

from inbox.rulebook.decision import Effects
from inbox.rulebook.facts import Facts
from inbox.rulebook.values import NONE
from inbox.text.fold import fold


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One field that comes out otherwise. For what adds up (`tag`, `untag`, `note`, `notify`, `page`, `follow_up`, `webhook`) one side is empty: it is no longer, or newly, added."""

    field: str
    before: str
    after: str


def changes(facts: Facts, before: Effects, after: Effects) -> tuple[Change, ...]:
    """In what two runs on the same facts differ for the conversation, not in which rule did it. Equal effects: in nothing."""
    return () if before == after else tuple(_changes(facts, before, after))


def outcome(facts: Facts, effects: Effects) -> dict[str, str]:
    """How the fields with one value stand after a run; `none` for nobody and nothing.

    `assignee` is a handle, or `by <strategy>`: whom a strategy comes to depends on everybody's work and not on the facts.
    """
    ticket, assign = facts.conversation, effects.assign
    agent = (assign.agent or (f"by {assign.by}" if assign.by else "")) if assign else ""
    return {
        "priority": str(effects.priority or ticket.priority),
        "team": effects.team or (assign.team if assign else "") or ticket.team or NONE,
        "assignee": agent or ticket.assignee or NONE,
        "policy": effects.policy or ticket.policy or NONE,
        "acknowledgement": effects.acknowledgement or "usual",
        "state": "snoozed" if effects.snooze else str(effects.state or ticket.state),
        **({"snooze": effects.snooze} if effects.snooze else {}),
        **({"reply": effects.reply} if effects.reply else {}),
        **{f"field.{name}": value for name, value in (*ticket.fields, *effects.fields)},
    }


def _changes(facts: Facts, before: Effects, after: Effects) -> Iterator[Change]:
    then, now = outcome(facts, before), outcome(facts, after)
    for name in dict.fromkeys((*then, *now)):
        one, other = then.get(name, NONE), now.get(name, NONE)
        if one != other:
            yield Change(name, one, other)
    yield from _added("tag", before.tags, after.tags)
    yield from _added("untag", before.untags, after.untags)
    yield from _added(
        "follow_up", *(tuple(f"{one.after}: {one.text}" for one in each.follow_ups) for each in (before, after))
    )
    yield from _added("notify", tuple(one.to for one in before.notify), tuple(one.to for one in after.notify))
    yield from _added("webhook", tuple(one.name for one in before.hooks), tuple(one.name for one in after.hooks))
    yield from _added("page", tuple(one.to for one in before.page), tuple(one.to for one in after.page))
    yield from _added("note", tuple(one.text for one in before.notes), tuple(one.text for one in after.notes))


def _added(name: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    then, now = ({fold(one): one for one in each} for each in (before, after))
    yield from (Change(name, one, "") for key, one in then.items() if key not in now)
    yield from (Change(name, "", one) for key, one in now.items() if key not in then)
