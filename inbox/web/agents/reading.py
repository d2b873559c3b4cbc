"""The lists of conversations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.conversations import State
from inbox.domain.scope import Scope
from inbox.store import views
from inbox.store.unit import Unit
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
    """The route of the lists."""

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
