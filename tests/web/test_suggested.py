"""Articles beside a conversation: what may be its answer with why, what had a part in it, and how one gets into the answer."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from inbox.domain.acts import By
from inbox.domain.articles import About, Audience, Words
from inbox.domain.ids import ArticleId, ConversationId
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.playbook import Playbook
from inbox.store import articles_parts
from inbox.store.unit import Unit
from tests.web.acted import came, signed_in
from tests.web.portals import portal_of
from tests.web.sites import NOW, Site

OWNER = Editor(By("owner"), leads=True)
URL = "https://help.acme.example"


@pytest.fixture
def book(site: Site) -> Playbook:
    """Of a site whose articles can be read from outside: one for everybody, one for us alone."""

    def add(unit: Unit, title: str, body: str, audience: Audience = Audience.PUBLIC) -> None:
        one = verbs.create(unit, OWNER, About("", audience=audience), "en", Words(title, body), NOW)
        verbs.publish(unit, OWNER, one.id, "en", NOW)

    site.store.write_now(add, "Refunds of damaged goods", "The money goes **back** to the card.")
    site.store.write_now(add, "Refunds that we give without asking", "Up to three bags.", Audience.AGENTS)
    return replace(portal_of(site).book, public_url=URL)


async def test_what_may_be_the_answer_stands_beside_the_question_with_why(site: Site, book: Playbook) -> None:
    reference = came(site, book, "ali@example.com", "I want refunds for goods that came damaged")
    page = (await (await signed_in(site, book)).get(f"/c/{reference}")).text
    assert '<a href="/articles/refunds-of-damaged-goods"' in page
    assert "<bdi>damaged</bdi>" in page
    assert f"/c/{reference}?article=refunds-of-damaged-goods#composer" in page
    assert "only for us" in page
    assert "?article=refunds-that-we-give" not in page, "a customer cannot open what is for us alone"


async def test_without_a_likely_article_there_is_no_list(site: Site, book: Playbook) -> None:
    reference = came(site, book, "ali@example.com", "Thank you for the lovely evening")
    assert "of-articles" not in (await (await signed_in(site, book)).get(f"/c/{reference}")).text


async def test_its_link_or_its_words_go_into_the_answer(site: Site, book: Playbook) -> None:
    reference = came(site, book, "ali@example.com", "Refunds for damaged goods?")
    visitor = await signed_in(site, book)
    linked = (await visitor.get(f"/c/{reference}?article=refunds-of-damaged-goods")).text
    assert f"Refunds of damaged goods\n{URL}/help/en/refunds-of-damaged-goods</textarea>" in linked
    said = (await visitor.get(f"/c/{reference}?article=refunds-of-damaged-goods&words=1")).text
    assert "The money goes back to the card.</textarea>" in said


@pytest.mark.parametrize("slug", ["refunds-that-we-give-without-asking", "no-such", "\0", "../x"])
async def test_what_the_customer_may_not_read_goes_into_no_answer(site: Site, book: Playbook, slug: str) -> None:
    reference = came(site, book, "ali@example.com", "Refunds for damaged goods?")
    page = await (await signed_in(site, book)).get(f"/c/{reference}?article={quote(slug)}")
    assert page.status == 200
    assert "\n</textarea>" in page.text or "></textarea>" in page.text


async def test_an_article_that_had_a_part_says_which_also_when_it_is_done(site: Site, book: Playbook) -> None:
    reference = came(site, book, "ali@example.com", "Thank you for the lovely evening")

    def play(unit: Unit) -> None:
        articles_parts.played(unit, ConversationId(1), [ArticleId(1)], "read", NOW)

    site.store.write_now(play)
    assert "Read before writing." in (await (await signed_in(site, book)).get(f"/c/{reference}")).text
