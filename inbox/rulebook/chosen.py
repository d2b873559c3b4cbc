"""A choice in words: who got it and for what reason, and of each other member their load or what kept them from it."""

from collections.abc import Callable, Sequence

from inbox.domain.assigning import Candidate, Reason

Say = Callable[..., str]


def because(reason: str, considered: Sequence[Candidate], say: Say, named: Callable[[str], str] = str) -> str:
    """`least open work · sara: 4 · reza: away`; empty for a reason that is not one of the language. `named` gives a handle's
    name for people."""
    if reason not in tuple(Reason):
        return ""
    each = (_each(one, named(one.handle), say) for one in considered)
    return " · ".join([say(f"assign.reason.{reason}"), *each])


def _each(one: Candidate, name: str, say: Say) -> str:
    if one.obstacle:
        return say("assign.hindered", name=name, obstacle=say(f"assign.obstacle.{one.obstacle}"))
    return say("assign.candidate", name=name, load=one.load)
