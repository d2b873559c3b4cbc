"""The list of articles: by folder, narrowed by how they stand, or found by their words; and what a folder is called."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.articles import AGENT, LANGUAGES, Article, Folder, Standing
from inbox.domain.problems import Problem
from inbox.knowledge.addresses import is_folder
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles_fresh import waiting
from inbox.store import articles, articles_enclosed, articles_found
from inbox.store.articles import Asked
from inbox.store.unit import Unit
from inbox.text.fold import fold, words
from inbox.web.forms import posted
from inbox.web.frame import Frame, House
from inbox.web.knowledge.shown import PATH, called, editor, opened, shelves, today

PAGE = 50
LONGEST = 200
UNSEEN = 500
"""Texts that nobody has published yet, whose titles are looked through."""


class Listing:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/articles?folder=&state=&q=&after=`: `state` is a standing, `overdue`, or `no-fa` and the like."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        asked = request.query_params
        folder, typed = asked.get("folder", ""), asked.get("q", "")[:LONGEST].strip()
        state = asked.get("state", "")
        if not is_folder(folder) or state not in ("", *_states()):
            return made.missing()
        facts = await self._house.store.read(_page, made, folder, state, typed, asked.get("after", ""))
        return made.page("articles", **facts)

    async def put(self, request: Request) -> Response:
        """POST `/articles/folders`: what a folder is called, and where it stands."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form = await posted(made)
        path = form.get("path")
        titles = {code: form.get(f"title_{code}") for code in LANGUAGES}
        typed = form.get("position").strip()
        position = int(typed) if typed.lstrip("-").isascii() and typed.lstrip("-").isdigit() and len(typed) < 6 else 0
        back = f"{PATH}?{urlencode({'folder': path})}"
        try:
            await self._house.store.write(verbs.set_folder, editor(made), path, titles, position, made.now)
        except Problem as problem:
            return made.back(PATH, self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(back, made.say("web.articles.folder_kept"))


def routes(house: House) -> list[Route]:
    """Its addresses."""
    page = Listing(house)
    return [Route(PATH, page.show), Route(f"{PATH}/folders", page.put, methods=["POST"])]


def _states() -> tuple[str, ...]:
    return (*(one.value for one in Standing), "overdue", *(f"no-{code}" for code in LANGUAGES))


def _asked(made: Frame, folder: str, state: str) -> Asked:
    if state.startswith("no-"):
        return Asked(folder, lacking=state.removeprefix("no-"))
    if state == "overdue":
        return Asked(folder, overdue=today(made))
    return Asked(folder, Standing(state) if state else None)


def _page(unit: Unit, made: Frame, folder: str, state: str, typed: str, after: str) -> dict[str, Any]:
    asked = _asked(made, folder, state)
    found = _sought(unit, made, asked, typed) if typed else articles.listing(unit, asked, after, PAGE + 1)
    more = not typed and len(found) > PAGE
    shown = found[:PAGE]
    query = {name: value for name, value in (("folder", folder), ("state", state)) if value}
    return {
        "found": shown,
        "overdue": {one.id for one in shown if one.overdue(today(made))},
        "next_page": f"{PATH}?{urlencode({**query, 'after': shown[-1].slug})}" if more else "",
        "first_page": f"{PATH}?{urlencode(query)}" if after else "",
        "filters": [
            (one, f"{PATH}?{_query(folder, one)}", _count(unit, made, folder, one)) for one in ("", *_states())
        ],
        "folder": folder,
        "folder_known": next((one for one in articles_enclosed.folders(unit) if one.path == folder), Folder(folder)),
        "way": called(unit, folder, made.language),
        "shelves": shelves(unit, AGENT, made.language),
        "state": state,
        "typed": typed,
        "languages": LANGUAGES,
        "waiting": sum(waiting(unit, today(made), made.now).values()),
    }


def _query(folder: str, state: str) -> str:
    return urlencode({name: value for name, value in (("folder", folder), ("state", state)) if value})


def _count(unit: Unit, made: Frame, folder: str, state: str) -> int:
    return articles.count(unit, _asked(made, folder, state))


def _sought(unit: Unit, made: Frame, asked: Asked, typed: str) -> list[Article]:
    """What is published by its words, and what is not by its titles."""
    hits = [hit.article for hit in articles_found.search(unit, AGENT, typed, made.language, PAGE, folder=asked.folder)]
    wanted, known = words(typed), {one.id for one in hits}
    for standing in (Standing.DRAFT, Standing.REVIEW):
        for one in articles.listing(unit, Asked(asked.folder, standing), most=UNSEEN):
            title = fold(" ".join(text.title for text in one.texts))
            if one.id not in known and all(word in title for word in wanted):
                hits.append(one)
                known.add(one.id)
    return hits
