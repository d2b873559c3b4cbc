"""What an agent is told of: the page that lists it, and the word that it was read."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.domain.ids import NotificationId
from inbox.store import notifications, views
from inbox.store.notifications import Notification
from inbox.store.unit import Unit
from inbox.web.agents.reading import names_of
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number

PAGE = 50
PATH = "/notifications"


def routes(house: House) -> list[Route]:
    """The page and what it sends."""
    page = Notified(house)
    return [Route(PATH, page.listing), Route(PATH, page.read, methods=["POST"])]


class Notified:
    """The routes. The owner of the site is no agent: nobody tells them anything here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/notifications?before=`: the newest first."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        typed = request.query_params.get("before")
        before = _number(typed)
        if made.visitor.agent is None or (typed is not None and before is None):
            return made.missing()
        found, counted = await self._house.store.read(_page, made, before)
        more = found[PAGE - 1].id if len(found) > PAGE else None
        facts: dict[str, Any] = {"found": found[:PAGE], "more": more, "before": before, "counts": counted}
        return made.page("notifications", **facts, names=names_of(made), view="")

    async def read(self, request: Request) -> Response:
        """POST `/notifications`: one (`id`) was read, or without it all."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        sent = (await posted(made)).first
        only = _number(sent.get("id"))
        if made.visitor.agent is None or ("id" in sent and only is None):
            return made.missing()
        await self._house.store.write(notifications.read, made.visitor.agent, made.now, only)
        before = _number(sent.get("before"))
        return RedirectResponse(PATH if before is None else f"{PATH}?before={before}", 303)


def _page(unit: Unit, made: Frame, before: NotificationId | None) -> tuple[list[Notification], views.Counts]:
    """One more than the page shows: then there is a next one."""
    found = notifications.listing(unit, made.scope, PAGE + 1, before)
    return found, views.counts(unit, made.scope, made.now)


def _number(typed: str | None) -> NotificationId | None:
    found = number(typed)
    return None if found is None else NotificationId(found)
