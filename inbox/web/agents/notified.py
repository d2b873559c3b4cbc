"""What an agent is told of: the page that lists it, and the word that it was read."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.domain.ids import AgentId, NotificationId
from inbox.store import article_notices, notifications, people, views
from inbox.store.article_notices import ArticleNotice
from inbox.store.notifications import Notification
from inbox.store.unit import Unit
from inbox.web.agents.reading import names_of
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number

PAGE = 50
TOLD = timedelta(days=14)
"""So long what was told of an article stands there once it is read."""
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
        found, counted, told = await self._house.store.read(_page, made, before)
        more = found[PAGE - 1].id if len(found) > PAGE else None
        facts: dict[str, Any] = {"found": found[:PAGE], "more": more, "before": before, "counts": counted, "told": told}
        return made.page("notifications", **facts, names=names_of(made), view="")

    async def read(self, request: Request) -> Response:
        """POST `/notifications`: one (`id`, or `article` for what is told of an article) was read, or without it all."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        sent = (await posted(made)).first
        only, told = _number(sent.get("id")), number(sent.get("article"))
        if made.visitor.agent is None or ("id" in sent and only is None) or ("article" in sent and told is None):
            return made.missing()
        await self._house.store.write(_read, made.visitor.agent, made.now, only, told)
        before = _number(sent.get("before"))
        return RedirectResponse(PATH if before is None else f"{PATH}?before={before}", 303)


def _page(
    unit: Unit, made: Frame, before: NotificationId | None
) -> tuple[list[Notification], views.Counts, list[tuple[ArticleNotice, str]]]:
    """One more than the page shows: then there is a next one. What is told of articles, and who did it, stands on the first page."""
    found = notifications.listing(unit, made.scope, PAGE + 1, before)
    agent, roster = made.scope.agent, people.roster(unit)
    told = article_notices.listing(unit, agent, made.now - TOLD) if before is None and agent is not None else []
    named = [(one, roster.called(one.by) if one.by is not None else "") for one in told]
    return found, views.counts(unit, made.scope, made.now), named


def _read(unit: Unit, agent: AgentId, now: datetime, only: NotificationId | None, told: int | None) -> None:
    if told is None:
        notifications.read(unit, agent, now, only)
    if only is None:
        article_notices.read(unit, agent, now, told)


def _number(typed: str | None) -> NotificationId | None:
    found = number(typed)
    return None if found is None else NotificationId(found)
