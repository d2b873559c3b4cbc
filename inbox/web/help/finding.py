"""The first page of help: folders, what is read most, and searches; and the same for machines as a feed and a map of the site."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.articles import STRANGER, Reader
from inbox.domain.problems import Problem
from inbox.knowledge.addresses import HELP, is_folder, page
from inbox.knowledge.markup import markup
from inbox.store import articles_counted, articles_found, articles_read
from inbox.store.articles_read import Entry
from inbox.store.unit import Unit
from inbox.text.excerpts import excerpt
from inbox.web.frame import RTL, House
from inbox.web.help.reading import looked_at, reader
from inbox.web.knowledge.shown import called, shelves
from inbox.web.portal.visit import Visit, visit

LONGEST = 200
FOUND = 20
IN_A_FOLDER = 5
"""Articles that the first page shows of each folder."""
POPULAR = 6
COUNTED = timedelta(days=30)
FED = 30
MAPPED = 50_000
"""Addresses of one map (sitemaps.org)."""
TOLD = 220
"""Characters of an article that a search shows."""
_MACHINES = {"cache-control": "public, max-age=600", "vary": "accept-language, cookie"}
"""Whoever keeps an answer for others: the language of one that does not name it is the reader's."""


class Finding:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/help?q=&folder=`."""
        made = await visit(self._house, request)
        typed = request.query_params.get("q", "")[:LONGEST].strip()
        folder = request.query_params.get("folder", "")
        if typed:
            return await self._search(made, typed)
        if not is_folder(folder):
            return made.missing()
        facts = await self._house.store.read(_shelf, reader(made), made, folder)
        if folder and not facts["groups"]:
            return made.missing()
        return made.page("help", **facts, typed="", hits=(), address=page, directions=_directions)

    async def _search(self, made: Visit, typed: str) -> Response:
        hits = await self._house.store.read(articles_found.search, reader(made), typed, made.language, FOUND)
        shown = [(articles_read.entry_of(hit), excerpt(markup().plain(hit.words.body), TOLD)) for hit in hits]
        if looked_at(made.request):
            await self._count(made, typed, hits)
        facts: dict[str, Any] = {"groups": (), "popular": (), "folder": "", "way": (), "shelves": ()}
        return made.page("help", **facts, typed=typed, hits=shown, address=page, directions=_directions)

    async def _count(self, made: Visit, typed: str, hits: list[articles_found.Hit]) -> None:
        ids = [hit.article.id for hit in hits[:IN_A_FOLDER]]
        with suppress(Problem):  # one can look although nothing can be written
            if ids:
                await self._house.store.write(articles_counted.counted, ids, "shown", made.book.day(made.now))
            else:
                await self._house.store.write(articles_counted.missed, typed, made.language, made.now)

    async def feed(self, request: Request) -> Response:
        """GET `/help/feed.xml?lang=`: what was published last in a language, for everybody (Atom, RFC 4287)."""
        made = await visit(self._house, request)
        found = await self._house.store.read(
            articles_read.entries, STRANGER, language=made.language, newest=True, most=FED
        )
        lines = _feed(made, self._site(request), found)
        return Response("".join(lines), media_type="application/atom+xml; charset=utf-8", headers=_MACHINES)

    async def sitemap(self, request: Request) -> Response:
        """GET `/sitemap.xml`: every article that everybody may read, with its other languages."""
        await visit(self._house, request)
        found = await self._house.store.read(articles_read.entries, STRANGER, most=MAPPED)
        lines = _map(self._site(request), found)
        return Response("".join(lines), media_type="application/xml; charset=utf-8", headers=_MACHINES)

    def _site(self, request: Request) -> str:
        return self._house.site.public_url or str(request.base_url).rstrip("/")


def _directions(language: str) -> str:
    return "rtl" if language in RTL else "ltr"


def _shelf(unit: Unit, who: Reader, made: Visit, folder: str) -> dict[str, Any]:
    """The folders with their articles: all, or one and those below it."""
    every = shelves(unit, who, made.language)
    inside = [one for one in every if not folder or one.path == folder or one.path.startswith(f"{folder}/")]
    loose = articles_read.one_each(articles_read.entries(unit, who, folder=""), made.language) if not folder else []
    groups = [("", "", loose)] if loose else []
    for one in inside:
        found = articles_read.one_each(articles_read.entries(unit, who, folder=one.path), made.language)
        if found:
            groups.append((one.path, one.title, found))
    most = articles_counted.popular(unit, who, made.book.day(made.now) - COUNTED, POPULAR) if not folder else []
    return {
        "groups": groups,
        "popular": articles_read.of(unit, who, most, made.language),
        "folder": folder,
        "way": called(unit, folder, made.language),
        "shelves": every,
        "at_once": IN_A_FOLDER,
    }


# -- for machines ------------------------------------------------------------------------------------------------------
def _feed(made: Visit, site: str, found: list[Entry]) -> Iterator[str]:
    language, home = made.language, f"{site}{HELP}"
    at = max((one.published_at for one in found), default=made.now)
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
    yield f"<title>{escape(made.say('help.feed', brand=made.portal.brand.name))}</title>\n"
    yield f"<id>{escape(f'{home}/feed.xml?lang={language}')}</id>\n<updated>{at.isoformat()}</updated>\n"
    yield f'<link rel="self" href={quoteattr(f"{home}/feed.xml?lang={language}")}/>\n<link href={quoteattr(home)}/>\n'
    yield f"<author><name>{escape(made.portal.brand.name)}</name></author>\n"
    for one in found:
        url = f"{site}{page(one.language, one.slug)}"
        yield f"<entry>\n<title>{escape(one.title)}</title>\n<id>{escape(url)}</id>\n<link href={quoteattr(url)}/>\n"
        yield f"<updated>{one.published_at.isoformat()}</updated>\n</entry>\n"
    yield "</feed>\n"


def _map(site: str, found: Iterable[Entry]) -> Iterator[str]:
    several: dict[str, list[Entry]] = {}
    for one in found:
        several.setdefault(one.slug, []).append(one)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    yield ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    yield f"<url><loc>{escape(f'{site}{HELP}')}</loc></url>\n"
    for slug, texts in several.items():
        urls = {one.language: f"{site}{page(one.language, slug)}" for one in texts}
        for one in texts:
            yield f"<url><loc>{escape(urls[one.language])}</loc><lastmod>{one.published_at:%Y-%m-%d}</lastmod>"
            for language, url in urls.items():
                yield f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(url)}/>'
            yield "</url>\n"
    yield "</urlset>\n"
