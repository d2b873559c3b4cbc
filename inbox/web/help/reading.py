"""One article for a customer: its text, its files, what else may help, and whether it did."""

import asyncio
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.articles import Reader
from inbox.domain.ids import ArticleId
from inbox.domain.problems import Problem
from inbox.knowledge.markup import Places, Rendered, file_url, markup
from inbox.store import articles_counted, articles_found, articles_read
from inbox.store.articles_read import Entry, Seen
from inbox.store.unit import Unit
from inbox.text.networks import network
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.door import host
from inbox.web.frame import NAMES, RTL, House
from inbox.web.guard import from_here
from inbox.web.kept import download, look
from inbox.web.numbers import number
from inbox.web.portal.visit import Visit, visit

HELP = "/help"
FILES = f"{HELP}/files"
RELATED = 4
ALIKE = 0.3
"""How well an article has to answer to another's title, beside that one itself, to be like it; where none does, its neighbours are shown."""
CONTENTS = 3
"""Headings from which on a text has a list of them."""
VOTED = "inbox_helped"
"""A cookie with the numbers of the articles about which a browser has said whether they helped."""
MOST_VOTED = 50
A_DAY = 24 * 60
FROM_A_NETWORK, FROM_A_NETWORK_IN_ALL = 5, 60
"""So many answers about one article, and about all, are counted from one network in a day: behind it may be a whole office, or one
who keeps no cookies."""


class Reading:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._paces = Paces(FROM_A_NETWORK, FROM_A_NETWORK_IN_ALL, A_DAY)

    async def show(self, request: Request) -> Response:
        """GET `/help/{language}/{slug}`: in a language in which it is not written, the way to one in which it is."""
        made, found = await self._found(request)
        if found is None:
            return made.missing()
        language, slug = request.path_params["language"], found.article.slug
        if language not in found.words or slug != request.path_params["slug"]:
            spoken = language if language in found.words else _best(found, made)
            moved = 308 if spoken == language else 302
            return RedirectResponse(address(spoken, slug), moved)
        if (
            request.headers.get("sec-fetch-mode") == "navigate"
        ):  # a person's browser says so, what looks through links does not
            await self._count(made, found, "opened")
        facts = await self._house.store.read(_around, reader(made), found, language)
        shown = await asyncio.to_thread(_rendered, made, found, language, facts["there"])
        return made.page("help_article", **facts, **_about(made, found, language), shown=shown, contents=CONTENTS)

    async def helped(self, request: Request) -> Response:
        """POST `/help/{language}/{slug}`: whether it helped; a browser says so once about each article, and a network so often a
        day. Whoever says more is thanked all the same."""
        made, found = await self._found(request)
        if not from_here(request, self._house.site.public_url):
            raise HTTPException(403)
        said = (await session.form(request)).get("helped")
        language = request.path_params["language"]
        if found is None or language not in found.words or said not in ("yes", "no"):
            return made.missing()
        before = voted(request)
        if found.article.id not in before and not await self._too_often(made, found):
            await self._count(made, found, "helpful" if said == "yes" else "unhelpful")
        back = address(language, found.article.slug)
        answer = made.back(f"{back}#helped", made.say(f"help.thanks_{said}"))
        kept = [*[one for one in before if one != found.article.id], found.article.id][-MOST_VOTED:]
        self._house.cookies.keep(answer, VOTED, ".".join(map(str, kept)))
        return answer

    async def file(self, request: Request) -> Response:
        """GET `/help/files/{slug}/{name}`: a file of an article that they may read."""
        made, found = await self._found(request)
        name = request.path_params["name"]
        file = next((one for one in found.files if one.name == name), None) if found is not None else None
        if file is None or self._house.blobs is None:
            return made.missing()
        try:
            content = await asyncio.to_thread(self._house.blobs.read, file.digest)
        except FileNotFoundError:
            return made.missing()
        return look(content) or download(content, file.name)

    async def _found(self, request: Request) -> tuple[Visit, Seen | None]:
        made = await visit(self._house, request)
        slug = request.path_params["slug"]
        return made, await self._house.store.read(articles_read.find, reader(made), slug)

    async def _too_often(self, made: Visit, found: Seen) -> bool:
        address = host(made.request)
        return bool(await self._paces.tries(f"{found.article.id} {network(address)}", address, made.now))

    async def _count(self, made: Visit, found: Seen, kind: Any) -> None:
        with suppress(Problem):  # an article can be read although nothing can be written
            await self._house.store.write(articles_counted.counted, [found.article.id], kind, today(made))


