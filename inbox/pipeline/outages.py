"""A known outage: who writes about it is told at once what we know and when there is news, and hears it by then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.conversations import State
from inbox.domain.events import Noticed
from inbox.domain.facts import OutageNewsFacts
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId, PromiseId
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Problem
from inbox.domain.promise_events import NotRenewed
from inbox.domain.promises import Promise, PromiseKind
from inbox.pipeline.budget import Budget, budget
from inbox.pipeline.going_on import copy_for_later, references
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import Outlook, keep_news, promise_news
from inbox.pipeline.routes import Route, routes
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.sla.promise import Unsure
from inbox.store import messages, outages, promises
from inbox.store.outages import Outage
from inbox.store.unit import Unit
from inbox.text.dates import moment


def begin(unit: Unit, tag: str, words: Mapping[str, str], news_at: datetime, now: datetime) -> Outage:
    """Something is down, for conversations with this tag. Raises Problem where that is known already."""
    _ahead(news_at, now)
    if any(one.tag == tag for one in outages.current(unit)):
        raise Problem("outage.known", tag=tag)
    return outages.begin(unit, tag, words, news_at, now)


def news(unit: Unit, tag: str, words: Mapping[str, str], news_at: datetime | None, now: datetime) -> Outage:
    """What is known by now, and when there is more; without a time it is over. Raises Problem."""
    known = next((one for one in outages.current(unit) if one.tag == tag), None)
    if known is None:
        raise Problem("outage.unknown", tag=tag, known=", ".join(one.tag for one in outages.current(unit)) or "-")
    if news_at is None:
        known = replace(known, words=dict(words), ended_at=now)
    else:
        _ahead(news_at, now)
        known = replace(known, words=dict(words), news_at=news_at)
    outages.put(unit, known)
    return known


def during(turn: Turn, seen: Outlook) -> Outlook:
    """What can be told in this conversation now: news of the outage that it is about, where there is one."""
    known = outages.of_tags(turn.unit, turn.conversation.tags, turn.now)
    if known is None:
        return seen
    told = replace(seen.announcement, kind=PromiseKind.UPDATE, at=known.news_at, basis=None, unsure=Unsure.OUTAGE)
    return replace(seen, announcement=told, known=known)


def tell(unit: Unit, id: ConversationId, told: PromiseId, known: Outage, playbook: Playbook, now: datetime) -> bool:
    """The news, to one who was promised some; False where nothing was said, and the conversation says why."""
    turn = Turn.of(unit, id, "outage", playbook.terms, now)
    awaited = next((one for one in promises.open_ones(unit, id) if one.id == told), None)
    if awaited is None or turn.conversation.state in (State.DONE, State.SPAM):
        return False
    route = next((one for one in routes(unit, turn.conversation, playbook) if one.default), None)
    speaker = playbook.channels.get(route.channel) if route and route.channel else None
    open_way = route is not None and speaker is not None and not route.why
    left = budget(turn, route.to, speaker, playbook) if open_way and route and speaker else Budget("silent.no_way")
    if route is None or speaker is None or left.reason:
        turn.tell(NotRenewed("not_renewed", awaited.id, left.reason))
        turn.close()
        return False
    _speak(turn, awaited, known, route, speaker, left, playbook)
    turn.close()
    return True


def _speak(
    turn: Turn, awaited: Promise, known: Outage, route: Route, speaker: Speaker, left: Budget, playbook: Playbook
) -> None:
    language = playbook.speaks(turn.conversation.language)
    due = None if known.ended_at else known.news_at
    facts = OutageNewsFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        reference=turn.conversation.reference,
        known=known.told(language),
        due_at=due,
    )
    rendered = playbook.templates.message("outage-news", language, facts, variants=(speaker.name,))
    words = Words(
        purpose=Purpose.RENEWAL,
        subject=messages.one(turn.unit, awaited.message).subject or rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=rendered.language,
        cause=f"outage {known.id} {awaited.id}",
        wait=left.wait,
    )
    answered = Answered(route.key, route.thread, Address(route.to.address), references(turn, speaker.kind))
    message = say(turn, words, answered, speaker)
    copy_for_later(turn, words, message, route, speaker, playbook)
    turn.tell(Noticed("noticed", message, "outage", route.to.address))
    keep_news(turn, awaited, message)
    if due is not None:
        text = moment(due, language, ZoneInfo(playbook.zone))
        promise_news(turn, due, text, message, speaker.hours or playbook.promising.hours, awaited.id)


def _ahead(news_at: datetime, now: datetime) -> None:
    if news_at <= now:
        raise Problem("outage.not_ahead")
