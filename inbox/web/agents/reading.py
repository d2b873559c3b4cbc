"""The pages that agents read: the list of conversations, and one conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.conversations import State
from inbox.domain.ids import ConversationId
from inbox.domain.people import Roster
from inbox.domain.scope import Scope
from inbox.pipeline.outcome import recall
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.routes import Route, routes
from inbox.store import notifications, people, views
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.agents import timeline
from inbox.web.frame import Frame, House, frame

PAGE = 50


@dataclass(frozen=True, slots=True)
class View:
    """One of the lists: which states, and whose."""

    states: tuple[State, ...]
    whose: str = "anybody"


VIEWS: Mapping[str, View] = {
    "open": View((State.OPEN,)),
    "mine": View((State.OPEN,), "mine"),
    "unassigned": View((State.OPEN,), "nobody"),
    **{state.value: View((state,)) for state in State if state is not State.OPEN},
}


class Reading:
    """The routes of the pages that are read; all that this changes is what an agent has read of what they were told."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/?view=&after=`: one page of one list."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        name = request.query_params.get("view", "open")
        try:
            after = views.Place.parse(text) if (text := request.query_params.get("after")) else None
            rows, counted = await self._house.store.read(_list, made.scope, VIEWS[name], after, made.now)
        except (KeyError, ValueError):
            return made.missing()
        more = rows[-1].place if len(rows) == PAGE else None
        return made.page("list", view=name, names=names_of(made), rows=rows, counts=counted, more=more, after=after)

    async def conversation(self, request: Request) -> Response:
        """GET `/c/K7Q2`: one conversation. What lies outside the visitor's scope looks like a typing error."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        typed = request.path_params["reference"]
        reference = normalise(typed)
        book = self._house.playbook() if self._house.playbook else None
        found = await self._house.store.read(_one, made.scope, reference, made.now, book) if reference else None
        if found is None:
            return made.missing()
        shown, roster, counted, ways = found
        if shown.conversation.reference != typed:
            return RedirectResponse(f"/c/{shown.conversation.reference}", 307)
        made = await self._seen(made, shown.conversation.id)
        teller = timeline.Teller(made.say, made.language, ZoneInfo(self._house.site.zone), roster)
        told = teller.told(shown.events)
        facts: dict[str, Any] = {
            "it": shown,
            "timeline": told,
            "counts": counted,
            "routes": ways,
            "told": partial(_error, made),
            "once": session.fresh(),
        }
        return made.page("conversation", **facts, names=names_of(made), view="")

    async def _seen(self, made: Frame, matter: ConversationId) -> Frame:
        """Whoever opens a conversation has read what they were told of it."""
        agent = made.visitor.agent if made.visitor else None
        if agent is None or not made.unread or made.request.method != "GET":
            return made
        await self._house.store.write(notifications.seen, agent, matter, made.now)
        return replace(made, unread=await self._house.store.read(notifications.unread, made.scope))


def names_of(made: Frame) -> list[str]:
    """The names of the lists; the owner has none of their own."""
    alone = made.visitor is None or made.visitor.agent is None
    return [name for name in VIEWS if not (alone and name == "mine")]


def _list(
    unit: Unit, scope: Scope, view: View, after: views.Place | None, now: datetime
) -> tuple[list[views.Row], views.Counts]:
    whose: views.Assignee = "anybody"
    if view.whose == "nobody":
        whose = "nobody"
    elif view.whose == "mine":
        if scope.agent is None:
            raise KeyError("mine")
        whose = scope.agent
    rows = views.listing(unit, scope, states=view.states, assignee=whose, most=PAGE, after=after)
    return rows, views.counts(unit, scope, now)


Found = tuple[views.Shown, Roster, views.Counts, tuple[Route, ...]]


def _one(unit: Unit, scope: Scope, reference: str, now: datetime, book: Playbook | None) -> Found | None:
    shown = views.shown(unit, scope, reference)
    if shown is None:
        return None
    ways = routes(unit, shown.conversation, book) if book is not None and scope.notes else ()
    return shown, people.roster(unit), views.counts(unit, scope, now), ways


def _error(made: Frame, kept: str) -> str:
    """Why something failed, in words where it was kept as a problem."""
    problem = recall(kept)
    return kept if problem is None else made.house.wording.problem(made.language, problem)
