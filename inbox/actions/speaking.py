"""Actions that say something: a reply to the customer, a note to the other agents."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Surface
from inbox.actions.limits import LAST
from inbox.actions.phrases import perhaps, whole
from inbox.domain.conversations import State
from inbox.domain.happenings import Address
from inbox.domain.ids import MessageId
from inbox.domain.outgoing import File
from inbox.pipeline import reply as verbs
from inbox.pipeline.times import instant
from inbox.store import drafts
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename
from inbox.text.notemarks import holds_note

MOST_FILES = 20
"""Files of one answer; their size together is limited by the network (`Traits.file_limit`)."""


MOST_COPIES = 30
"""Addresses that get a copy of one answer."""


class Enclosed(Arguments):
    """A file to send along."""

    filename: str = Field(min_length=1, max_length=1_000)
    content_type: str = Field(default="application/octet-stream", max_length=200)
    content: bytes


class Answer(Arguments):
    """`text`: the words. `seen`: the version that the author had before them. `anyway`: say it though something newer was said. `over`: the
    route, as `inbox show` names it. `cc`: the addresses that get a copy, by mail."""

    text: str = Field(default="", max_length=100_000)
    seen: int | None = Field(default=None, ge=0, le=LAST)
    anyway: bool = False
    over: str = Field(default="", max_length=400)
    files: tuple[Enclosed, ...] = Field(default=(), max_length=MOST_FILES)
    cc: tuple[str, ...] = Field(default=(), max_length=MOST_COPIES)


class Reply(Answer):
    """`then`: the state that the conversation is left in."""

    text: str = Field(max_length=100_000)
    then: Literal["open", "waiting", "done"] = "waiting"


class Promise(Answer):
    """`by`: a time as people type it ("tuesday 15:00", «فردا», "2h"); a day alone is the end of its work. The rest as with a
    reply."""

    by: str = Field(min_length=1, max_length=100)


class Note(Arguments):
    """The words."""

    text: str = Field(max_length=100_000)


def actions() -> tuple[Action, ...]:
    """What is said."""
    return (
        Action("reply", Reply, _reply, typed=perhaps("text")),
        Action("promise", Promise, _promise, typed=whole("by")),
        Action("note", Note, _note, typed=perhaps("text")),
    )


def _reply(unit: Unit, doing: Doing, wanted: Reply) -> Done:
    message = _say(unit, doing, wanted, verbs.Said(wanted.text, then=State(wanted.then)))
    return Done("done.reply", {"reference": doing.reference(unit)}, message)


def _promise(unit: Unit, doing: Doing, wanted: Promise) -> Done:
    by = instant(wanted.by, doing.playbook, doing.now)
    message = _say(unit, doing, wanted, verbs.Said(wanted.text, then=State.OPEN, answer_by=by))
    return Done("done.promise", {"reference": doing.reference(unit), "by": by.isoformat()}, message)


def _say(unit: Unit, doing: Doing, wanted: Answer, said: verbs.Said) -> MessageId:
    """What was begun on the pages is said now. They show how to take an answer back; whoever answers elsewhere is not kept
    waiting for nothing."""
    for_customers(wanted.text)
    whole = replace(
        said,
        seen=wanted.seen,
        anyway=wanted.anyway,
        files=tuple(File(safe_filename(file.filename), file.content_type, file.content) for file in wanted.files),
        over=wanted.over,
        cc=tuple(Address(copy.strip()) for copy in wanted.cc if copy.strip()),
        held=doing.via in (Surface.WEB, Surface.BOT),
    )
    message = verbs.reply(unit, doing.conversation, doing.agent, whole, doing.via, doing.playbook, doing.now)
    _sent(unit, doing)
    return message


def for_customers(text: str) -> None:
    """Nobody outside reads what is marked as a note. Raises Refused."""
    if holds_note(text):
        raise verbs.Refused("reply.is_note")


def _note(unit: Unit, doing: Doing, wanted: Note) -> Done:
    message = verbs.note(unit, doing.conversation, doing.agent, wanted.text, doing.via, doing.playbook, doing.now)
    _sent(unit, doing)
    return Done("done.note", {"reference": doing.reference(unit)}, message)


def _sent(unit: Unit, doing: Doing) -> None:
    """What was begun on the pages is said now."""
    if doing.via is Surface.WEB:
        drafts.clear(unit, doing.agent.id, doing.conversation)
