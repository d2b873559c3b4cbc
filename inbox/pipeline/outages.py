"""A known outage: who writes about it is told at once what we know and when there is news, and hears it by then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.conversations import State
from inbox.domain.facts import OutageNewsFacts
from inbox.domain.ids import ConversationId, PromiseId
from inbox.domain.problems import Problem
from inbox.domain.promise_events import NotRenewed
from inbox.domain.promises import Promise, PromiseKind
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import Outlook, keep_news, promise_news
from inbox.pipeline.retell import Way, retell, way
from inbox.pipeline.turn import Turn
from inbox.sla.promise import Unsure
from inbox.store import outages, promises
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
    """What is known by now, and when there is more; without a time it is over, and that can be said again as long as there is
    somebody who was promised news and was not told. Raises Problem."""
    known = next((one for one in outages.current(unit) if one.tag == tag), None)
    if known is None and news_at is None and outages.waiting(unit, tag):
        known = next((one for one in outages.every(unit) if one.tag == tag), None)
    if known is None:
        raise Problem("outage.unknown", tag=tag, known=", ".join(one.tag for one in outages.current(unit)) or "-")
    if news_at is None:
        known = replace(known, words=dict(words), ended_at=known.ended_at or now)
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
    by = way(turn, playbook)
    if isinstance(by, str):
        turn.tell(NotRenewed("not_renewed", awaited.id, by))
    else:
        _speak(turn, awaited, known, by, playbook)
    turn.close()
    return isinstance(by, Way)


def _speak(turn: Turn, awaited: Promise, known: Outage, by: Way, playbook: Playbook) -> None:
    language, zone = playbook.speaks(turn.conversation.language), ZoneInfo(playbook.zone)
    due = None if known.ended_at else known.news_at
    facts = OutageNewsFacts(
        language=language,
        zone=zone,
        brand=by.speaker.brand.name,
        reference=turn.conversation.reference,
        known=known.told(language),
        due_at=due,
    )
    rendered = playbook.templates.message("outage-news", language, facts, variants=(by.speaker.name,))
    message = retell(turn, awaited, rendered, f"outage {known.id} {awaited.id}", "outage", by, playbook)
    keep_news(turn, awaited, message)
    if due is not None:
        hours = by.speaker.hours or playbook.promising.hours
        promise_news(turn, due, moment(due, language, zone), message, hours, awaited.id)


def _ahead(news_at: datetime, now: datetime) -> None:
    if news_at <= now:
        raise Problem("outage.not_ahead")
