"""Renewing: before a time that was told passes, the customer is told how things stand and a new, safer time; or silence with
its reason on record, and a person must act."""

from zoneinfo import ZoneInfo

from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.events import Noticed
from inbox.domain.facts import PromiseNoticeFacts
from inbox.domain.happenings import Address
from inbox.domain.outgoing import Purpose
from inbox.domain.promise_events import NotRenewed
from inbox.domain.promises import Promise, PromiseKind
from inbox.pipeline.budget import Budget, budget
from inbox.pipeline.going_on import copy_for_later, references
from inbox.pipeline.owing import earlier
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import Outlook, keep_news, later, promise
from inbox.pipeline.routes import Route, routes
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import deliveries, messages, promises
from inbox.text.dates import moment

OVER = (State.DONE, State.SPAM)


def renew(turn: Turn, risky: Promise, playbook: Playbook) -> None:
    """Of a promise that is at risk. What was told in its place already is left alone, and so is what needs no answer any more."""
    told = promises.of(turn.unit, turn.conversation.id)
    matter = turn.conversation
    if told[-1].id != risky.id or matter.state in OVER or matter.merged_into is not None:
        return
    spoken = len(earlier(risky, told))
    route = next((one for one in routes(turn.unit, matter, playbook) if one.default), None)
    speaker = playbook.channels.get(route.channel) if route and route.channel else None
    left = _left(turn, risky, spoken, route, speaker, playbook)
    if route is None or speaker is None or left.reason:
        turn.tell(NotRenewed("not_renewed", risky.id, left.reason))
        return
    _speak(turn, risky, spoken + 1, route, speaker, left, playbook)


def _left(
    turn: Turn, risky: Promise, spoken: int, route: Route | None, speaker: Speaker | None, playbook: Playbook
) -> Budget:
    """Why nothing is told, or how long it has to wait for its turn."""
    if spoken >= playbook.promising.notices:
        return Budget("silent.notices_spent")
    if route is None or speaker is None or route.why:
        return Budget("silent.no_way")
    if any(d.state is not DeliveryState.SENT for d in deliveries.of_messages(turn.unit, [risky.message])):
        return Budget("silent.untold")
    return budget(turn, route.to, speaker, playbook)


def _speak(
    turn: Turn, risky: Promise, number: int, route: Route, speaker: Speaker, left: Budget, playbook: Playbook
) -> None:
    seen = later(turn, risky, speaker, playbook)
    announced = seen.announcement
    if announced.kind is None or announced.at is None:
        turn.tell(NotRenewed("not_renewed", risky.id, "silent.no_time"))
        return
    language = playbook.speaks(turn.conversation.language)
    words = _words(turn, risky, number, seen, language, speaker, playbook, left)
    to = Address(route.to.address)  # without the name that they gave, which may carry a whole advertisement
    answered = Answered(route.key, route.thread, to, references(turn, speaker.kind))
    message = say(turn, words, answered, speaker)
    copy_for_later(turn, words, message, route, speaker, playbook)
    turn.tell(Noticed("noticed", message, "promise", route.to.address))
    if risky.kind is PromiseKind.UPDATE:
        keep_news(turn, risky, message)
    promise(turn, announced, moment(announced.at, language, ZoneInfo(playbook.zone)), message, risky.id)


def _words(
    turn: Turn,
    risky: Promise,
    number: int,
    seen: Outlook,
    language: str,
    speaker: Speaker,
    playbook: Playbook,
    left: Budget,
) -> Words:
    announced = seen.announcement
    assert announced.kind is not None
    assert announced.at is not None
    facts = PromiseNoticeFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        reference=turn.conversation.reference,
        earlier_at=risky.due_at,
        missed=turn.now > risky.due_at,
        earlier_kind=risky.kind.value,
        promise_kind=announced.kind.value,
        due_at=announced.at,
        in_hand=turn.conversation.assignee is not None,
        last=number >= playbook.promising.notices,
    )
    variants = (speaker.name, turn.conversation.policy)
    rendered = playbook.templates.message("promise-notice", language, facts, variants=variants)
    # Under the heading that the time was told under: it repeats nothing that the address was not told before.
    return Words(
        purpose=Purpose.RENEWAL,
        subject=messages.one(turn.unit, risky.message).subject or rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=rendered.language,
        cause=f"renewal {risky.id}",
        wait=left.wait,
    )
