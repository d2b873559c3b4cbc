"""Excusing: a miss is not held against us in the statement of a contract, for a reason; and taking that back. For those who lead."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Permission, Surface
from inbox.domain.events import Excused
from inbox.pipeline.reply import Refused
from inbox.sla.metrics import Metric
from inbox.store import clocks, excuses
from inbox.store.unit import Unit
from inbox.text.fold import latin_digits

ALL = ""


class Excuse(Arguments):
    """`clock`: `first_reply`, or `next_reply:2` for its second cycle; empty: everything in the conversation."""

    reason: str = Field(min_length=1, max_length=500)
    clock: str = Field(default="", max_length=40)


class Unexcuse(Arguments):
    """The same clock."""

    clock: str = Field(default="", max_length=40)


def actions() -> tuple[Action, ...]:
    """Both."""
    reason = "what is excused is chosen among the clocks, which a statement or a page shows"
    absent = {Surface.MAIL: reason, Surface.BOT: reason}
    return (
        Action("excuse", Excuse, _excuse, Permission.LEAD, absent),
        Action("unexcuse", Unexcuse, _unexcuse, Permission.LEAD, absent),
    )


def _excuse(unit: Unit, doing: Doing, wanted: Excuse) -> Done:
    turn = doing.turn(unit)
    metric, cycle = _clock(unit, doing, wanted.clock, turn.conversation.reference)
    reason = " ".join(wanted.reason.split())
    if not reason:
        raise Refused("excuse.no_reason", reference=turn.conversation.reference)
    turn.tell(Excused("excused", reason, metric, cycle), doing.actor)
    turn.close()
    return Done("done.excuse", {"reference": turn.conversation.reference, "reason": reason})


def _unexcuse(unit: Unit, doing: Doing, wanted: Unexcuse) -> Done:
    turn = doing.turn(unit)
    key = _clock(unit, doing, wanted.clock, turn.conversation.reference)
    reason = excuses.of(unit, doing.conversation).get(key)
    if reason is None:
        raise Refused("excuse.nothing", reference=turn.conversation.reference)
    turn.tell(Excused("excused", reason, *key, undone=True), doing.actor)
    turn.close()
    return Done("done.unexcuse", {"reference": turn.conversation.reference})


def _clock(unit: Unit, doing: Doing, typed: str, reference: str) -> tuple[str, int]:
    """Which one that is. Raises Refused."""
    plain = typed.strip().lower()
    if plain == ALL:
        return excuses.ALL
    name, _, number = plain.partition(":")
    there = {(one.metric.value, one.cycle) for one in clocks.of(unit, doing.conversation)}
    digits = latin_digits(number or "1")
    cycle = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0
    if name not in set(Metric) or (name, cycle) not in there:
        known = ", ".join(f"{one}:{number}" if number > 1 else one for one, number in sorted(there)) or "-"
        raise Refused("excuse.no_clock", reference=reference, clock=typed, known=known)
    return name, cycle
