"""Every page there is, of agents, of the owner and of customers, while all that others wrote is what an attacker would write: it is text."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

import inbox
from inbox.domain.acts import By
from inbox.domain.happenings import InboundMessage
from inbox.pipeline import webhooks as hooks
from inbox.pipeline.reports import NAMES as REPORTS
from inbox.store import tables as t
from tests.rig.audit import audited
from tests.unit.email.letters import mail
from tests.web.acted import signed_in
from tests.web.answering import mail_codec
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


FETCHED = """<html><head><link rel=stylesheet href=http://out.example/a.css><style>@import "http://out.example/b.css"; p {background: url(file:///etc/passwd)}</style>
<meta http-equiv=refresh content="0; url=http://out.example/c"></head><body background="http://out.example/d.png"><img src="http://out.example/e.png" srcset="//out.example/f 2x">
<img src="file:///etc/passwd"><iframe src="file:///etc/passwd"></iframe><object data="http://169.254.169.254/latest/meta-data/"></object><svg><image href="file:///etc/hosts"/></svg>
<embed src="http://localhost/"><video poster="http://out.example/g"><annotation file="/etc/passwd" content="/etc/passwd"></annotation><p>Words.</p></body></html>"""
"""A mail of which every part is to be fetched from somewhere, by whoever shows or prints it."""
FILES = (".csv", ".pdf", ".xlsx", "/csv", "/pdf", "data.json", "feed.xml", "sitemap.xml")


async def test_s26_s27_nothing_is_fetched_for_a_page_nor_for_a_file_that_is_made(
    hostile: tuple[Whole, str], tmp_path: Path
) -> None:
    """Offline: whoever of this process would look a name up, call somebody, or read a file that is neither the site's nor ours, is heard."""
    place, reference = hostile
    lead, customer = await signed_in(place.site, place.book, OMID), await place.came_in(LENA)
    lead.app = customer.app
    paths = addresses(customer.app, place, reference)
    made = [path for path in paths if path.endswith(FILES)]
    assert {path.rpartition(".")[2] for path in made} >= {"csv", "pdf", "xlsx", "json"}
    await looked(lead, paths)  # whatever Python loads late is loaded now
    await looked(customer, paths)
    with audited() as seen:
        [said] = mail_codec().parse(mail("Content-Type: text/html; charset=utf-8", body=f"\r\n{FETCHED}".encode()))
        assert isinstance(said, InboundMessage)
        place.mail(LENA, said.text, subject=FETCHED, html=said.html, name=FETCHED, authentication="pass")
        place.site.store.write_now(spread, FETCHED)
        await looked(lead, paths)
        await looked(customer, paths)
        files = [await visitor.get(path) for visitor in (lead, customer) for path in made]
        for one in place.told(t.message.c.id):
            for more in ("", "?images"):
                await lead.get(f"/c/{reference}/m/{one}/html{more}")
    assert (seen.called, seen.looked_up) == ([], [])
    assert [path for path in seen.outside(tmp_path) if not path.is_relative_to(HOUSE)] == []
    kinds = {one.headers["content-type"].partition(";")[0] for one in files if one.status == 200}
    assert kinds >= {"text/csv", "application/pdf", "application/json"}
    assert not any(b"root:x:0" in one.body for one in files)


HOUSE = Path(inbox.__file__).parents[1]
"""Templates and fonts, and what Python itself reads, lie with the code."""
