"""On call at the pages: whoever is called says there that they have it, and the board names the calls that nobody answered."""

from datetime import timedelta

from inbox.domain.conversations import Conversation
from inbox.domain.rule_events import PageAcknowledged
from inbox.pipeline.page import page_due
from inbox.store import conversations, events, pages
from inbox.store.unit import Unit
from tests.web.accounts import promote
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.asking import Answer, hidden
from tests.web.reader import Page
from tests.web.sites import NOW, OMID, SARA, Site

BOOK = acting_book()
HAVE_IT = "/do/acknowledge"


def called(site: Site, *, subject: str = "Everything stopped", whom: str = "agent:omid") -> str:
    """A rule calls an agent to a conversation; its reference."""
    reference = came(site, BOOK, "lena@example.com", "An emergency!", subject, "Lena")
    matter = found(site, reference)
    site.store.write_now(pages.begin, matter.id, "on call", [whom], NOW)
    site.store.write_now(page_due, BOOK, NOW)
    return reference


def nobody_answers(site: Site) -> None:
    """Every step is taken, and the call is given up."""
    for _ in range(6):
        site.clock.advance(timedelta(minutes=10))
        site.store.write_now(page_due, BOOK, site.clock.now())


def found(site: Site, reference: str) -> Conversation:
    def read(unit: Unit) -> Conversation:
        id = conversations.by_reference(unit, reference)
        assert id is not None
        return conversations.peek(unit, id)

    return site.store.read_now(read)


def who_have_it(site: Site, reference: str) -> list[tuple[int | None, str]]:
    """Of each call of a conversation that somebody has: who, and by which way they said so."""
    told = site.store.read_now(events.of, found(site, reference).id)
    return [(one.actor.id, one.via) for one in told if isinstance(one.payload, PageAcknowledged)]


def forms(answer: Answer) -> list[str]:
    """Where the forms of a page lead that say somebody has it."""
    actions = [str(a["action"]) for tag, a in Page(answer).elements if tag == "form" and "action" in a]
    return [one for one in actions if one.endswith(HAVE_IT)]


async def test_the_page_offers_it_until_somebody_has_it(site: Site) -> None:
    quiet = came(site, BOOK, "nora@example.com", "A question")
    reference = called(site)
    visitor = await signed_in(site, BOOK)
    assert forms(await visitor.get(f"/c/{quiet}")) == []
    assert forms(await visitor.get(f"/c/{reference}")) == [f"/c/{reference}{HAVE_IT}"]
    page = await acts(visitor, reference, "acknowledge")
    assert "you have it. Nobody is called any more" in page
    assert forms(await visitor.get(f"/c/{reference}")) == []
    assert who_have_it(site, reference) == [(OMID, "web")]


async def test_whoever_was_slower_is_told_so(site: Site) -> None:
    reference = called(site)
    first, second = await signed_in(site, BOOK), await signed_in(site, BOOK, SARA)
    await acts(first, reference, "acknowledge")
    assert "کسی زودتر جنبیده است" in await acts(second, reference, "acknowledge")
    assert who_have_it(site, reference) == [(OMID, "web")]


async def test_what_one_is_told_of_is_answered_where_it_stands(site: Site) -> None:
    reference = called(site)
    visitor = await signed_in(site, BOOK)
    page = await visitor.get("/notifications")
    assert forms(page) == [f"/c/{reference}{HAVE_IT}"]
    form = {"form_token": hidden(page, "form_token"), "back": "/notifications"}
    sent = await visitor.post(f"/c/{reference}{HAVE_IT}", form, sec_fetch_site="same-origin")
    assert sent.headers["location"] == "/notifications"
    site.store.write_now(page_due, BOOK, NOW)
    assert forms(await visitor.get("/notifications")) == []
    assert who_have_it(site, reference) == [(OMID, "web")]


async def test_whoever_is_not_called_has_nothing_to_answer_there(site: Site) -> None:
    called(site, whom="agent:sara")
    assert forms(await (await signed_in(site, BOOK)).get("/notifications")) == []


async def test_the_board_names_what_nobody_answered_until_somebody_does(site: Site) -> None:
    reference = called(site, subject="=everything() stopped")
    promote(site, OMID, lead=True)
    visitor = await signed_in(site, BOOK)
    assert 'id="board-unanswered_pages"' not in (await visitor.get("/board")).text
    nobody_answers(site)
    page = await visitor.get("/board")
    section = page.text.partition('aria-labelledby="board-unanswered_pages"')[2].partition("</section>")[0]
    for words in (f'href="/c/{reference}"', "=everything() stopped", "on call"):
        assert words in section
    file = (await visitor.get("/board.csv?table=unanswered_pages")).text
    assert f"{reference},'=everything() stopped,on call," in file
    await acts(visitor, reference, "acknowledge")
    assert 'id="board-unanswered_pages"' not in (await visitor.get("/board")).text
