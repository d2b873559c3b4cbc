"""The first page of a site that has no agent yet: what there is, and what to do next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.people import Roster
from inbox.pipeline.outcome import recall
from inbox.store import channels, people
from inbox.store.channels import ChannelRow
from inbox.store.unit import Unit
from inbox.web.accounts.settings import opened
from inbox.web.frame import Frame, House, frame

Page = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is set up already."""

    roster: Roster
    channels: tuple[ChannelRow, ...]

    @property
    def peopled(self) -> bool:
        """Whether anybody can answer."""
        return _answering(self.roster)


class Welcome:
    """`/settings/start`; and `/` for those who administer, as long as nobody is there to answer."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/settings/start`."""
        made, shut = await opened(self._house, request)
        return shut or await self._page(made, await self._house.store.read(_known))

    def before(self, otherwise: Page) -> Page:
        """The route `/`: this page while there is no agent, else the other one. With a query it is always the other one."""

        async def first(request: Request) -> Response:
            if request.url.query.replace("lang=en", "").replace("lang=fa", ""):
                return await otherwise(request)
            if await self._house.store.read(_peopled):
                return await otherwise(request)
            made = await frame(self._house, request)
            if made.visitor is None or not made.visitor.administers:
                return await otherwise(request)
            return await self._page(made, await self._house.store.read(_known))

        return first

    async def _page(self, made: Frame, known: Known) -> Response:
        book = self._house.playbook() if self._house.playbook else None
        configured = set(book.channels) if book else {one.name for one in known.channels}
        lines = [(one, self._trouble(made, one)) for one in known.channels if one.name in configured]
        calendar = book.calendars.get(book.promising.hours) if book else None
        facts: dict[str, Any] = {"channels": lines, "roster": known.roster, "peopled": known.peopled}
        facts["hours"] = book.promising.hours if book and calendar is not None else ""
        return made.page("welcome", **facts, here="start")

    def _trouble(self, made: Frame, one: ChannelRow) -> str:
        problem = recall(one.problem) if one.problem else None
        return self._house.wording.problem(made.language, problem) if problem is not None else ""


def _answering(roster: Roster) -> bool:
    return any(not agent.disabled for agent in roster.agents)


def _peopled(unit: Unit) -> bool:
    """Whether anybody can answer."""
    return _answering(people.roster(unit))


def _known(unit: Unit) -> Known:
    return Known(people.roster(unit), tuple(channels.seen(unit)))
