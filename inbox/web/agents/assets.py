"""What customers own, as agents look it up: a list that a code, a product or an owner narrows, and one asset whole."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.domain.assets import TERMS, Asset
from inbox.domain.ids import AssetId
from inbox.domain.people import Roster
from inbox.pipeline import assets_shown
from inbox.store import assets, assets_enclosed, assets_found, people
from inbox.store.assets_found import Owned, Sought
from inbox.store.unit import Unit
from inbox.text import dates
from inbox.text.codes import code
from inbox.web.frame import Frame, House, frame
from inbox.web.kept import download
from inbox.web.numbers import number, of_path

PATH = "/assets"
PAGE = 50
LONGEST = 200
ENDING = {"30": 30, "90": 90}
"""Days within which a warranty or a service ends, by the name of the list."""
LISTS = ("", *ENDING, "retired")


@dataclass(frozen=True, slots=True)
class Line:
    """One asset in the list, with how its terms stand today."""

    owned: Owned
    covers: tuple[tuple[str, str], ...]
    """Of each term that has a day: the end of a key `web.assets.*`, and the day."""


class OwnedPages:
    """The routes that show."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/assets?q=&list=&after=`. A whole code leads to its asset."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        asked = request.query_params
        typed, which = asked.get("q", "")[:LONGEST].strip(), asked.get("list", "")
        if which not in LISTS:
            return made.missing()
        facts, only = await self._house.store.read(_page, made, typed, which, number(asked.get("after")) or 0)
        if only is not None:
            return RedirectResponse(f"{PATH}/{only}", 303)
        return made.page("assets", **facts)

    async def one(self, request: Request) -> Response:
        """GET `/assets/12`."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        facts = await self._house.store.read(_one, made, AssetId(of_path(request, "id")))
        if facts is None:
            return made.missing()
        return made.page("asset", **facts, lists=LISTS)

    async def document(self, request: Request) -> Response:
        """GET `/assets/12/d/3`: to be kept as a file."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        id, which = AssetId(of_path(request, "id")), of_path(request, "number")
        seen = await self._house.store.read(assets_found.one, made.scope, id)
        found = await self._house.store.read(assets_enclosed.one, id, which) if seen else None
        if found is None or self._house.blobs is None:
            return made.missing()
        try:
            content = await asyncio.to_thread(self._house.blobs.read, found.digest)
        except FileNotFoundError:
            return made.missing()
        return download(content, found.name)


def routes(house: House) -> list[Route]:
    """Their addresses."""
    pages = OwnedPages(house)
    return [
        Route(PATH, pages.listing),
        Route(f"{PATH}/{{id}}", pages.one),
        Route(f"{PATH}/{{id}}/d/{{number}}", pages.document),
    ]


def today(made: Frame) -> date:
    """The day where we are."""
    return made.now.astimezone(ZoneInfo(made.house.site.zone)).date()


def covers(made: Frame, asset: Asset) -> tuple[tuple[str, str], ...]:
    """How its terms stand, as a key and a day."""
    found = ((term, asset.cover(term, today(made)), asset.until(term)) for term in TERMS)
    return tuple((f"{term}.{how}", dates.day_of(day, made.language)) for term, how, day in found if day is not None)


def _page(unit: Unit, made: Frame, typed: str, which: str, after: int) -> tuple[dict[str, Any], AssetId | None]:
    exact = assets.coded(unit, [code(typed)]).get(code(typed)) if code(typed) else None
    if exact is not None and assets_found.one(unit, made.scope, exact.id) is not None:
        return {}, exact.id
    day = today(made)
    ending = (day, day + timedelta(days=ENDING[which])) if which in ENDING else None
    sought = Sought(words=typed, ending=ending, retired=None if typed else which == "retired")
    found = assets_found.listing(unit, made.scope, sought, after, PAGE + 1)
    query = {name: value for name, value in (("q", typed), ("list", which)) if value}
    on = {**query, "after": found[PAGE - 1].asset.id} if len(found) > PAGE else None
    return {
        "found": [Line(one, covers(made, one.asset)) for one in found[:PAGE]],
        "typed": typed,
        "which": which,
        "lists": LISTS,
        "next_page": f"{PATH}?{urlencode(on)}" if on else "",
        "first_page": f"{PATH}?{urlencode(query)}" if after else "",
    }, None


def _one(unit: Unit, made: Frame, id: AssetId) -> dict[str, Any] | None:
    shown = assets_shown.whole(unit, made.scope, id)
    if shown is None:
        return None
    asset = shown.asset
    return {
        "it": shown,
        "about": asset.about,
        "covers": {term: asset.cover(term, today(made)) for term in TERMS},
        "until": {term: _day(asset.until(term), made) for term in TERMS},
        "bought": _day(asset.about.bought_on, made),
        "changes": [_told(one, people.roster(unit), made) for one in shown.changes],
        "warned": [(one.term, dates.day_of(one.until, made.language), at) for one, at in shown.warnings],
    }


def _day(day: date | None, made: Frame) -> str:
    return "" if day is None else dates.day_of(day, made.language)


def _told(changed: Any, roster: Roster, made: Frame) -> dict[str, Any]:
    """One change, its days in the calendar of the reader."""
    who = roster.called(changed.agent) if changed.agent is not None else ""
    what = [(field, _value(old, made), _value(new, made)) for field, old, new in changed.what]
    return {"at": changed.at, "who": who, "via": changed.via, "what": what}


def _value(told: str, made: Frame) -> str:
    try:
        return dates.day_of(date.fromisoformat(told), made.language) if len(told) == len("2026-11-26") else told
    except ValueError:
        return told
