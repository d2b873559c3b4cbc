"""Actions of those who speak with people: a call is logged, and somebody is asked for courtesy."""

import re
from datetime import timedelta
from typing import Literal

from pydantic import Field

from inbox.actions.action import Action, Arguments, Denied, Doing, Done, Nothing, Surface
from inbox.actions.matters import named
from inbox.actions.speaking import Enclosed
from inbox.actions.writing import NOWHERE
from inbox.domain.outgoing import File
from inbox.domain.phone_calls import CallOutcome
from inbox.pipeline.log_call import Logged, log_call
from inbox.pipeline.reply import Refused
from inbox.pipeline.warn import warn
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename
from inbox.text.fold import latin_digits
from inbox.text.numbers import readable

_LENGTH = re.compile(r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3})(?::(?P<seconds>[0-5]?\d))?")
ANYWHERE = "call"
"""The action that may belong to no conversation yet."""
LONGEST = timedelta(days=30)
"""How long ago a call may have been that is logged by hand."""


class Call(Arguments):
    """`conversation`: its reference; empty: wherever the number belongs. `way`: `in` where they called us. `number`: theirs; empty: the one that is known. `length`: as a telephone shows it (`3:20`), or
    in minutes. `ago`: the minutes since it began. `text`: what was said, for the other agents alone. `recording`: one file."""

    conversation: str = Field(default="", max_length=40)
    way: Literal["in", "out"] = "in"
    outcome: Literal["answered", "missed", "busy", "voicemail"] = "answered"
    number: str = Field(default="", max_length=60)
    name: str = Field(default="", max_length=200)
    channel: str = Field(default="", max_length=200)
    length: str = Field(default="", max_length=20)
    ago: str = Field(default="", max_length=10)
    text: str = Field(default="", max_length=100_000)
    files: tuple[Enclosed, ...] = Field(default=(), max_length=1)


def actions() -> tuple[Action, ...]:
    """What is done about talk."""
    reason = "a call has a number, a length and an outcome: that is a form, and no word"
    read = "whoever warns a person has what they wrote before them, and what they were asked before"
    return (
        Action("call", Call, _call, absent={Surface.MAIL: reason, Surface.BOT: reason}),
        Action("warn", Nothing, _warn, absent={Surface.MAIL: read, Surface.BOT: read}),
    )


def _call(unit: Unit, doing: Doing, wanted: Call) -> Done:
    matter = None if doing.conversation == NOWHERE else doing.conversation
    matter = named(unit, wanted.conversation, doing.scope) if wanted.conversation else matter
    if matter is None and doing.agent.company:
        raise Denied("action.for_the_house", name="call")  # it would lead wherever the number does
    ago = timedelta(minutes=_minutes(wanted.ago))
    files = [File(safe_filename(one.filename), one.content_type, one.content) for one in wanted.files]
    told = Logged(
        wanted.way,
        CallOutcome(wanted.outcome),
        wanted.number,
        wanted.name,
        wanted.channel,
        _seconds(wanted.length),
        doing.now - ago if wanted.ago.strip() else None,
        wanted.text,
        files[0] if files else None,
    )
    new = log_call(unit, doing.agent, told, matter, doing.via, doing.playbook, doing.now)
    return Done("done.call", {"reference": new.reference, "number": readable(wanted.number.strip()) or new.reference})


def _minutes(typed: str) -> int:
    plain = latin_digits(typed.strip()) or "0"
    if not plain.isdecimal() or timedelta(minutes=int(plain)) > LONGEST:
        raise Refused("call.bad_ago", ago=typed, days=LONGEST.days)
    return int(plain)


def _seconds(typed: str) -> int | None:
    """`3:20`, `1:03:20`, or `3` minutes. Raises Refused."""
    plain = latin_digits(typed.strip())
    if not plain:
        return None
    found = _LENGTH.fullmatch(plain)
    if found is None:
        raise Refused("call.bad_length", length=typed)
    first, second, third = found["hours"], found["minutes"], found["seconds"]
    if third is not None:
        return int(first or 0) * 3600 + int(second) * 60 + int(third)
    return int(first) * 60 + int(second) if first is not None else int(second) * 60


def _warn(unit: Unit, doing: Doing, _: Nothing) -> Done:
    message = warn(unit, doing.conversation, doing.agent, doing.via, doing.playbook, doing.now)
    return Done("done.warn", {"reference": doing.reference(unit)}, message)