def reader(made: Visit) -> Reader:
    """Who reads: nobody whom we know, or a customer with the organization that they belong to."""
    return Reader() if made.customer is None else Reader(organization=made.customer.contact.organization)


def address(language: str, slug: str) -> str:
    """Where an article is read in a language."""
    return f"{HELP}/{language}/{quote(slug, safe='')}"


def today(made: Visit) -> date:
    """The day where we are."""
    return made.now.astimezone(ZoneInfo(made.house.site.zone)).date()


def voted(request: Request) -> list[int]:
    """What a browser brings; anything else is nothing."""
    told = request.cookies.get(VOTED, "")[:1000].split(".")
    return [found for one in told if (found := number(one)) is not None]


def _best(found: Seen, made: Visit) -> str:
    return made.language if made.language in found.words else found.languages[0]


def _around(unit: Unit, who: Reader, found: Seen, language: str) -> dict[str, Any]:
    """What the text leads to, and what else may help."""
    words = found.words[language]
    wanted = markup().mentioned(words.body).articles
    asked = " ".join([words.title, *words.keywords])
    hits = articles_found.search(unit, who, asked, language, RELATED + 1, match="any")
    best = max((hit.score for hit in hits), default=0.0)
    alike = [_entry(hit) for hit in hits if hit.article.id != found.article.id and hit.score >= ALIKE * best]
    if not alike:
        folder = articles_read.entries(unit, who, folder=found.article.about.folder, most=RELATED * 3)
        alike = [one for one in articles_read.one_each(folder, language) if one.id != found.article.id]
    return {"there": articles_read.places(unit, who, wanted), "related": alike[:RELATED]}


def _entry(hit: articles_found.Hit) -> Entry:
    one = hit.article
    return Entry(ArticleId(one.id), one.about.folder, one.slug, hit.language, hit.words.title, one.changed_at)


def _about(made: Visit, found: Seen, language: str) -> dict[str, Any]:
    slug = found.article.slug
    site = made.house.site.public_url or str(made.request.base_url).rstrip("/")
    return {
        "article": found.article,
        "words": found.words[language],
        "spoken": language,
        "way": "rtl" if language in RTL else "ltr",
        "at": address(language, slug),
        "files": found.files,
        "files_at": f"{FILES}/{quote(slug, safe='')}",
        "updated": found.published_at(language),
        "canonical": f"{site}{address(language, slug)}",
        "alternates": [(code, f"{site}{address(code, slug)}") for code in found.languages],
        "others": [
            (code, NAMES.get(code, code), f"{address(code, slug)}?lang={code}")
            for code in found.languages
            if code != language
        ],
        "address": address,
        "voted": found.article.id in voted(made.request),
    }


def _rendered(made: Visit, found: Seen, language: str, there: dict[str, tuple[str, tuple[str, ...]]]) -> Rendered:
    names, say = {file.name for file in found.files}, made.house.wording.say

    def page(slug: str) -> str | None:
        if slug not in there:
            return None
        now, languages = there[slug]
        return address(language if language in languages else languages[0], now)

    at = f"{FILES}/{quote(found.article.slug, safe='')}"
    labels = {kind: say(language, f"kb.label.{kind}") for kind in ("note", "warning")}
    return markup().html(
        found.words[language].body, Places(page, lambda name: file_url(at, name) if name in names else None, labels)
    )
