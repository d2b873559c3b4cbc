"""The action that belongs to no conversation yet: an agent writes first."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Permission, Surface
from inbox.actions.matters import somebody
from inbox.actions.speaking import MOST_FILES, Enclosed, for_customers
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.outgoing import File
from inbox.pipeline.reply import Refused
from inbox.pipeline.write import Letter
from inbox.pipeline.write import write as verb
from inbox.store import directory
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename

NOWHERE = ConversationId(0)
"""The conversation of what is done in none."""


class Write(Arguments):
    """`to`: a mail address, `kind:address`, or a contact's number. `channel`: by which; empty: the only one. `assignee`: the
    handle of who answers what comes back; empty: whoever writes."""

    to: str = Field(min_length=1, max_length=400)
    subject: str = Field(default="", max_length=500)
    text: str = Field(min_length=1, max_length=100_000)
    channel: str = Field(default="", max_length=200)
    assignee: str = Field(default="", max_length=200)
    files: tuple[Enclosed, ...] = Field(default=(), max_length=MOST_FILES)


def actions() -> tuple[Action, ...]:
    """Where a conversation begins with us."""
    reason = "an agent's mail or message there answers a conversation, and this has none yet"
    return (Action("write", Write, _write, Permission.HOUSE, absent={Surface.MAIL: reason, Surface.BOT: reason}),)


def _write(unit: Unit, doing: Doing, wanted: Write) -> Done:
    for_customers(wanted.text)
    to = wanted.to.strip()
    if to.isdecimal() and not directory.sees(unit, doing.scope, ContactId(int(to[:18]))):
        raise Refused("link.nobody", who=to)
    files = tuple(File(safe_filename(one.filename), one.content_type, one.content) for one in wanted.files)
    letter = Letter(
        wanted.to,
        wanted.subject,
        wanted.text,
        wanted.channel,
        files,
        somebody(unit, wanted.assignee),
        held=doing.via is Surface.WEB,
    )
    new = verb(unit, doing.agent, letter, doing.via, doing.playbook, doing.now)
    return Done("done.write", {"reference": new.reference, "address": wanted.to.strip()})
