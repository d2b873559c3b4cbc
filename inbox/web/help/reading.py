"""One article for a customer: its text, its files, what else may help, and whether it did."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.articles import Reader
from inbox.domain.conversations import State
from inbox.domain.ids import ArticleId
from inbox.domain.problems import Problem
from inbox.knowledge.addresses import HELP, is_slug, page
from inbox.knowledge.markup import Places, Rendered, file_url, markup
from inbox.pipeline import one_matter
from inbox.pipeline.articles_solved import solved
from inbox.pipeline.one_matter import FOR
from inbox.pipeline.one_matter import PATH as ALONE
from inbox.store import articles_counted, articles_found, articles_parts, articles_read
from inbox.store.articles_read import Seen
from inbox.store.unit import Unit
from inbox.text.networks import network
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.counts import counts
from inbox.web.door import host
from inbox.web.frame import NAMES, RTL, House
from inbox.web.guard import from_here
from inbox.web.kept import download, look
from inbox.web.numbers import number
from inbox.web.portal.visit import Visit, visit

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
READ, MOST_READ, READ_LASTS = "inbox_read", 10, 3600
"""A cookie with the addresses of the articles that a browser has read last, and for how many seconds it stays: what was not enough for
whoever writes to us then."""


class Reading:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._paces = Paces(counts(house.store, house.clock, "help"), FROM_A_NETWORK, FROM_A_NETWORK_IN_ALL, A_DAY)

    async def show(self, request: Request) -> Response:
        """GET `/help/{language}/{slug}`: in a language in which it is not written, the way to one in which it is."""
        made, found = await self._found(request)
        if found is None:
            return made.missing()
        language, slug = request.path_params["language"], found.article.slug
        if language not in found.words or slug != request.path_params["slug"]:
            spoken = language if language in found.words else _best(found, made)
            moved = 308 if spoken == language else 302
            query = f"?{FOR}={quote(seal, safe='')}" if (seal := request.query_params.get(FOR)) else ""
            return RedirectResponse(f"{page(spoken, slug)}{query}", moved)
        person = looked_at(request)
        if person:
            await self._count(made, found, "opened")
        facts = await self._house.store.read(_around, reader(made), found, language)
        shown = await asyncio.to_thread(_rendered, made, found, language, facts["there"])
        about = {**_about(made, found, language), "offered_for": await self._offered_for(made, found.article.id)}
        answer = made.page("help_article", **facts, **about, shown=shown, contents=CONTENTS)
        if person:
            slugs = [*(one for one in read(request) if one != found.article.slug), found.article.slug]
            self._house.cookies.pass_on(answer, READ, quote(" ".join(slugs[-MOST_READ:])), READ_LASTS)
        return answer

    async def helped(self, request: Request) -> Response:
        """POST `/help/{language}/{slug}`: whether it helped; a browser says so once about each article, and a network so often a
        day. Whoever says more is thanked all the same."""
        made, found = await self._found(request)
        if not from_here(request, self._house.site.public_url):
            raise HTTPException(403)
        form = await session.form(request)
        said = form.get("helped")
        language = request.path_params["language"]
        if found is None or language not in found.words or said not in ("yes", "no", "solved"):
            return made.missing()
        if said == "solved":
            return await self._solved(made, found, form.get(FOR, "")[:200])
        before = voted(request)
        if found.article.id not in before and not await self._too_often(made, found):
            await self._count(made, found, "helpful" if said == "yes" else "unhelpful")
        back = page(language, found.article.slug)
        answer = made.back(f"{back}#helped", made.say(f"help.thanks_{said}"))
        kept = [*[one for one in before if one != found.article.id], found.article.id][-MOST_VOTED:]
        self._house.cookies.keep(answer, VOTED, ".".join(map(str, kept)))
        return answer

    async def _solved(self, made: Visit, found: Seen, seal: str) -> Response:
        """It was offered in an answer of ours, and whoever asked says that it is the answer."""
        matter = await self._house.store.read(one_matter.named, seal, made.book, made.now)
        if matter is None:
            return made.missing()
        closed = await self._house.store.write(solved, matter.id, found.article.id, made.book, made.now)
        return made.back(f"{ALONE}/{seal}", made.say("help.solved") if closed else "")

    async def _offered_for(self, made: Visit, article: ArticleId) -> tuple[str, str] | None:
        """The conversation to which an article was offered, by its reference, and what seals that; None for anybody else, for an article
        that was not, and once it is done."""
        seal = made.request.query_params.get(FOR, "")[:200]
        matter = await self._house.store.read(one_matter.named, seal, made.book, made.now) if seal else None
        if matter is None or matter.state in (State.DONE, State.SPAM):
            return None
        parts = await self._house.store.read(articles_parts.parts, matter.id)
        return (matter.reference, seal) if "offered" in parts.get(article, ()) else None

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
            await self._house.store.write(articles_counted.counted, [found.article.id], kind, made.book.day(made.now))


def looked_at(request: Request) -> bool:
    """Whether a person looks, as far as a browser says: what looks through links does not say that it navigates, and what a browser
    fetches before anybody asked for it has a purpose."""
    wanted = request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"
    return wanted and not {"sec-purpose", "purpose"} & set(request.headers)


def reader(made: Visit) -> Reader:
    """Who reads: nobody whom we know, or a customer with the organization that they belong to."""
    return Reader() if made.customer is None else Reader(organization=made.customer.contact.organization)


def voted(request: Request) -> list[int]:
    """What a browser brings; anything else is nothing."""
    told = request.cookies.get(VOTED, "")[:1000].split(".")
    return [found for one in told if (found := number(one)) is not None]


def read(request: Request) -> list[str]:
    """The addresses of articles that a browser has read last; it may say anything."""
    return read_by(request.cookies)


def read_by(cookies: Mapping[str, str]) -> list[str]:
    """The same of a browser's cookies."""
    told = unquote(cookies.get(READ, "")[:6000]).split()
    return [one for one in told if is_slug(one)][-MOST_READ:]


