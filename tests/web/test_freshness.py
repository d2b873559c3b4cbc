"""The page of freshness: what stands in each list, what each act does and for whom, and an article begun from a conversation."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from inbox.domain.acts import By
from inbox.domain.articles import About, Article, Audience, Words
from inbox.domain.ids import AgentId, ConversationId
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.store import article_notices, articles, articles_counted, articles_parts
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import NOW, OMID, SARA, Site, contact

OWNER = Editor(By("owner"), leads=True)
ASKED = "Order 48205 by Lena Fischer (lena@example.org, +49 30 1234567) has no invoice"
ANSWERED = "Dear Lena,\n\nthe invoice of order 48205 is in your account: https://shop.example/me?token=abc\n\nSara"


@pytest.fixture
def stale(filled: Site) -> Site:
    """One article that is overdue and was not enough, one without Persian and with dead links, a draft that nobody works on, two searches in
    vain, and three done conversations, of which an article had a part in one."""

    def fill(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).where(t.agent.c.id == SARA).values(lead=True, language="en"))
        unit.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(language="en"))
        omid = unit.execute(sa.select(t.agent.c.handle).where(t.agent.c.id == OMID)).scalar_one()
        for slug, title, body in (
            ("refunds", "Refunds", "Two weeks."),
            ("delivery", "Delivery", "[x](article:nowhere) ![y](files/no.png)"),
        ):
            about = About(
                slug, owner=omid if slug == "refunds" else "", review_on=date(2026, 1, 1) if slug == "refunds" else None
            )
            made = verbs.create(unit, OWNER, about, "en", Words(title, body), NOW)
            verbs.publish(unit, OWNER, made.id, "en", NOW)
            if slug == "refunds":
                verbs.save(unit, OWNER, made.id, "fa", Words("بازگشت وجه", "دو هفته."), NOW)
                verbs.publish(unit, OWNER, made.id, "fa", NOW)
        old = NOW - timedelta(days=30)
        verbs.create(unit, OWNER, About("gifts", audience=Audience.AGENTS), "fa", Words("کارت هدیه", "نیست."), old)
        for words in ("gift cards", "gift cards", "subscription"):
            articles_counted.missed(unit, words, "en", NOW)
        refunds = articles.find(unit, "refunds")
        assert refunds is not None
        articles_counted.counted(unit, [refunds.id], "opened", NOW.date())
        articles_counted.counted(unit, [refunds.id], "left", NOW.date())
        for reference, asked in (("D2NF", ASKED), ("D3NF", "Invoice for our office"), ("D4NF", "Where is my refund?")):
            matter = done(unit, reference, asked)
            if reference == "D4NF":
                articles_parts.played(unit, matter, [refunds.id], "read", NOW)

    filled.store.write_now(fill)
    return filled


def done(unit: Unit, reference: str, asked: str) -> ConversationId:
    who = contact(unit, "Lena Fischer", f"{reference.lower()}@example.org")
    values = {"channel": "support", "contact_id": who, "subject": asked, "state": "done", "language": "en"}
    known = {
        "tags": [],
        "fields": [],
        "pinned": [],
        "opened_at": NOW,
        "changed_at": NOW,
        "done_at": NOW,
        "replied_at": NOW,
    }
    matter = unit.insert(t.conversation, reference=reference, **values, **known)
    said = {
        "channel": "support",
        "sender": ["lena@example.org", "Lena Fischer"],
        "to": [],
        "cc": [],
        "reply_to": [],
        "defects": [],
        "at": NOW,
    }
    unit.insert(
        t.message, conversation_id=matter, direction="inbound", text="Please help.", reply_text="Please help.", **said
    )
    answer = {**said, "sender": ["support@example.org", ""], "agent_id": SARA}
    unit.insert(t.message, conversation_id=matter, direction="outbound", text=ANSWERED, reply_text=ANSWERED, **answer)
    return ConversationId(matter)


async def entered(site: Site, agent: AgentId | None = SARA) -> Visitor:
    visitor = Visitor(site.app())
    await visitor.sign_in(site.link(f"token-{agent}", agent))
    return visitor


async def sends(visitor: Visitor, what: str, **fields: str) -> Answer:
    token = hidden(await visitor.get("/articles/new"), "form_token")
    path = f"/articles/freshness/do/{what}"
    return await visitor.post(path, {"form_token": token, **fields}, sec_fetch_site="same-origin")


def part(page: str, name: str) -> str:
    """What stands in one list; empty where it is not there."""
    found = re.search(rf'<section class="part" id="{name}".*?</section>', page, re.S)
    return found[0] if found else ""


def read(site: Site, ask: Callable[[Unit], Any]) -> Any:
    return site.store.read_now(ask)


async def test_each_list_has_what_belongs_to_it(stale: Site) -> None:
    visitor = await entered(stale)
    page = (await visitor.get("/articles/freshness?lang=en")).text
    for name, inside in {
        "overdue": ("Refunds", "overdue since"),
        "left": ("Refunds", "1 wrote anyway, read 1×", "/c/D4NF"),
        "missed": ("gift cards", "2×", "subscription"),
        "uncovered": ("invoice", "2 conversations", "/c/D2NF", "/c/D3NF"),
        "drafts": ("کارت هدیه",),
        "links": ("nowhere", "no.png"),
        "languages": ("Delivery",),
    }.items():
        for words in inside:
            assert words in part(page, name), (name, words)
    assert "D4NF" not in part(page, "uncovered"), "an article had a part in it"
    assert "Refunds" not in part(page, "languages")
    beside = (await visitor.get("/articles?lang=en")).text
    counted = '<span class="label">Freshness</span><span class="count">8</span>'
    assert f'href="/articles/freshness">{counted}' in beside


async def test_the_page_is_written_in_both_languages_and_one_list_stands_alone(stale: Site) -> None:
    visitor = await entered(stale)
    for language in ("en", "fa"):
        for path in ("", "?list=missed", "?list=uncovered"):
            page = await visitor.get(f"/articles/freshness{path}{'&' if path else '?'}lang={language}")
            assert page.status == 200
            assert not re.search(r"(web\.freshness|kb|language)\.[a-z]+", page.text.replace("article-", ""))
    alone = (await visitor.get("/articles/freshness?list=missed&lang=en")).text
    assert part(alone, "missed")
    assert not part(alone, "overdue")
    assert "/articles/freshness?list=uncovered" in alone, "though it was not counted"
    assert (await visitor.get("/articles/freshness?list=x")).status == 404
    assert (await Visitor(stale.app()).get("/articles/freshness")).status == 403


async def test_agents_see_and_those_who_lead_act_and_owners_on_what_is_theirs(stale: Site) -> None:
    omid, sara = await entered(stale, OMID), await entered(stale)
    page = (await omid.get("/articles/freshness?lang=en")).text
    assert "gift cards" in page
    assert "do/forget" not in page
    for what in ("forget", "answered"):
        await sends(omid, what, words="gift cards", language="en", slug="refunds")
    assert len(read(stale, lambda unit: articles_counted.missing(unit, NOW - timedelta(days=1)))) == 2
    await sends(omid, "right", slug="refunds")
    assert article(stale, "refunds").about.review_on == NOW.date() + timedelta(days=182), "he owns it"
    await sends(omid, "review", slug="delivery", review_on="2027-01-01")
    assert article(stale, "delivery").about.review_on is None
    await sends(sara, "review", slug="delivery", review_on="۱۴۰۶/۰۱/۰۱")
    assert article(stale, "delivery").about.review_on == date(2027, 3, 21)
    await sends(sara, "review", slug="delivery", review_on="some day")
    assert article(stale, "delivery").about.review_on == date(2027, 3, 21)


async def test_what_was_searched_for_in_vain_is_answered_by_an_article_or_forgotten(stale: Site) -> None:
    sara = await entered(stale)
    wrong = await sends(sara, "answered", words="gift cards", language="en", slug="nothing-there")
    assert wrong.status == 303
    assert "There is no article at nothing-there" in (await sara.get("/articles/freshness?lang=en")).text
    await sends(sara, "answered", words="gift cards", language="en", slug="http://127.0.0.1/help/en/refunds?x=1")
    found = read(stale, lambda unit: articles.version(unit, article(stale, "refunds").id, "en", 2))
    assert found is not None
    assert found.words.keywords == ("gift cards",)
    text = article(stale, "refunds").text("en")
    assert text is not None
    assert text.published == 2, "readers saw its newest version, and see this one"
    await sends(sara, "forget", words="subscription", language="en")
    assert read(stale, lambda unit: articles_counted.missing(unit, NOW - timedelta(days=1))) == []


async def test_words_for_an_article_whose_draft_is_under_way_stay_a_draft(stale: Site) -> None:
    stale.store.write_now(verbs.save, OWNER, article(stale, "refunds").id, "en", Words("Refunds", "Ten days."), NOW)
    await sends(await entered(stale), "answered", words="gift cards", language="en", slug="refunds")
    text = article(stale, "refunds").text("en")
    assert text is not None
    assert (text.latest, text.published) == (3, 1)


async def test_an_article_is_begun_from_a_conversation_without_the_people_in_it(stale: Site) -> None:
    visitor = await entered(stale)
    page = (await visitor.get("/articles/new?from=D2NF&lang=en")).text
    for gone in ("48205", "Lena", "Fischer", "lena@example.org", "1234567", "token=abc"):
        assert gone not in re.sub(r"<option[^>]*>[^<]*", "", page), gone
    assert "has no invoice" in page
    assert "https://shop.example/me" in page
    assert len(read(stale, articles.every)) == 3, "nothing is kept before somebody says so"
    assert (await visitor.get("/articles/new?from=ZZ99")).status == 404
    typed = urlencode({"title": "gift cards", "keywords": "gift cards", "language": "fa"})
    prefilled = (await visitor.get(f"/articles/new?{typed}")).text
    assert 'name="keywords" value="gift cards"' in prefilled
    assert 'name="language" value="fa"' in prefilled or re.search(r'value="fa"[^>]*(selected|checked)', prefilled)


async def test_a_search_in_vain_is_over_once_an_article_with_its_words_is_published(stale: Site) -> None:
    def write(unit: Unit) -> None:
        made = verbs.create(unit, OWNER, About("gift-cards"), "en", Words("Gifts", "Yes.", ("Gift cards",)), NOW)
        verbs.publish(unit, OWNER, made.id, "en", NOW)

    stale.store.write_now(write)
    left = read(stale, lambda unit: articles_counted.missing(unit, NOW - timedelta(days=1)))
    assert [one.words for one in left] == ["subscription"]


async def test_what_an_agent_is_told_of_an_article_stands_at_the_bell_until_they_look(stale: Site) -> None:
    stale.store.write_now(verbs.ask, Editor(By("agent", OMID), leads=False), article(stale, "gifts").id, "fa", NOW)
    visitor = await entered(stale)
    page = (await visitor.get("/notifications?lang=en")).text
    assert "A review is asked for" in page
    assert 'href="/articles/gifts?language=fa"' in page
    assert '<span class="badge">1</span>' in page
    looked = (await visitor.get("/articles/gifts?lang=en")).text
    assert '<span class="badge">' not in looked
    told = read(stale, lambda unit: article_notices.listing(unit, SARA, NOW - timedelta(days=1)))
    assert [one.read_at for one in told] == [NOW]


async def test_one_word_about_an_article_is_read_by_its_button(stale: Site) -> None:
    stale.store.write_now(verbs.ask, Editor(By("agent", OMID), leads=False), article(stale, "gifts").id, "fa", NOW)
    visitor = await entered(stale)
    page = await visitor.get("/notifications?lang=en")
    token, id = hidden(page, "form_token"), hidden(page, "article")
    other = await entered(stale, OMID)
    theirs = hidden(await other.get("/articles/new"), "form_token")
    await other.post("/notifications", {"form_token": theirs, "article": id}, sec_fetch_site="same-origin")
    assert read(stale, lambda unit: article_notices.unread(unit, SARA)) == 1
    await visitor.post("/notifications", {"form_token": token, "article": id}, sec_fetch_site="same-origin")
    assert read(stale, lambda unit: article_notices.unread(unit, SARA)) == 0
    assert (
        await visitor.post("/notifications", {"form_token": token, "article": "x"}, sec_fetch_site="same-origin")
    ).status == 404


def article(site: Site, slug: str) -> Article:
    found = site.store.read_now(articles.find, slug)
    assert found is not None
    return found
