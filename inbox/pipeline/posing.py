"""A name of one of us over an address that is not theirs: said beside the message, so that nobody does what "Sara" asks because she does.

Namesakes there are, and so what is said is no more than that it may not be them. A name of one word is too many people's: of such only a
disguise is told, letters that merely look like those of the name.
"""

import re
from functools import lru_cache

from inbox.domain.happenings import InboundMessage
from inbox.domain.people import Agent, Roster
from inbox.text.alike import skeleton
from inbox.text.fold import fold_spaced, words

NAMESAKE = "name-of-an-agent"
_BESIDE = re.compile(r"[(\[|/]|\s[-\u2013\u2014]\s|\s(?:via|از طرف)\s")
"""Behind this stands what somebody is or whom they are with: «Sara Ahmadi (Support)»."""


def posing(said: InboundMessage, roster: Roster) -> tuple[str, ...]:
    """The defect of such a message; nothing where the address is that of whoever has the name, or the message is our own."""
    name, address = said.sender.name, said.sender.address
    if said.own or not name or any(one.address and one.address == address for one in roster.agents):
        return ()
    return (NAMESAKE,) if any(_passes_for(name, one) for one in roster.agents) else ()


def _passes_for(name: str, agent: Agent) -> bool:
    shown, theirs = _read(name), _read(agent.name)
    if not theirs or shown != theirs:
        return False
    return len(theirs) > 1 or words(_alone(name)) != words(agent.name)


@lru_cache(maxsize=4096)
def _read(name: str) -> tuple[str, ...]:
    """The words of a name as a hasty reader sees them, whichever stands first."""
    return tuple(sorted(words(skeleton(fold_spaced(_alone(name))))))


def _alone(name: str) -> str:
    return _BESIDE.split(name, maxsplit=1)[0]
