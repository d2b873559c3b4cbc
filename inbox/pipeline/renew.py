"""Renewing: before a time that was told passes, the customer is told how things stand and a new, safer time; or silence with
its reason on record, and a person must act."""

from zoneinfo import ZoneInfo

from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.facts import PromiseNoticeFacts
from inbox.domain.promise_events import NotRenewed
from inbox.domain.promises import Promise, PromiseKind
from inbox.pipeline.owing import earlier
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import keep_news, later, promise
from inbox.pipeline.retell import Way, retell, way
from inbox.pipeline.turn import Turn
from inbox.store import deliveries, promises
from inbox.text.dates import moment

OVER = (State.DONE, State.SPAM)


def renew(turn: Turn, risky: Promise, playbook: Playbook) -> None:
    """Of a promise that is at risk. What was told in its place already is left alone, and so is what needs no answer any more."""
    told = promises.of(turn.unit, turn.conversation.id)
    matter = turn.conversation
    if told[-1].id != risky.id or matter.state in OVER or matter.merged_into is not None:
        return
    spoken = len(earlier(risky, told))
    by = _way(turn, risky, spoken, playbook)
    silent = by if isinstance(by, str) else _speak(turn, risky, spoken + 1, by, playbook)
    if silent:
        turn.tell(NotRenewed("not_renewed", risky.id, silent))


def _way(turn: Turn, risky: Promise, spoken: int, playbook: Playbook) -> Way | str:
    if spoken >= playbook.promising.notices:
        return "silent.notices_spent"
    by = way(turn, playbook)
    if by == "silent.no_way":
        return by
    if any(d.state is not DeliveryState.SENT for d in deliveries.of_messages(turn.unit, [risky.message])):
        return "silent.untold"
    return by


def _speak(turn: Turn, risky: Promise, number: int, by: Way, playbook: Playbook) -> str:
    """Why not, where no time can be told."""
    announced = later(turn, risky, by.speaker, playbook).announcement
    if announced.kind is None or announced.at is None:
        return "silent.no_time"
    language, zone = playbook.speaks(turn.conversation.language), ZoneInfo(playbook.zone)
    facts = PromiseNoticeFacts(
        language=language,
        zone=zone,
        brand=by.speaker.brand.name,
        reference=turn.conversation.reference,
        earlier_at=risky.due_at,
        missed=turn.now > risky.due_at,
        earlier_kind=risky.kind.value,
        promise_kind=announced.kind.value,
        due_at=announced.at,
        in_hand=turn.conversation.assignee is not None,
        last=number >= playbook.promising.notices,
    )
    variants = (by.speaker.name, turn.conversation.policy)
    rendered = playbook.templates.message("promise-notice", language, facts, variants=variants)
    message = retell(turn, risky, rendered, f"renewal {risky.id}", "promise", by, playbook)
    if risky.kind is PromiseKind.UPDATE:
        keep_news(turn, risky, message)
    promise(turn, announced, moment(announced.at, language, zone), message, risky.id)
    return ""
