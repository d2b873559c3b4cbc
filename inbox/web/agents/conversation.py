"""The page of one conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route as Path

from inbox.domain.conversations import Conversation as ConversationRow
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import AgentId, ConversationId, MessageId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Roster
from inbox.domain.scope import Scope
from inbox.pipeline.outcome import recall
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.routes import Route
from inbox.pipeline.routes import routes as ways_to
from inbox.store import clocks, enclosed, notifications, people, seen, views
from inbox.store.shown import ShownMessage
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, address, identity
from inbox.text.fold import fold
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.agents import timeline
from inbox.web.agents.composer import Asked, Attempt, Composer, composer
from inbox.web.agents.hearing import Heard, heard
from inbox.web.agents.more import More, more
from inbox.web.agents.reading import names_of
from inbox.web.agents.steps import SNOOZES
from inbox.web.agents.suggested import Beside, suggested
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number

MESSAGES = 50
"""Messages of one page of a long thread."""
PAST = 5
"""Other conversations of the same person that stand beside it."""
_MACRO, _ASK, _FIND = "macro", "ask.", "find"


@dataclass(frozen=True, slots=True)
class Found:
    """All that the page is made of."""

    shown: views.Shown
    roster: Roster
    counts: views.Counts
    ways: tuple[Route, ...]
    composer: Composer | None
    past: Sequence[tuple[str, str, str, object]]
    left: Mapping[tuple[str, int], float]
    """Seconds of working time that running clocks have left, by metric and cycle."""
    more: More | None
    articles: tuple[Beside, ...]
    heard: Heard
    before: int | None
    """How many of its messages the visitor had before them when they last opened it; None: they never did."""


def routes(house: House) -> list[Path]:
    """Its address."""
    return [Path("/c/{reference}", Conversation(house).show)]


class Conversation:
    """The page; all that reading it changes is what an agent has read of what they were told."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/c/K7Q2?before=&macro=&ask.<name>=&find=&how=`: one conversation. What lies outside the visitor's scope looks like
        a typing error."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        return await self.page(made, _asked(request), before=_before(request))

    async def page(
        self,
        made: Frame,
        asked: Asked,
        attempt: Attempt | None = None,
        *,
        before: MessageId | None = None,
        status: int = 200,
    ) -> Response:
        """The page as it is now; with what was just refused in its composer."""
        typed = made.request.path_params["reference"]
        reference = normalise(typed)
        book = self._house.playbook() if self._house.playbook else None
        if reference is None:
            return made.missing()
        found = await self._house.store.read(_one, made, reference, book, asked, attempt, before)
        if found is None:
            return made.missing()
        shown = found.shown
        if shown.conversation.reference != typed:
            return RedirectResponse(f"/c/{shown.conversation.reference}", 307)
        made = await self._seen(made, shown.conversation, found.before)
        teller = timeline.Teller(made.say, made.language, ZoneInfo(self._house.site.zone), found.roster)
        return made.page(
            "conversation",
            status,
            it=shown,
            timeline=teller.told(shown.events),
            ratings=timeline.ratings(shown.events),
            counts=found.counts,
            routes=found.ways,
            told=partial(_error, made),
            once=session.fresh(),
            composer=found.composer,
            readable=() if book is None else tuple(book.channels),
            roster=found.roster,
            colleagues={fold(one.handle): one.name or one.handle for one in found.roster.agents},
            past=found.past,
            left=found.left,
            before=before,
            more=found.more,
            articles=found.articles,
            heard=found.heard,
            linkable=book is not None and book.portal is not None and bool(book.public_url),
            undoable=partial(undoable, made),
            elsewhere=timeline.ELSEWHERE,
            snoozes=SNOOZES,
            trouble=None if found.composer is None else _trouble(made, found.composer),
            names=names_of(made),
            view="",
        )

    async def _seen(self, made: Frame, matter: ConversationRow, before: int | None) -> Frame:
        """Whoever opens a conversation has read what they were told of it, and has its messages before them."""
        agent = made.visitor.agent if made.visitor else None
        if agent is None or made.request.method != "GET":
            return made
        if made.unread or before != matter.messages:
            await self._house.store.write(_look, agent, matter, made.now)
        if not made.unread:
            return made
        return replace(made, unread=await self._house.store.read(notifications.unread, made.scope))


