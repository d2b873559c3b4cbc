"""Articles on the portal's forms: offered while somebody writes and before it is sent, with their reason, and counted."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox.domain.acts import By
from inbox.domain.articles import About, Audience, Part, Words
from inbox.domain.ids import ConversationId
from inbox.pipeline import articles as verbs
from inbox.pipeline import one_matter
from inbox.pipeline.articles import Editor
from inbox.store import articles, articles_counted, articles_parts, conversations
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.portal import suggesting
from tests.web.asking import Answer, Visitor, hidden
from tests.web.portals import LENA, Place, portal_of
from tests.web.sites import NOW, Site
from tests.web.test_portal_asking import open_house, sent

OWNER = Editor(By("owner"), leads=True)
QUESTION = "How long do refunds take? I want my money back."
SLUG = "how-long-do-refunds-take"
FROM_HERE = {"sec_fetch_site": "same-origin"}


@pytest.fixture
def place(site: Site) -> Place:
    """Two articles, and one that only we may read."""
    made = portal_of(site)

    def add(unit: Unit, title: str, audience: Audience = Audience.PUBLIC) -> None:
        one = verbs.create(unit, OWNER, About("", audience=audience), "en", Words(title, "The money goes back."), NOW)
        verbs.publish(unit, OWNER, one.id, "en", NOW)

    site.store.write_now(add, "How long do refunds take?")
    site.store.write_now(add, "Secret refunds of money", Audience.AGENTS)
    return made


def counts(place: Place, slug: str = SLUG) -> dict[str, int]:
    def read(unit: Unit) -> dict[str, int]:
        found = articles.find(unit, slug)
        assert found is not None
        return dict(articles_counted.counts(unit, [found.id], NOW.date() - timedelta(days=2)).get(found.id, {}))

    return place.site.store.read_now(read)


def parts(place: Place) -> list[tuple[Part, ...]]:
    [matter] = place.told(t.conversation.c.id)
    return list(place.site.store.read_now(articles_parts.parts, ConversationId(int(str(matter)))).values())


async def typing(visitor: Visitor, text: str, **more: str) -> Answer:
    page = await visitor.get("/portal/ask")
    form = {"form_token": hidden(page, "form_token"), "text": text, **more}
    return await visitor.post("/portal/suggest", form, **FROM_HERE)


# -- while they write --------------------------------------------------------------------------------------------------
async def test_what_may_be_the_answer_is_shown_with_its_reason_and_counted_once(place: Place) -> None:
    visitor = open_house(place)
    answer = await typing(visitor, QUESTION)
    assert f'href="/help/en/{SLUG}"' in answer.text
    assert "Because you wrote" in answer.text
    assert "refunds</bdi>" in answer.text
    assert "Secret" not in answer.text
    assert counts(place) == {"shown": 1}
    await typing(visitor, f"{QUESTION} Please!", offered=SLUG)
    assert counts(place) == {"shown": 1}
    assert place.told(t.conversation.c.id) == []


@pytest.mark.parametrize("text", ["", "Thank you for the lovely evening", "\0", "سلام"])
async def test_where_nothing_is_likely_nothing_is_shown(place: Place, text: str) -> None:
    assert "<li" not in (await typing(open_house(place), text)).text


async def test_another_site_and_another_browser_are_refused(place: Place) -> None:
    visitor = open_house(place)
    page = await visitor.get("/portal/ask")
    form = {"form_token": hidden(page, "form_token"), "text": QUESTION}
    for path in ("/portal/suggest", "/portal/answered"):
        assert (await visitor.post(path, form, sec_fetch_site="cross-site")).status == 403
        assert (await visitor.post(path, {**form, "form_token": "forged"}, **FROM_HERE)).status == 403
    assert counts(place) == {}


async def test_one_network_asks_only_so_often(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "PER_NETWORK", 2)
    visitor = open_house(place)
    assert [(await typing(visitor, QUESTION)).status for _ in range(3)] == [200, 200, 429]


# -- before it is sent -------------------------------------------------------------------------------------------------
async def test_without_a_script_they_are_shown_once_before_it_is_sent_and_nothing_typed_is_lost(place: Place) -> None:
    visitor = open_house(place)
    fields = {"address": "nia@example.com", "text": QUESTION, "subject": "Money", "name": "Nia"}
    shown = await sent(visitor, "/portal/ask", offered="", **fields)
    assert shown.status == 200
    assert all(word in shown.text for word in (SLUG, QUESTION, "nia@example.com", "Nia", "Send all the same"))
    assert place.told(t.conversation.c.id) == []
    again = {name: hidden(shown, name) for name in ("form_token", "once", "offered")}
    assert again["offered"] == SLUG
    assert (await visitor.post("/portal/ask", {**again, **fields}, **FROM_HERE)).status == 303
    assert len(place.told(t.conversation.c.id)) == 1
    assert parts(place) == [("offered",)]


async def test_enter_in_a_field_sends_and_is_never_the_button_of_an_article(place: Place) -> None:
    """A browser presses the first button of a form (HTML 4.10.21.2, implicit submission)."""
    visitor = open_house(place)
    fields = {"address": "nia@example.com", "text": QUESTION, "subject": "Money"}
    shown = await sent(visitor, "/portal/ask", offered="", **fields)
    form = shown.text[shown.text.index('action="/portal/ask"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert "name=" not in first[0]
    assert "formaction" not in first[0]
    assert 'name="answered"' in form


async def test_what_nothing_is_sure_to_answer_is_sent_at_once(place: Place) -> None:
    answer = await sent(
        open_house(place), "/portal/ask", offered="", address="nia@example.com", text="A lovely evening"
    )
    assert answer.status == 303


async def test_the_threshold_is_the_sites(place: Place) -> None:
    place.book = replace(place.book, suggesting=replace(place.book.suggesting, above=1.0))
    answer = await sent(open_house(place), "/portal/ask", offered="", address="nia@example.com", text=QUESTION)
    assert answer.status == 303


async def test_whoever_came_in_is_shown_them_as_well(place: Place) -> None:
    place.mail(LENA, "Hello there")
    came_in = await place.came_in(LENA)
    visitor = open_house(place)
    visitor.cookies.update(came_in.cookies)
    shown = await sent(visitor, "/portal/new", offered="", text=QUESTION, subject="Money")
    assert (shown.status, SLUG in shown.text, QUESTION in shown.text) == (200, True, True)
    again = {name: hidden(shown, name) for name in ("form_token", "once", "offered")}
    assert (await visitor.post("/portal/new", {**again, "text": QUESTION}, **FROM_HERE)).status == 303


# -- what came of it ---------------------------------------------------------------------------------------------------
async def test_the_answer_is_counted_and_nothing_is_sent(place: Place) -> None:
    visitor = open_house(place)
    page = await visitor.get("/portal/ask")
    form = {"form_token": hidden(page, "form_token"), "text": QUESTION, "answered": SLUG}
    answer = await visitor.post("/portal/answered", form, **FROM_HERE)
    assert (answer.status, answer.headers["location"]) == (303, f"/help/en/{SLUG}")
    assert "Nothing was sent" in (await visitor.get(f"/help/en/{SLUG}")).text
    assert counts(place) == {"solved": 1}
    assert place.told(t.conversation.c.id) == []


@pytest.mark.parametrize("slug", ["secret-refunds-of-money", "no-such", "", "../x"])
async def test_only_what_they_may_read_can_be_their_answer(place: Place, slug: str) -> None:
    visitor = open_house(place)
    page = await visitor.get("/portal/ask")
    answer = await visitor.post(
        "/portal/answered", {"form_token": hidden(page, "form_token"), "answered": slug}, **FROM_HERE
    )
    assert answer.status == 404
    assert counts(place, "secret-refunds-of-money") == {}


async def test_what_they_read_before_they_wrote_stands_beside_what_they_wrote(place: Place) -> None:
    visitor = open_house(place)
    await visitor.get(f"/help/en/{SLUG}", sec_fetch_mode="navigate")
    await sent(visitor, "/portal/ask", offered=SLUG, address="nia@example.com", text=QUESTION)
    assert [set(one) for one in parts(place)] == [{"offered", "read"}]
    assert counts(place) == {"opened": 1, "left": 1}


async def test_a_program_that_looks_through_links_has_read_nothing(place: Place) -> None:
    visitor = open_house(place)
    await visitor.get(f"/help/en/{SLUG}")
    await sent(visitor, "/portal/ask", offered=SLUG, address="nia@example.com", text=QUESTION)
    assert (parts(place), counts(place)) == ([("offered",)], {})


# -- from the link of our first answer ---------------------------------------------------------------------------------
def offered_in_answer(place: Place, slug: str) -> str:
    """The address of an article in a letter to Lena, who was offered the first one."""
    place.mail(LENA, QUESTION)
    [matter] = [ConversationId(int(str(one))) for one in place.told(t.conversation.c.id)]

    def sealed(unit: Unit) -> str:
        found, now = articles.find(unit, SLUG), NOW
        assert found is not None
        articles_parts.played(unit, matter, [found.id], "offered", now)
        return one_matter.token(matter, conversations.peek(unit, matter).contact, place.book, now)

    return f"/help/en/{slug}?for={place.site.store.write_now(sealed)}"


async def test_whoever_asked_says_that_it_was_the_answer_and_their_request_is_closed(place: Place) -> None:
    address, visitor = offered_in_answer(place, SLUG), place.visitor()
    page = await visitor.get(address)
    assert "Does this answer it?" in page.text
    assert place.told(t.conversation.c.state) == ["open"], "looking at it closes nothing"
    answer = await visitor.post(
        address.partition("?")[0], {"for": hidden(page, "for"), "helped": "solved"}, **FROM_HERE
    )
    assert (answer.status, place.told(t.conversation.c.state)) == (303, ["done"])
    assert "Your request is closed" in (await visitor.get(answer.headers["location"])).text
    assert "Does this answer it?" not in (await visitor.get(address)).text


async def test_an_article_that_was_not_offered_asks_nothing_and_says_nothing_untrue(place: Place) -> None:
    def add(unit: Unit) -> None:
        one = verbs.create(unit, OWNER, About("other"), "en", Words("Another", "Something else."), NOW)
        verbs.publish(unit, OWNER, one.id, "en", NOW)

    place.site.store.write_now(add)
    address, visitor = offered_in_answer(place, "other"), place.visitor()
    assert "Does this answer it?" not in (await visitor.get(address)).text
    form = {"for": address.partition("=")[2], "helped": "solved"}
    answer = await visitor.post("/help/en/other", form, **FROM_HERE)
    assert place.told(t.conversation.c.state) == ["open"]
    assert "Your request is closed" not in (await visitor.get(answer.headers["location"])).text