def _best(found: Seen, made: Visit) -> str:
    return made.language if made.language in found.words else found.languages[0]


def _around(unit: Unit, who: Reader, found: Seen, language: str) -> dict[str, Any]:
    """What the text leads to, and what else may help."""
    words = found.words[language]
    wanted = markup().mentioned(words.body).articles
    asked = " ".join([words.title, *words.keywords])
    hits = articles_found.search(unit, who, asked, language, RELATED + 1, match="any")
    best = max((hit.score for hit in hits), default=0.0)
    alike = [
        articles_read.entry_of(hit) for hit in hits if hit.article.id != found.article.id and hit.score >= ALIKE * best
    ]
    if not alike:
        folder = articles_read.entries(unit, who, folder=found.article.about.folder, most=RELATED * 3)
        alike = [one for one in articles_read.one_each(folder, language) if one.id != found.article.id]
    return {"there": articles_read.places(unit, who, wanted), "related": alike[:RELATED]}


def _about(made: Visit, found: Seen, language: str) -> dict[str, Any]:
    slug = found.article.slug
    site = made.house.site.public_url or str(made.request.base_url).rstrip("/")
    return {
        "article": found.article,
        "words": found.words[language],
        "spoken": language,
        "way": "rtl" if language in RTL else "ltr",
        "at": page(language, slug),
        "files": found.files,
        "files_at": f"{FILES}/{quote(slug, safe='')}",
        "updated": found.published_at(language),
        "canonical": f"{site}{page(language, slug)}",
        "alternates": [(code, f"{site}{page(code, slug)}") for code in found.languages],
        "others": [
            (code, NAMES.get(code, code), f"{page(code, slug)}?lang={code}")
            for code in found.languages
            if code != language
        ],
        "address": page,
        "voted": found.article.id in voted(made.request),
    }


def _rendered(made: Visit, found: Seen, language: str, there: dict[str, tuple[str, tuple[str, ...]]]) -> Rendered:
    names, say = {file.name for file in found.files}, made.house.wording.say

    def leads(slug: str) -> str | None:
        if slug not in there:
            return None
        now, languages = there[slug]
        return page(language if language in languages else languages[0], now)

    at = f"{FILES}/{quote(found.article.slug, safe='')}"
    labels = {kind: say(language, f"kb.label.{kind}") for kind in ("note", "warning")}
    return markup().html(
        found.words[language].body, Places(leads, lambda name: file_url(at, name) if name in names else None, labels)
    )
