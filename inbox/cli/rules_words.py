"""How what rules would do otherwise is told to people."""

from inbox.cli.context import Context
from inbox.rulebook.replay import Change


def told(context: Context, change: Change) -> str:
    """`priority normal → high`, `tag + billing`, `tag - billing`."""
    if change.field in ("tag", "note"):
        key = "cli.rules.added" if change.after else "cli.rules.dropped"
        return context.say(key, field=change.field, value=change.after or change.before)
    return context.say("cli.rules.changed", field=change.field, before=change.before, after=change.after)
