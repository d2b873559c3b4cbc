"""The pages of articles: written and previewed, published by those who lead, compared, given files; nothing of it for strangers."""

import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import sqlalchemy as sa

from inbox.blobs import Blobs
from inbox.domain.acts import By
from inbox.domain.articles import About, Article, Words
from inbox.domain.ids import AgentId
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.store import articles, articles_enclosed
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import NOW, OMID, SARA, Site

OWNER = Editor(By("owner"), leads=True)
PICTURE = b"GIF89a picture"
ROUTES = (
    "/articles",
    "/articles/new",
    "/articles/refunds",
    "/articles/refunds/edit",
    "/articles/refunds/beside",
    "/articles/refunds/history",
    "/articles/refunds/files/a.pdf",
)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """Where files lie."""
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def shelf(site: Site) -> Site:
    """Sara leads, Omid does not; one article is published in English, with a draft in Persian."""

    def fill(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).where(t.agent.c.id == SARA).values(lead=True, language="en"))
        made = verbs.create(unit, OWNER, About("refunds", "billing"), "en", Words("Refunds", "Two weeks."), NOW)
        verbs.publish(unit, OWNER, made.id, "en", NOW)
        verbs.save(unit, OWNER, made.id, "fa", Words("بازگشت وجه", "دو هفته."), NOW)
        verbs.set_folder(unit, OWNER, "billing", {"en": "Billing", "fa": "صورت‌حساب"}, 0, NOW)

    site.store.write_now(fill)
    return site


async def entered(site: Site, agent: AgentId | None = SARA, blobs: Blobs | None = None) -> Visitor:
    visitor = Visitor(site.app(blobs=blobs))
    await visitor.sign_in(site.link(f"token-{agent}", agent))
    return visitor


async def sends(visitor: Visitor, path: str, /, **fields: str) -> Answer:
    token = hidden(await visitor.get("/articles/new"), "form_token")
    return await visitor.post(path, {"form_token": token, **fields}, sec_fetch_site="same-origin")


def known(site: Site, slug: str = "refunds") -> Article:
    found = site.store.read_now(articles.find, slug)
    assert found is not None
    return found


@pytest.mark.parametrize("path", ROUTES)
async def test_strangers_are_asked_who_they_are(shelf: Site, path: str) -> None:
    answer = await Visitor(shelf.app()).get(path)
    assert answer.status == 403
    assert "Two weeks" not in answer.text


@pytest.mark.parametrize("path", ROUTES[:-1])
async def test_the_pages_are_written_in_both_languages(shelf: Site, path: str) -> None:
    visitor = await entered(shelf)
    for language, direction in (("en", "ltr"), ("fa", "rtl")):
        page = await visitor.get(f"{path}?lang={language}")
        assert page.status == 200
        assert f'dir="{direction}"' in page.text
        assert not re.search(r"(web\.articles|kb|language)\.[a-z]+", page.text.replace("article-", ""))


async def test_the_list_is_by_folder_and_narrowed(shelf: Site) -> None:
    visitor = await entered(shelf)
    page = (await visitor.get("/articles")).text
    assert "Refunds" in page
    assert 'href="/articles?folder=billing"' in page
    assert "Billing" in page
    assert "Refunds" in (await visitor.get("/articles?state=draft&folder=billing")).text
    assert "Nothing here" in (await visitor.get("/articles?state=review")).text
    assert "Refunds" in (await visitor.get("/articles?q=weeks")).text
    assert "بازگشت وجه" in (await visitor.get(f"/articles?{urlencode({'q': 'بازگشت', 'lang': 'fa'})}")).text, (
        "drafts by title"
    )
    assert "No article says that" in (await visitor.get("/articles?q=elephants&lang=en")).text
    for wrong in ("?state=x", "?folder=../x"):
        assert (await visitor.get(f"/articles{wrong}")).status == 404


async def test_an_empty_site_says_what_to_do(site: Site) -> None:
    page = (await (await entered(site, None)).get("/articles?lang=en")).text
    assert "No article yet" in page
    assert '<code dir="ltr">inbox kb import DIR</code>' in page


