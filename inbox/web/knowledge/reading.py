"""One article: read as its readers read it, with its languages side by side, its history, and its files."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.domain.articles import AGENT, LANGUAGES, Article, File, Version
from inbox.domain.ids import AgentId
from inbox.domain.problems import Problem
from inbox.knowledge.differences import differences
from inbox.store import article_notices, articles, articles_counted, articles_enclosed, notifications, people
from inbox.store.unit import Unit
from inbox.web.frame import RTL, Frame, House
from inbox.web.kept import download, look
from inbox.web.knowledge.editing import choices, filled
from inbox.web.knowledge.shown import PATH, WAS, beside_version, called, opened, rendered, shelves, today
from inbox.web.numbers import number

COUNTED = timedelta(days=30)


class Reading:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/articles/{slug}?language=&version=`: the newest version of a language, or an older one."""
        made, found = await self._known(request)
        if isinstance(found, Response):
            return found
        text = found.text(request.query_params.get("language", "")) or found.best(made.language)
        wanted = number(request.query_params.get("version")) or text.latest
        version = await self._house.store.read(articles.version, found.id, text.language, wanted)
        if version is None:
            return made.missing()
        made = await self._seen(made, found)
        facts = await self._house.store.read(_about, made, found)
        shown = await self._rendered(made, found, version)
        if wanted != text.latest:
            facts["files"] = await self._house.store.read(articles_enclosed.as_of, found.id, version)
        return made.page("article", **facts, text=text, version=version, shown=shown, was=wanted != text.latest)

    async def side_by_side(self, request: Request) -> Response:
        """GET `/articles/{slug}/beside`: the newest version of each language."""
        made, found = await self._known(request)
        if isinstance(found, Response):
            return found
        versions = [
            await self._house.store.read(articles.version, found.id, one.language, one.latest) for one in found.texts
        ]
        shown = [(one, await self._rendered(made, found, one), _way(one.language)) for one in versions if one]
        facts = await self._house.store.read(_about, made, found)
        lacking = [code for code in LANGUAGES if found.text(code) is None]
        return made.page("article_beside", **facts, sides=shown, lacking=lacking)

    async def history(self, request: Request) -> Response:
        """GET `/articles/{slug}/history?language=&from=&to=`: its versions, and what differs between two of them."""
        made, found = await self._known(request)
        if isinstance(found, Response):
            return found
        asked = request.query_params
        text = found.text(asked.get("language", "")) or found.best(made.language)
        to = number(asked.get("to")) or text.latest
        since = number(asked.get("from")) or max(to - 1, 0)
        facts = await self._house.store.read(_past, made, found, text.language, since, to)
        if facts is None:
            return made.missing()
        lines = await asyncio.to_thread(differences, facts["before"], facts["after"])
        return made.page("article_history", **facts, text=text, lines=lines, since=since, to=to)

    async def file(self, request: Request) -> Response:
        """GET `/articles/{slug}/files/{name}?was=`: a picture to be looked at, anything else to be kept; as it was in an older
        version, if asked so."""
        made, found = await self._known(request)
        if isinstance(found, Response):
            return found
        name, was = request.path_params["name"], request.query_params.get("was", "")[:WAS]
        file = await self._house.store.read(articles_enclosed.ever, found.id, name, was) if was else None
        if not was:
            files = await self._house.store.read(articles_enclosed.files, found.id)
            file = next((one for one in files if one.name == name), None)
        answer = None if file is None else await served(self._house, file)
        return made.missing() if answer is None else answer

    async def _known(self, request: Request) -> tuple[Frame, Article | Response]:
        """The article of the address; one that it had leads to the one that it has."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return made, shut
        slug = request.path_params["slug"]
        found = await self._house.store.read(articles.find, slug)
        if found is None or not found.texts:
            return made, made.missing()
        if found.slug != slug:
            return made, RedirectResponse(f"{PATH}/{quote(found.slug, safe='')}", 308)
        return made, found

    async def _seen(self, made: Frame, found: Article) -> Frame:
        """Whoever looks at an article has read what they were told of it; the number at the head is the one after that."""
        who = made.visitor.agent if made.visitor is not None else None
        if who is None or made.request.method != "GET" or not made.unread:
            return made
        with suppress(Problem):  # an article can be read although nothing can be written
            await self._house.store.write(article_notices.read, who, made.now, None, found.id)
        return replace(made, unread=await self._house.store.read(notifications.unread, made.scope))

    async def _rendered(self, made: Frame, found: Article, version: Version) -> Any:
        known = await self._house.store.read(beside_version, found, version)
        return await asyncio.to_thread(rendered, made, found.slug, version.language, version.words, known)


async def served(house: House, file: File) -> Response | None:
    """The answer with the bytes of a file: what they are says themselves. None where they are lost."""
    if house.blobs is None:
        return None
    try:
        content = await asyncio.to_thread(house.blobs.read, file.digest)
    except FileNotFoundError:
        return None
    return look(content) or download(content, file.name)


def routes(house: House) -> list[Route]:
    """Its addresses."""
    page = Reading(house)
    return [
        Route(f"{PATH}/{{slug}}", page.show),
        Route(f"{PATH}/{{slug}}/beside", page.side_by_side),
        Route(f"{PATH}/{{slug}}/history", page.history),
        Route(f"{PATH}/{{slug}}/files/{{name}}", page.file),
    ]


def _way(language: str) -> str:
    return "rtl" if language in RTL else "ltr"


def _about(unit: Unit, made: Frame, found: Article) -> dict[str, Any]:
    """What stands beside an article."""
    day = today(made)
    counts = articles_counted.counts(unit, [found.id], day - COUNTED)
    owner = people.roster(unit).agent(found.about.owner)
    return {
        **choices(unit),
        "typed": filled(made, found.about),
        "article": found,
        "at": f"{PATH}/{quote(found.slug, safe='')}",
        "way": called(unit, found.about.folder, made.language),
        "shelves": shelves(unit, AGENT, made.language),
        "folder": found.about.folder,
        "files": articles_enclosed.files(unit, found.id),
        "counts": counts.get(found.id, {}),
        "owner": owner.called if owner is not None else found.about.owner,
        "overdue": found.overdue(day),
        "public": made.house.playbook is not None and made.house.playbook().portal is not None,
        "languages": LANGUAGES,
        "directions": {code: _way(code) for code in LANGUAGES},
    }


def _past(unit: Unit, made: Frame, found: Article, language: str, since: int, to: int) -> dict[str, Any] | None:
    after = articles.version(unit, found.id, language, to)
    before = articles.version(unit, found.id, language, since) if since else None
    if after is None or (since and before is None):
        return None
    roster = people.roster(unit)

    def called_by(id: AgentId | None) -> str:
        return "" if id is None else roster.called(id)

    versions = articles.versions(unit, found.id, language)
    deeds = [one for one in articles.happened(unit, found.id) if one.language == language]
    return {
        **_about(unit, made, found),
        "versions": [
            (one, called_by(one.by), [(deed, called_by(deed.by)) for deed in deeds if deed.number == one.number])
            for one in versions
        ],
        "before": _whole(before),
        "after": _whole(after),
    }


def _whole(version: Version | None) -> str:
    """All that a version says, as its writer put it."""
    if version is None:
        return ""
    words = version.words
    return "\n".join([words.title, *([", ".join(words.keywords)] if words.keywords else []), "", words.body])
