"""A scanner opens every link of every letter, and whatever they lead to, and nothing changes: every row of every table is what it was."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
import sqlalchemy as sa

from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Visitor, hidden
from tests.web.fuzzing import routes
from tests.web.portals import LENA, asked, link_of
from tests.web.sites import Site
from tests.web.wholes import HERE, Whole, agents_links, whole_of, with_letters

_LED = re.compile(r'(?:(?:href|src|action)="|<loc>)([^"<]+)')
_LINK = re.compile(rf"{re.escape(HERE)}[^\s\"'<>\\)\]]+")
BROWSER = {"sec_fetch_mode": "navigate", "sec_fetch_site": "none", "sec_fetch_dest": "document"}
"""As those scanners send it that are browsers without a window."""
COUNTERS = {
    "article_count": "a browser says that somebody looks at an article, and nobody can tell whether anybody sits before it",
    "article_missed": "the same of a search that finds nothing: its words, and how often",
}
"""Tables that such a scanner may change, and why."""


@pytest.fixture
def place(site: Site, tmp_path: Path) -> Whole:
    return whole_of(site, tmp_path)


def everything(place: Whole) -> dict[str, list[str]]:
    """Every row of every table, those of the index of words too."""

    def read(unit: Unit) -> dict[str, list[str]]:
        tables = unit.execute(sa.text("select name from sqlite_master where type = 'table'")).scalars().all()
        return {name: sorted(map(str, unit.execute(sa.text(f'select * from "{name}"')))) for name in tables}

    return place.site.store.read_now(read)


def changed(place: Whole, before: dict[str, list[str]]) -> set[str]:
    """The tables in which anything is another than it was."""
    after = everything(place)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def sent(place: Whole) -> list[str]:
    """Every link of every letter."""
    part = sa.and_(t.delivery.c.message_id == t.delivery_body.c.message_id, t.delivery.c.part == t.delivery_body.c.part)
    query = sa.select(t.delivery_body.c.body).join_from(t.delivery, t.delivery_body, part)
    bodies = place.site.store.read_now(lambda unit: list(unit.execute(query).scalars()))
    return sorted({place.path(unescape(link)) for body in bodies for link in _LINK.findall(body.decode())})


def known(place: Whole, app: object, reference: str) -> Iterator[str]:
    """Every address of the pages for customers, whether a page leads there or not."""
    id = str(place.told(t.attachment.c.id)[0])
    holes = {"reference": reference, "id": id, "language": "en", "slug": "refunds", "name": "plan.png", "token": "x"}
    for method, pattern in routes(app):
        if method == "GET" and pattern.startswith(("/portal", "/help", "/sitemap")):
            yield re.sub(r"\{(\w+)\}", lambda hole: holes[hole[1]], pattern)
    yield from ("/help?q=refunds&lang=en", "/help?q=never+written&lang=en", "/help?folder=billing", "/portal?older=9")


async def crawled(visitor: Visitor, begun: list[str], **headers: str) -> set[str]:
    """Asks for every link with HEAD and with GET, and follows what the answers lead to."""
    waiting, seen = list(begun), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or len(seen) > 600:
            continue
        seen.add(path)
        for method in ("HEAD", "GET"):
            answer = await visitor.ask(method, path, headers)
            assert answer.status < 500, path
        led = [answer.headers["location"]] if "location" in answer.headers else []
        kind = answer.headers.get("content-type", "")
        if "html" in kind or "xml" in kind:
            led += map(unescape, _LED.findall(answer.text))
        for one in led:
            parts = urlsplit(urljoin(HERE + path, one))
            if f"{parts.scheme}://{parts.netloc}" == HERE:
                waiting.append(quote(parts.path, safe="/%") + (f"?{parts.query}" if parts.query else ""))
    return seen


@pytest.mark.parametrize("who", ["stranger", "customer"])
async def test_a_scanner_that_gets_every_link_changes_nothing(place: Whole, who: str) -> None:
    reference = await with_letters(place)
    visitor = await place.came_in(LENA) if who == "customer" else place.visitor()
    begun = [*sent(place), *agents_links(place), *known(place, visitor.app, reference)]
    for kind in ("/portal/m/", "/portal/r/csat-", "/portal/r/nps-", "/portal/enter/", "/c/"):
        assert any(one.startswith(kind) for one in begun), f"no letter leads to {kind}"
    before = everything(place)
    assert len(await crawled(visitor, begun)) > 60
    await crawled(visitor, begun, sec_purpose="prefetch", **BROWSER)
    assert changed(place, before) == set()
    await crawled(visitor, begun, **BROWSER)
    assert changed(place, before) == set(COUNTERS)


async def test_what_a_scanner_has_looked_at_is_as_good_as_before(place: Whole) -> None:
    reference = await with_letters(place)
    await asked(place.visitor(), LENA)
    await crawled(place.visitor(), sent(place), **BROWSER)
    visitor, link = place.visitor(), link_of(place.letters(LENA)[-1])
    form = {"form_token": hidden(await visitor.get(link), "form_token")}
    assert (await visitor.post(link, form, sec_fetch_site="same-origin")).status == 303
    assert (await visitor.get(f"/portal/c/{reference}")).status == 200
    survey = next(one for one in sent(place) if one.startswith("/portal/r/csat-"))
    form = {"form_token": hidden(await visitor.get(survey), "form_token"), "score": "5"}
    assert (await visitor.post(survey, form, sec_fetch_site="same-origin")).status == 303
    assert place.told(t.survey.c.score, t.survey.c.kind == "csat") == [5]


async def test_nothing_that_changes_anything_answers_to_a_look(place: Whole) -> None:
    """Every address that takes a form is asked for with GET and HEAD by whoever came in: they stay signed in, and the matter open."""
    reference = await with_letters(place)
    visitor = await place.came_in(LENA)
    before = everything(place)
    posts = [pattern for method, pattern in routes(visitor.app) if method == "POST" and pattern.startswith("/portal")]
    assert "/portal/leave" in posts
    for pattern in posts:
        path = pattern.replace("{reference}", reference).replace("{token}", "x")
        for method in ("GET", "HEAD"):
            await visitor.ask(method, f"{path}?score=1&language=fa&text=x", {})
    assert changed(place, before) == set()
    assert (await visitor.get(f"/portal/c/{reference}")).status == 200
