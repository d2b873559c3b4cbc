"""Words that a bot's menu took for a search, and whose author wants a person after all: they are the message that they would have been."""

from dataclasses import dataclass

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.happenings import Button, InboundMessage
from inbox.domain.ids import ArrivalId
from inbox.domain.menu_steps import step
from inbox.domain.problems import Unreadable
from inbox.pipeline.bot_menu import SOUGHT
from inbox.pipeline.playbook import Speaker
from inbox.store import arrivals, blocking, messages, people
from inbox.store.unit import Unit

PASSED = Judged(Verdict.ACCEPTED, "menu-passed")
NOT_THEIRS = Judged(Verdict.IGNORED, "ignored.button_unknown")
BEFORE = Judged(Verdict.DUPLICATE, "duplicate.fingerprint")


@dataclass(frozen=True, slots=True)
class Words:
    """The message that they are, with what it arrived as; and the verdict of the press, with what is told at once."""

    arrival: Arrival
    said: InboundMessage
    judged: Judged


def passed_to_us(unit: Unit, pressed: Button, speaker: Speaker) -> Words | Judged | None:
    """The words that a button sends on; a verdict where they are not there, are another's, or have gone already. None where the
    button is for something else."""
    to = step(pressed.data)
    if to is None or to.verb != "pass":
        return None
    found = _found(unit, ArrivalId(to.number(0)), pressed, speaker)
    known = people.known(unit, speaker.kind, pressed.sender.address)
    if found is None or not speaker.self_service or (known is not None and blocking.is_blocked(unit, known[1].id)):
        return NOT_THEIRS.toasted(pressed.query, "toast.not_open", to.language)
    if messages.seen(unit, speaker.name, found[1].fingerprint) is not None:
        return BEFORE.toasted(pressed.query, "toast.passed", to.language)
    return Words(*found, PASSED.toasted(pressed.query, "toast.passed", to.language))


def _found(unit: Unit, id: ArrivalId, pressed: Button, speaker: Speaker) -> tuple[Arrival, InboundMessage] | None:
    """What arrived under that number, if it was a search of whoever presses, in the same chat."""
    there = arrivals.one(unit, id)
    if there is None or there.raw is None or there.channel != speaker.name or arrivals.ended(unit, id) != SOUGHT:
        return None
    try:
        said = speaker.codec.parse(there.raw)
    except Unreadable:  # it was read once; a codec may have become stricter since
        return None
    whose = (pressed.sender.address, pressed.thread)
    theirs = (one for one in said if isinstance(one, InboundMessage) and (one.sender.address, one.thread) == whose)
    message = next(theirs, None)
    return None if message is None else (there.arrival(there.raw), message)