async def test_a_new_article_is_previewed_saved_and_published(shelf: Site) -> None:
    visitor = await entered(shelf)
    form = {
        "language": "en",
        "title": "Gift <cards>",
        "body": "Buy **one**.\n<script>",
        "audience": "public",
        "folder": "Shop",
    }
    preview = await sends(visitor, "/articles/new", **form, preview="1")
    assert (preview.status, preview.text.count("Buy <strong>one</strong>.")) == (200, 1)
    assert "<script>\n" not in preview.text
    assert "&lt;script&gt;" in preview.text
    assert 'value="Gift &lt;cards&gt;"' in preview.text
    assert shelf.store.read_now(articles.find, "gift-cards") is None, "a preview keeps nothing"
    saved = await sends(visitor, "/articles/new", **form, save="1")
    assert (saved.status, saved.headers["location"]) == (303, "/articles/gift-cards?language=en")
    assert known(shelf, "gift-cards").texts[0].published is None
    assert known(shelf, "gift-cards").about.folder == "shop"
    shown = await visitor.get("/articles/gift-cards")
    assert "Nobody but agents sees this language yet." in shown.text
    await sends(visitor, "/articles/gift-cards/do/publish", language="en", seen="1")
    assert known(shelf, "gift-cards").texts[0].published == 1


async def test_what_is_wrong_stands_above_the_form_as_it_was_filled_in(shelf: Site) -> None:
    visitor = await entered(shelf)
    form = {"language": "en", "title": "T", "body": "Mine, all of it", "audience": "public"}
    for field, value, words in (
        ("slug", "refunds", "belongs to another article"),
        ("folder", "a b/c", "cannot be a folder"),
        ("review_on", "soon", "is no day"),
        ("title", " ", "needs a title"),
        ("audience", "organization", "Name the organization"),
    ):
        page = await sends(visitor, "/articles/new", **{**form, field: value}, save="1")
        assert page.status == 422, field
        assert words in page.text, field
        assert "Mine, all of it" in page.text
    unknown = await sends(
        visitor, "/articles/new", **{**form, "audience": "organization", "organization": "Nowhere"}, save="1"
    )
    assert "No organization is called" in unknown.text


async def test_two_who_edit_do_not_write_over_one_another(shelf: Site) -> None:
    visitor = await entered(shelf)
    form = {"language": "en", "title": "Refunds", "seen": "1"}
    assert (await sends(visitor, "/articles/refunds/edit", **form, body="Theirs", save="1")).status == 303
    mine = await sends(visitor, "/articles/refunds/edit", **form, body="Mine", save="1")
    assert mine.status == 422
    assert "Somebody saved another version meanwhile" in mine.text
    assert ">\nMine</textarea>" in mine.text


async def test_agents_who_do_not_lead_ask_for_a_review(shelf: Site) -> None:
    omid = await entered(shelf, OMID)
    page = (await omid.get("/articles/refunds/edit?language=en")).text
    assert 'name="ask"' in page
    assert 'name="publish"' not in page
    asked = await sends(
        omid, "/articles/refunds/edit", language="en", title="Refunds", body="Ten days.", seen="1", ask="1"
    )
    assert asked.status == 303
    assert known(shelf).text("en").asked_at is not None  # type: ignore[union-attr]  # it is there
    acts = ("publish", "withdraw", "roll_back", "remove")
    for what in acts:
        await sends(omid, f"/articles/refunds/do/{what}", language="en", version="1", sure="1")
    refused = await sends(
        omid, "/articles/refunds/edit", language="en", title="Refunds", body="X", seen="2", publish="1"
    )
    assert refused.status == 422
    told = await sends(omid, "/articles/folders", path="billing", title_en="Mine")
    assert told.status == 303
    article = known(shelf)
    assert (article.text("en").published, article.text("en").latest) == (1, 2)  # type: ignore[union-attr]  # it is there
    sara = await entered(shelf)
    assert "Refunds" in (await sara.get("/articles?state=review")).text
    assert 'action="/articles/refunds/do/remove"' not in (await omid.get("/articles/refunds")).text
    assert 'action="/articles/refunds/do/remove"' in (await sara.get("/articles/refunds")).text


