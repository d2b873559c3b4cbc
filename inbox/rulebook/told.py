"""How what rules would do otherwise is told to people, at a terminal and on a page alike."""

from collections.abc import Callable

from inbox.rulebook.replay import Change

ADDS_UP = ("tag", "untag", "note", "follow_up", "webhook")


def told(say: Callable[..., str], change: Change) -> str:
    """`priority normal → high`, `tag + billing`, `tag − billing`."""
    if change.field in ADDS_UP:
        key = "cli.rules.added" if change.after else "cli.rules.dropped"
        return say(key, field=change.field, value=change.after or change.before)
    return say("cli.rules.changed", field=change.field, before=change.before, after=change.after)


def percent(share: float) -> float:
    """A share from 0 to 1 in percent, to one place."""
    return round(share * 100, 1)
