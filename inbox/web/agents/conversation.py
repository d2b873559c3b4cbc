"""The page of one conversation."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route as Path

from inbox.domain.ids import ConversationId
from inbox.domain.people import Roster
from inbox.domain.scope import Scope
from inbox.pipeline.outcome import recall
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.routes import Route
from inbox.pipeline.routes import routes as ways_to
from inbox.store import notifications, people, views
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.agents import timeline
from inbox.web.agents.reading import names_of
from inbox.web.frame import Frame, House, frame


def routes(house: House) -> list[Path]:
    """Its addresses."""
    page = Conversation(house)
    return [Path("/c/{reference}", page.show)]


class Conversation:
    """The page; all that reading it changes is what an agent has read of what they were told."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
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


Found = tuple[views.Shown, Roster, views.Counts, tuple[Route, ...]]


def _one(unit: Unit, scope: Scope, reference: str, now: datetime, book: Playbook | None) -> Found | None:
    shown = views.shown(unit, scope, reference)
    if shown is None:
        return None
    ways = ways_to(unit, shown.conversation, book) if book is not None and scope.notes else ()
    return shown, people.roster(unit), views.counts(unit, scope, now), ways


def _error(made: Frame, kept: str) -> str:
    """Why something failed, in words where it was kept as a problem."""
    problem = recall(kept)
    return kept if problem is None else made.house.wording.problem(made.language, problem)