async def test_versions_are_compared_and_brought_back(shelf: Site) -> None:
    visitor = await entered(shelf)
    await sends(
        visitor, "/articles/refunds/edit", language="en", title="Refunds", body="Ten days.", seen="1", publish="1"
    )
    page = (await visitor.get("/articles/refunds/history?language=en")).text
    assert "<del>Two</del><ins>Ten</ins>" in page
    assert "<del>weeks.</del><ins>days.</ins>" in page
    await sends(visitor, "/articles/refunds/do/roll_back", language="en", version="1")
    assert (known(shelf).text("en").published, known(shelf).text("en").latest) == (3, 3)  # type: ignore[union-attr]  # it is there
    page = (await visitor.get("/articles/refunds/history?language=en")).text
    assert "says what version 1 said" in page
    assert "brought it back" in page
    assert (await visitor.get("/articles/refunds/history?from=7&to=9")).status == 404
    assert (await visitor.get("/articles/refunds?version=9")).status == 404


async def test_languages_stand_side_by_side(shelf: Site) -> None:
    page = (await (await entered(shelf)).get("/articles/refunds/beside")).text
    assert '<article class="sheet prose-sheet" lang="fa" dir="rtl">' in page
    assert '<article class="sheet prose-sheet" lang="en" dir="ltr">' in page


async def test_an_article_is_moved_and_its_old_address_leads_on(shelf: Site) -> None:
    visitor = await entered(shelf)
    form = {"slug": "بازگشت", "folder": "billing/مالی", "audience": "agents", "tags": "a، b", "review_on": "۱۴۰۶/۰۱/۰۱"}
    await sends(visitor, "/articles/refunds/do/about", **form)
    about = known(shelf, "بازگشت").about
    assert (about.folder, about.audience.value, about.tags, str(about.review_on)) == (
        "billing/مالی",
        "agents",
        ("a", "b"),
        "2027-03-21",
    )
    moved = await visitor.get("/articles/refunds")
    assert (moved.status, moved.headers["location"]) == (308, f"/articles/{quote('بازگشت')}")
    assert (await visitor.get(f"/articles/{quote('بازگشت')}")).status == 200
    await sends(visitor, f"/articles/{quote('بازگشت')}/do/remove", sure="1")
    assert shelf.store.read_now(articles.every) == []


async def test_files_are_put_shown_kept_and_taken(shelf: Site, blobs: Blobs) -> None:
    visitor = await entered(shelf, blobs=blobs)
    token = hidden(await visitor.get("/articles/new"), "form_token")
    body = b"".join(
        b'--x\r\ncontent-disposition: form-data; name="' + head + b'"\r\n\r\n' + content + b"\r\n"
        for head, content in (
            (b"form_token", token.encode()),
            (b'files"; filename="a b.gif', PICTURE),
            (b'files"; filename="evil.html', b"<script>"),
        )
    )
    sent = {"sec_fetch_site": "same-origin", "content_type": "multipart/form-data; boundary=x"}
    await visitor.ask("POST", "/articles/refunds/do/put", sent, encoded=(body + b"--x--\r\n").decode())
    names = [one.name for one in shelf.store.read_now(articles_enclosed.files, known(shelf).id)]
    assert names == ["a-b.gif", "evil.html"]
    kept = await visitor.get("/articles/refunds/files/evil.html")
    assert kept.headers["content-disposition"] == "attachment; filename*=UTF-8''evil.html"
    assert kept.headers["content-type"] == "application/octet-stream"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in kept.headers["content-security-policy"]
    shown = await visitor.get("/articles/refunds/files/a-b.gif")
    assert (shown.headers["content-type"], shown.body) == ("image/gif", PICTURE)
    assert (await visitor.get("/articles/refunds/files/nothing.pdf")).status == 404
    await sends(
        visitor,
        "/articles/refunds/edit",
        language="en",
        title="Refunds",
        body="![A](files/a-b.gif)",
        seen="1",
        save="1",
    )
    assert (
        '<img src="/articles/refunds/files/a-b.gif" alt="A" loading="lazy">'
        in (await visitor.get("/articles/refunds")).text
    )
    await sends(visitor, "/articles/refunds/do/take", name="a-b.gif")
    assert '<img src="/articles' not in (await visitor.get("/articles/refunds")).text
