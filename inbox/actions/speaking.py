"""Actions that say something: a reply to the customer, a note to the other agents."""

from typing import Literal

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done
from inbox.domain.conversations import State
from inbox.domain.outgoing import File
from inbox.pipeline import reply as verbs
from inbox.pipeline.times import instant
from inbox.store import conversations
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename

MOST_FILES = 20
"""Files of one answer; their size together is limited by the network (`Traits.file_limit`)."""


class Enclosed(Arguments):
    """A file to send along."""

    filename: str = Field(min_length=1, max_length=1_000)
    content_type: str = Field(default="application/octet-stream", max_length=200)
    content: bytes


class Reply(Arguments):
    """`seen`: the version that the author had before them. `anyway`: say it though something newer was said. `over`: the
    route, as `inbox show` names it."""

    text: str = Field(max_length=100_000)
    seen: int | None = Field(default=None, ge=0)
    anyway: bool = False
    then: Literal["open", "waiting", "done"] = "waiting"
    over: str = Field(default="", max_length=400)
    files: tuple[Enclosed, ...] = Field(default=(), max_length=MOST_FILES)


class Promise(Arguments):
    """`by`: a time as people type it ("tuesday 15:00", «فردا», "2h"); a day alone is the end of its work. `text`: what to say
    with it; the rest as with a reply."""

    by: str = Field(min_length=1, max_length=100)
    text: str = Field(default="", max_length=100_000)
    seen: int | None = Field(default=None, ge=0)
    anyway: bool = False
    over: str = Field(default="", max_length=400)


class Note(Arguments):
    """The words."""

    text: str = Field(max_length=100_000)


def actions() -> tuple[Action, ...]:
    """What is said."""
    return (Action("reply", Reply, _reply), Action("promise", Promise, _promise), Action("note", Note, _note))


def _reply(unit: Unit, doing: Doing, wanted: Reply) -> Done:
    files = tuple(File(safe_filename(file.filename), file.content_type, file.content) for file in wanted.files)
    said = verbs.Said(wanted.text, wanted.seen, wanted.anyway, State(wanted.then), files, wanted.over)
    message = verbs.reply(unit, doing.conversation, doing.agent, said, doing.via, doing.playbook, doing.now)
    return Done("done.reply", {"reference": _reference(unit, doing)}, message)


def _promise(unit: Unit, doing: Doing, wanted: Promise) -> Done:
    by = instant(wanted.by, doing.playbook, doing.now)
    said = verbs.Said(wanted.text, wanted.seen, wanted.anyway, State.OPEN, over=wanted.over, answer_by=by)
    message = verbs.reply(unit, doing.conversation, doing.agent, said, doing.via, doing.playbook, doing.now)
    return Done("done.promise", {"reference": _reference(unit, doing), "by": by.isoformat()}, message)


def _note(unit: Unit, doing: Doing, wanted: Note) -> Done:
    message = verbs.note(unit, doing.conversation, doing.agent, wanted.text, doing.via, doing.playbook, doing.now)
    return Done("done.note", {"reference": _reference(unit, doing)}, message)


def _reference(unit: Unit, doing: Doing) -> str:
    return conversations.peek(unit, doing.conversation).reference
