"""The help pages: what everybody finds and reads, what is there for some only, and what a look changes."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlencode
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from channels.portal.codec import PortalCodec
from inbox.blobs import Blobs
from inbox.domain.acts import By
from inbox.domain.articles import About, Audience, Words
from inbox.domain.ids import ChannelName, IdentityId
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.store import articles, articles_counted, channels, persons, visiting
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.help.reading import FROM_A_NETWORK
from inbox.web.session import digest
from tests.web.acted import acting_book
from tests.web.asking import Visitor
from tests.web.sites import NOW, Site, contact

PORTAL = ChannelName("portal")
OWNER = Editor(By("owner"), leads=True)
FROM_HERE = {"sec_fetch_site": "same-origin"}
NAVIGATE = {"sec_fetch_mode": "navigate"}
SECRET = "what nobody outside may read"


@dataclass
class Place:
    """A site with a portal and articles for everybody, for Acme and for agents."""

    site: Site
    book: Playbook
    blobs: Blobs

    def visitor(self) -> Visitor:
        """A browser."""
        return Visitor(self.site.app(playbook=lambda: self.book, blobs=self.blobs))

    def customer(self, organization: str) -> Visitor:
        """The browser of a customer who came in."""

        def enter(unit: Unit) -> None:
            id = contact(unit, "Lena", f"lena@{organization.lower()}.example")
            whose = persons.organization_of(unit, organization)
            unit.execute(sa.update(t.contact).where(t.contact.c.id == id).values(organization_id=whose))
            identity = unit.execute(sa.select(t.identity.c.id).where(t.identity.c.contact_id == id)).scalar_one()
            visiting.begin(unit, digest(f"token-{organization}"), IdentityId(identity), NOW)

        self.site.store.write_now(enter)
        made = self.visitor()
        made.cookies["inbox_customer"] = f"token-{organization}"
        return made

    def counts(self, slug: str) -> dict[str, int]:
        """What is counted of an article."""

        def read(unit: Unit) -> dict[str, int]:
            found = articles.find(unit, slug)
            assert found is not None
            return dict(articles_counted.counts(unit, [found.id], NOW.date() - timedelta(days=2)).get(found.id, {}))

        return self.site.store.read_now(read)


@pytest.fixture
def place(site: Site, tmp_path: Path) -> Place:
    """Its articles lie in folders; one has an old address, one a file that is a page, and one is only a draft."""
    blobs = Blobs(tmp_path / "blobs")
    page = blobs.put(b"<script>alert(1)</script>")

    def add(unit: Unit, slug: str, title: str, body: str, language: str = "en", **about: object) -> None:
        made = articles.find(unit, slug)
        if made is None:
            made = verbs.create(unit, OWNER, About(slug, "billing", **about), language, Words(title, body), NOW)  # type: ignore[arg-type]  # each as it is named
        else:
            verbs.save(unit, OWNER, made.id, language, Words(title, body), NOW)
        verbs.publish(unit, OWNER, made.id, language, NOW)
        if slug != "draft":
            verbs.put_file(unit, OWNER, made.id, "page.html", page, 25, NOW)

    def fill(unit: Unit) -> None:
        channels.ensure(unit, PORTAL, "portal")
        add(
            unit,
            "refunds",
            "How long do refunds take?",
            "Ten days. See [that](article:inside) and [this](article:hours).\n\n## A\n\n## B\n\n## C\n",
        )
        add(unit, "refunds", "بازگشت وجه", "ده روز.", "fa")
        add(unit, "hours", "Hours of refunds", "From nine.")
        add(unit, "inside", "Refunds inside", SECRET, audience=Audience.AGENTS)
        add(unit, "acme", "Refunds for Acme", SECRET, audience=Audience.ORGANIZATION, organization="Acme")
        verbs.create(unit, OWNER, About("draft", "billing"), "en", Words("Refunds draft", SECRET), NOW)
        moved = articles.find(unit, "hours")
        assert moved is not None
        verbs.change(unit, OWNER, moved.id, replace(moved.about, slug="opening-hours"), NOW)
        verbs.set_folder(unit, OWNER, "billing", {"en": "Billing", "fa": "صورت‌حساب"}, 0, NOW)

    site.store.write_now(fill)
    speaker = Speaker(PORTAL, "portal", PortalCodec(), ("portal",), Brand("acme", "Acme"), timedelta(days=30))
    book = acting_book()
    return Place(site, replace(book, channels={**book.channels, PORTAL: speaker}), blobs)


async def test_everybody_finds_what_is_for_everybody(place: Place) -> None:
    visitor = place.visitor()
    home = (await visitor.get("/help?lang=en")).text
    assert "How long do refunds take?" in home
    assert "Billing" in home
    found = (await visitor.get("/help?q=refunds&lang=en")).text
    assert "How long do refunds take?" in found
    for page in (home, found, (await visitor.get("/help?folder=billing")).text):
        assert "for Acme" not in page
        assert "inside" not in page
        assert "draft" not in page
        assert SECRET not in page
    assert "بازگشت وجه" in (await visitor.get(f"/help?{urlencode({'q': 'بازگشت', 'lang': 'fa'})}")).text
    assert (await visitor.get("/help?folder=nowhere")).status == 404


async def test_an_article_is_read_with_its_other_language_and_what_belongs_to_it(place: Place) -> None:
    page = (await place.visitor().get("/help/en/refunds?lang=fa")).text
    assert '<article class="card help-article" lang="en" dir="ltr">' in page
    assert 'hreflang="fa" href="http://127.0.0.1:8025/help/fa/refunds"' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8025/help/en/refunds">' in page
    assert 'href="/help/fa/refunds?lang=fa"' in page
    assert 'href="/help/files/refunds/page.html"' in page
    assert '<a href="/help/en/opening-hours" rel="noopener noreferrer">this</a>' in page, "by an address that it had"
    assert '<a rel="noopener noreferrer">that</a>' in page, "what is not for them leads nowhere"
    assert 'href="#s-a"' in page
    assert '<a href="/help/en/opening-hours" lang="en" dir="auto">Hours of refunds</a>' in page
    assert not re.search(r"\b(help|portal|kb)\.[a-z]+", re.sub(r'(href|src)="[^"]*"', "", page))


async def test_addresses_lead_to_where_a_text_is(place: Place) -> None:
    visitor = place.visitor()
    moved = await visitor.get("/help/en/hours")
    assert (moved.status, moved.headers["location"]) == (308, "/help/en/opening-hours")
    other = await visitor.get("/help/fa/opening-hours")
    assert (other.status, other.headers["location"]) == (302, "/help/en/opening-hours")
    assert (await visitor.get("/help/fa/refunds")).status == 200


@pytest.mark.parametrize("slug", ["inside", "acme", "draft", "nothing", quote("هیچ")])
async def test_what_is_not_for_them_is_not_there(place: Place, slug: str) -> None:
    nothing = await place.visitor().get("/help/en/never-was?lang=en")
    for visitor in (place.visitor(), place.customer("Other")):
        for path in (f"/help/en/{slug}", f"/help/files/{slug}/page.html"):
            answer = await visitor.get(path)
            assert answer.status == 404
            assert SECRET not in answer.text
        told = await visitor.post(f"/help/en/{slug}", {"helped": "yes"}, **FROM_HERE)
        assert told.status == 404
    assert (await place.visitor().get(f"/help/en/{slug}?lang=en")).text.replace(
        unquote(slug), ""
    ) == nothing.text.replace("never-was", "")


async def test_customers_of_an_organization_read_what_is_for_it(place: Place) -> None:
    lena = place.customer("Acme")
    page = await lena.get("/help/en/acme")
    assert page.status == 200
    assert SECRET in page.text
    assert "Refunds for Acme" in (await lena.get("/help?q=acme&lang=en")).text
    assert (await lena.get("/help/files/acme/page.html")).status == 200
    assert (await lena.get("/help/en/inside")).status == 404


async def test_files_cannot_act(place: Place) -> None:
    answer = await place.visitor().get("/help/files/refunds/page.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''page.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    for name in ("nothing.pdf", "..%2Fx"):
        assert (await place.visitor().get(f"/help/files/refunds/{name}")).status == 404


async def test_whether_it_helped_is_said_once(place: Place) -> None:
    visitor = place.visitor()
    assert (await visitor.post("/help/en/refunds", {"helped": "yes"}, sec_fetch_site="cross-site")).status == 403
    assert (await visitor.post("/help/en/refunds", {"helped": "maybe"}, **FROM_HERE)).status == 404
    for said in ("yes", "yes", "no"):
        answer = await visitor.post("/help/en/refunds", {"helped": said}, **FROM_HERE)
        assert (answer.status, answer.headers["location"]) == (303, "/help/en/refunds#helped")
    await place.visitor().post("/help/en/refunds", {"helped": "no"}, **FROM_HERE)
    assert place.counts("refunds") == {"helpful": 1, "unhelpful": 1}
    assert "You have told us" in (await visitor.get("/help/en/refunds?lang=en")).text


async def test_a_network_says_so_often_whether_an_article_helped(place: Place) -> None:
    app = place.site.app(playbook=lambda: place.book, blobs=place.blobs)
    for _ in range(FROM_A_NETWORK + 3):  # each without a cookie
        answer = await Visitor(app).post("/help/en/refunds", {"helped": "no"}, **FROM_HERE)
        assert answer.status == 303, "whoever says more is thanked all the same"
    assert place.counts("refunds") == {"unhelpful": FROM_A_NETWORK}


async def test_who_looks_through_links_changes_nothing(place: Place) -> None:
    scanner = place.visitor()
    for path in ("/help", "/help?q=refunds", "/help/en/refunds", "/help/feed.xml", "/sitemap.xml"):
        await scanner.get(path)
    assert place.counts("refunds") == {}
    await place.visitor().get("/help/en/refunds", **NAVIGATE)
    await place.visitor().get("/help?q=take&lang=en", **NAVIGATE)
    assert place.counts("refunds") == {"opened": 1, "shown": 1}


async def test_what_is_looked_for_in_vain_is_counted(place: Place) -> None:
    await place.visitor().get("/help?q=Gift+Cards&lang=en")
    await place.visitor().get("/help?q=Gift+Cards&lang=en", sec_purpose="prefetch", **NAVIGATE)
    page = (await place.visitor().get("/help?q=Gift+Cards&lang=en", **NAVIGATE)).text
    assert "Nothing is written about that yet" in page
    missed = place.site.store.read_now(articles_counted.missing, NOW - timedelta(days=1))
    assert [(one.words, one.language, one.count) for one in missed] == [("gift cards", "en", 1)]


async def test_the_feed_and_the_map_name_what_everybody_may_read(place: Place) -> None:
    visitor = place.visitor()
    feed = await visitor.get("/help/feed.xml?lang=fa")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    atom = ElementTree.fromstring(feed.text)
    name = "{http://www.w3.org/2005/Atom}"
    assert [one.findtext(f"{name}title") for one in atom.findall(f"{name}entry")] == ["بازگشت وجه"]
    assert len(ElementTree.fromstring((await visitor.get("/help/feed.xml?lang=en")).text).findall(f"{name}entry")) == 2
    site = await place.customer("Acme").get("/sitemap.xml")
    urls = [
        one.text for one in ElementTree.fromstring(site.text).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    here = "http://127.0.0.1:8025/help"
    assert sorted(map(str, urls)) == [here, f"{here}/en/opening-hours", f"{here}/en/refunds", f"{here}/fa/refunds"]


async def test_a_site_without_a_portal_has_no_help(site: Site) -> None:
    for path in ("/help", "/help/en/x", "/help/feed.xml", "/sitemap.xml"):
        assert (await Visitor(site.app(playbook=acting_book)).get(path)).status == 404