def _look(unit: Unit, agent: AgentId, matter: ConversationRow, now: datetime) -> None:
    seen.look(unit, agent, matter.id, matter.messages, now)
    notifications.seen(unit, agent, matter.id, now)


def undoable(made: Frame, shown: ShownMessage) -> float:
    """For how many seconds the visitor can still take this answer back; 0: not any more, or not by them."""
    mine = made.visitor is not None and made.visitor.agent is not None and shown.message.agent == made.visitor.agent
    if not mine or shown.message.purpose != Purpose.REPLY.value or not shown.deliveries:
        return 0
    waiting = [d for d in shown.deliveries if d.state is DeliveryState.QUEUED and d.attempts == 0]
    if len(waiting) != len(shown.deliveries):
        return 0
    return max(0.0, (min(d.not_before for d in waiting) - made.now) / timedelta(seconds=1))


def _asked(request: Request) -> Asked:
    query = request.query_params
    values = {name.removeprefix(_ASK): value[:2_000] for name, value in query.items() if name.startswith(_ASK)}
    return Asked(
        query.get(_MACRO, "")[:200],
        values,
        query[_FIND][:200] if _FIND in query else None,
        query.get("how") == "note",
        query.get("article", "")[:200],
        query.get("words") == "1",
    )


def _before(request: Request) -> MessageId | None:
    found = number(request.query_params.get("before"))
    return None if found is None else MessageId(found)


def _trouble(made: Frame, shown: Composer) -> str:
    if shown.wrong or shown.problem is None:
        return shown.wrong
    return made.house.wording.problem(made.language, shown.problem)


def _one(
    unit: Unit,
    made: Frame,
    reference: str,
    book: Playbook | None,
    asked: Asked,
    attempt: Attempt | None,
    before: MessageId | None,
) -> Found | None:
    scope = made.scope
    shown = views.shown(unit, scope, reference, most=MESSAGES, before=before)
    if shown is None:
        return None
    matter, roster = shown.conversation, people.roster(unit)
    ways = _ways(unit, scope, matter, book)
    agent = roster.agent_by_id(_agent(scope))
    written = None
    if book is not None and agent is not None:
        written = composer(unit, matter, agent, book, ways, asked, attempt, made.language, made.now)
        written = replace(written, copies=()) if ADDRESSES in scope.hides else written
    past = enclosed.past(unit, scope, matter.id, PAST)
    left = {} if book is None else _left(unit, matter.id, book, made.now)
    beside = more(unit, scope, matter, made.house.site.zone, made.now) if scope.notes else None
    known = suggested(unit, matter, made.language) if agent is not None else ()
    read = seen.of(unit, scope.agent, [matter.id]).get(matter.id)
    counted = views.counts(unit, scope, made.now)
    sounds = heard(unit, shown, book) if scope.notes else Heard({})
    return Found(shown, roster, counted, ways, written, past, left, beside, known, sounds, read)


def _ways(unit: Unit, scope: Scope, matter: ConversationRow, book: Playbook | None) -> tuple[Route, ...]:
    """How the customer can be answered; whoever is shown no addresses has no choice, and answers the usual way."""
    ways = ways_to(unit, matter, book) if book is not None and scope.notes else ()
    if ADDRESSES not in scope.hides:
        return ways
    return tuple(replace(one, to=address(one.to), identity=identity(one.identity)) for one in ways if one.default)


def _agent(scope: Scope) -> AgentId:
    return scope.agent or AgentId(0)


def _left(unit: Unit, matter: ConversationId, book: Playbook, now: datetime) -> dict[tuple[str, int], float]:
    found = {}
    for state in clocks.of(unit, matter):
        calendar = book.calendars.get(state.target.hours) if state.target else None
        if calendar is not None and state.due_at is not None and state.open and not state.paused:
            left = calendar.working_between(now, state.due_at)
            found[state.metric.value, state.cycle] = left / timedelta(seconds=1)
    return found


def _error(made: Frame, kept: str) -> str:
    """Why something failed, in words where it was kept as a problem."""
    problem = recall(kept)
    return kept if problem is None else made.house.wording.problem(made.language, problem)
