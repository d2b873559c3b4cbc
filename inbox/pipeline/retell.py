"""Retelling: whoever was told a time is told more about it, by the way that an answer would take."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from inbox.domain.events import Noticed
from inbox.domain.happenings import Address
from inbox.domain.ids import MessageId
from inbox.domain.outgoing import Purpose
from inbox.domain.promises import Promise
from inbox.pipeline.budget import budget
from inbox.pipeline.going_on import copy_for_later, references
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.routes import Route, routes
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.render.messages import Rendered
from inbox.store import messages


@dataclass(frozen=True, slots=True)
class Way:
    """Where it goes, over which channel, and how long it has to wait for its turn."""

    route: Route
    speaker: Speaker
    wait: timedelta


def way(turn: Turn, playbook: Playbook) -> Way | str:
    """The way that an answer would take by itself, or why nothing goes: a catalogue key such as `silent.no_way`."""
    route = next((one for one in routes(turn.unit, turn.conversation, playbook) if one.default), None)
    speaker = playbook.channels.get(route.channel) if route and route.channel else None
    if route is None or speaker is None or route.why:
        return "silent.no_way"
    left = budget(turn, route.to, speaker, playbook)
    return left.reason or Way(route, speaker, left.wait)


def retell(
    turn: Turn,
    told: Promise,
    rendered: Rendered,
    cause: str,
    about: Literal["promise", "outage"],
    by: Way,
    playbook: Playbook,
) -> MessageId:
    """Say it, under the heading that the time was told under: so it repeats nothing that the address was not told before."""
    words = Words(
        purpose=Purpose.RENEWAL,
        subject=messages.one(turn.unit, told.message).subject or rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=rendered.language,
        cause=cause,
        wait=by.wait,
    )
    to = Address(by.route.to.address)  # without the name that they gave, which may carry a whole advertisement
    answered = Answered(by.route.key, by.route.thread, to, references(turn, by.speaker.kind))
    message = say(turn, words, answered, by.speaker)
    copy_for_later(turn, words, message, by.route, by.speaker, playbook)
    turn.tell(Noticed("noticed", message, about, to.address))
    return message
