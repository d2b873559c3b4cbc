"""Every page there is, of agents, of the owner and of customers, while all that others wrote is what an attacker would write: it is text."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from inbox.domain.acts import By
from inbox.pipeline import webhooks as hooks
from inbox.pipeline.reports import NAMES as REPORTS
from inbox.store import tables as t
from tests.web.acted import signed_in
from tests.web.asking import Answer, Visitor
from tests.web.fuzzing import routes
from tests.web.hostile import VECTORS, WHOLE, one_of_each, spread
from tests.web.portals import LENA
from tests.web.programs import granted
from tests.web.reader import Page
from tests.web.sites import NOW, OMID, SARA, Site
from tests.web.wholes import Whole, whole_of, with_letters

RUNS = frozenset(
    {"object", "embed", "base", "frame", "frameset", "applet", "math", "marquee", "video", "audio", "style", "image"}
)
"""Elements of the vectors that no page of ours has."""
LOADS = (
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "href",
    "xlink:href",
    "cite",
    "ping",
    "manifest",
)
NO_PAGE = ("/static", "/healthz", "/readyz", "/c/{reference}/m/{id}/html")
"""The last is the frame in which a mail is paper (test_framed.py)."""
OURS = re.compile(r"^(/|#|\?|$|mailto:|tel:|https://(help|desk)\.acme\.example)")
"""Where the addresses on our pages lead: nowhere else, of themselves."""


class Live(HTMLParser):
    """What of a page a browser would do something with."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.shown: list[str] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in RUNS or (tag == "script" and not known.get("src", "").startswith("/static/")):
            self.wrong.append(self.get_starttag_text() or tag)
        if tag == "iframe" and (
            not known.get("src", "").startswith("/") or "allow-scripts" in known.get("sandbox", "")
        ):
            self.wrong.append(self.get_starttag_text() or tag)
        for name, value in known.items():
            odd = (
                name.startswith("on") or name in ("srcdoc", "style", "xmlns") or not re.fullmatch(r"[a-z][\w:-]*", name)
            )
            link = (
                tag == "a"
                and name == "href"
                and value.startswith(("http://", "https://"))
                and "noopener" in known.get("rel", "")
            )
            outside = (
                name in LOADS
                and not OURS.match(value)
                and not link
                and not (tag == "meta" or value.startswith("data:image/"))
            )
            if (odd and not (tag == "svg" and name == "xmlns")) or outside:
                self.wrong.append(f"{tag} {name}={value[:200]}")

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


@pytest.fixture
async def hostile(site: Site, tmp_path: Path) -> tuple[Whole, str]:
    """A site with one of everything, all of which says all vectors; the reference of a matter with files, notes and surveys."""
    place = whole_of(site, tmp_path)
    site.store.write_now(
        lambda unit: unit.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(lead=True, admin=True))
    )
    reference = await with_letters(place)
    granted(site)
    site.store.write_now(hooks.add, "erp", "https://erp.example/", (), (), By("owner"), NOW)
    site.store.write_now(one_of_each, place.matter(reference))
    return place, reference


def addresses(application: Any, place: Whole, reference: str) -> list[str]:
    """Every page, with the numbers and names of what is there."""
    matter = place.matter(reference)
    numbers = {
        "/contacts/{id}": place.told(t.conversation.c.contact_id, t.conversation.c.id == matter),
        "/c/{reference}/a/{id}": place.told(t.attachment.c.id),
    }
    found = []
    for method, pattern in routes(application):
        if method != "GET" or pattern.startswith(NO_PAGE):
            continue
        pattern = pattern.replace("{reference}", reference).replace("{language}", "en").replace("{slug}", "refunds")
        prefix = next((one for one in numbers if pattern.startswith(one.replace("{reference}", reference))), "")
        ids = [str(one) for one in numbers.get(prefix, [1])]
        names = (
            [*REPORTS, "all"]
            if pattern.startswith("/reports/{name}")
            else ["sara", "orders", "page.html", "acknowledgement"]
        )
        for name in names if "{name}" in pattern or "{handle}" in pattern else [""]:
            for id in ids if "{id}" in pattern else [""]:
                filled = pattern.replace("{name}", name).replace("{handle}", name).replace("{id}", id)
                found.append(re.sub(r"\{\w+\}", "1", filled))
    return found


async def looked(visitor: Visitor, paths: list[str]) -> tuple[list[tuple[str, list[str]]], int, int]:
    """What is wrong on these pages; how many there were, and on how many of them what was written is seen as it was written."""
    wrong, pages, seen = [], 0, 0
    for path in paths:
        answer = await visitor.get(path)
        assert answer.status < 500, path
        if not answer.headers.get("content-type", "").startswith("text/html"):
            assert answer.status != 200 or answer.headers["x-content-type-options"] == "nosniff", path
            continue
        page = Live(answer)
        pages += answer.status == 200
        seen += VECTORS[0] in "".join(page.shown)
        if page.wrong:
            wrong.append((path, page.wrong[:3]))
    return wrong, pages, seen


async def test_s13_on_no_page_is_what_others_wrote_anything_but_text(hostile: tuple[Whole, str]) -> None:
    place, reference = hostile
    agents = [await signed_in(place.site, place.book, who) for who in (OMID, SARA, None)]
    customer = await place.came_in(LENA)
    empty = place.site.store.write_now(spread)
    assert empty == []
    application = customer.app
    paths = addresses(application, place, reference)
    alone = [place.alone(reference), f"{place.alone(reference)}?lang=fa"]
    counted = []
    for visitor, more in ((agents[0], []), (agents[1], []), (agents[2], []), (customer, alone)):
        visitor.app = application
        wrong, pages, seen = await looked(visitor, [*paths, *more])
        assert wrong == [], "\n".join(f"{p} {w}" for p, w in wrong)
        counted.append((pages, seen))
    assert [pages > 12 for pages, _ in counted] == [True] * 4, counted
    assert [seen > 5 for _, seen in counted] == [True] * 4, counted
    assert urlsplit(alone[0]).path.startswith("/portal/m/")
    assert VECTORS[0] in Page(await customer.get(f"/portal/c/{reference}")).words
    assert WHOLE.count("<") > 200
