"""The lists that agents work from: the built-in ones, views that were kept, and whatever somebody searches for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.conversations import State
from inbox.domain.people import Team
from inbox.domain.scope import Scope
from inbox.store import found, people, saved_views, search, views
from inbox.store.found import Answer
from inbox.store.unit import Unit
from inbox.text import queries
from inbox.web import session
from inbox.web.agents.asked import explained, refused
from inbox.web.frame import Frame, House, frame

PAGE = 50
COUNTED = 8
"""Saved views whose numbers stand beside them: each costs a question."""
MOST = 100
"""Where the number beside a saved view ends."""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a query (typed, or that of a kept view), or one of the lists; and from where on."""

    typed: str = ""
    view: str = "open"
    saved: int = 0
    cursor: str = ""
    back: bool = False

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """As it stands in the address. ValueError where it says nonsense."""
        given = request.query_params
        before = given.get("before", "")
        cursor = (before or given.get("after", ""))[:60]
        typed = given.get("q", "")[: queries.LONGEST].strip()
        saved = int(given.get("saved", "0"))
        if not 0 <= saved < 2**31:
            raise ValueError("no such view")
        return cls(typed, given.get("view", "open"), saved, cursor, bool(before))

    def url(self, cursor: object, way: str) -> str:
        """The address of the page behind (`after`) or before another."""
        where = {"q": self.typed} if self.typed else {"saved": str(self.saved)} if self.saved else {"view": self.view}
        return f"/?{urlencode({**where, **({way: str(cursor)} if cursor else {})})}"


@dataclass(frozen=True, slots=True)
class Listed:
    """All that the page shows."""

    answer: Answer
    query: queries.Query | None
    saved: saved_views.SavedView | None
    counts: views.Counts
    saved_counts: Mapping[int, int]
    teams: tuple[Team, ...]
    agents: tuple[tuple[str, str], ...]
    next_due: datetime | None
    filling: bool


class Reading:
    """The route of the lists."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/?view=` or `/?saved=` or `/?q=`, each with `after=` or `before=`: one page of a list."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        try:
            asked = Asked.of(request)
            listed = await self._house.store.read(_page, made, asked)
        except (KeyError, ValueError):
            return made.missing()
        return made.page("list", **_facts(made, asked, listed))


def names_of(made: Frame) -> list[str]:
    """The names of the lists; the owner has none of their own."""
    alone = made.visitor is None or made.visitor.agent is None
    return [name for name in VIEWS if not (alone and name == "mine")]


def _page(unit: Unit, made: Frame, asked: Asked) -> Listed:
    scope, zone = made.scope, ZoneInfo(made.house.site.zone)
    kept = saved_views.one(unit, scope, asked.saved) if asked.saved and not asked.typed else None
    if asked.saved and not asked.typed and kept is None:
        raise KeyError(asked.saved)
    typed = kept.query if kept else asked.typed
    query = queries.read(typed) if typed else None
    if query is not None:
        page: dict[str, Any] = {"most": PAGE, "cursor": asked.cursor, "back": asked.back}
        answer = found.answer(unit, scope, query, made.now, zone, **page)
    else:
        answer = _listed(unit, scope, VIEWS[asked.view], asked)
    roster = people.roster(unit)
    return Listed(
        answer=answer,
        query=query,
        saved=kept,
        counts=views.counts(unit, scope, made.now),
        saved_counts=_counts(unit, made, zone),
        teams=roster.teams,
        agents=tuple((a.handle, a.called) for a in roster.agents if not a.disabled),
        next_due=None if answer.rows else views.next_due(unit, scope, made.now),
        filling=query is not None and search.left(unit) is not None,
    )


def _listed(unit: Unit, scope: Scope, view: View, asked: Asked) -> Answer:
    whose: views.Assignee = "anybody"
    if view.whose == "nobody":
        whose = "nobody"
    elif view.whose == "mine":
        if scope.agent is None:
            raise KeyError("mine")
        whose = scope.agent
    return found.listed(
        unit, scope, view.states, assignee=whose, most=PAGE, cursor=asked.cursor, back=asked.back, counting=False
    )


def _counts(unit: Unit, made: Frame, zone: ZoneInfo) -> dict[int, int]:
    counted: dict[int, int] = {}
    for view in made.saved[:COUNTED]:
        number = found.count(unit, made.scope, queries.read(view.query), made.now, zone, MOST)
        if number is not None:
            counted[view.id] = number
    return counted


def _facts(made: Frame, asked: Asked, listed: Listed) -> dict[str, Any]:
    answer, kept = listed.answer, listed.saved
    typed = kept.query if kept else asked.typed
    here = replace(asked, typed="" if kept else asked.typed)
    return {
        "it": answer,
        "rows": answer.rows,
        "typed": typed,
        "kept": kept,
        "heading": kept.name if kept else made.say("web.search.title") if typed else made.say(f"web.view.{asked.view}"),
        "parts": explained(made, listed.query) if listed.query else (),
        "refused": refused(made, answer.bad),
        "view": f"saved {kept.id}" if kept else "" if typed else asked.view,
        "names": names_of(made),
        "counts": listed.counts,
        "saved_counts": listed.saved_counts,
        "teams": listed.teams,
        "my_teams": [team for team in listed.teams if made.visitor and made.visitor.agent in team.members],
        "agents": listed.agents,
        "next_due": listed.next_due,
        "filling": listed.filling,
        "first": here.url("", "after") if asked.cursor else None,
        "later": here.url(answer.after, "after") if answer.after else None,
        "sooner": here.url(answer.before, "before") if answer.before and asked.cursor else None,
        "back": here.url(asked.cursor, "before" if asked.back else "after"),
        "once": session.fresh(),
    }
