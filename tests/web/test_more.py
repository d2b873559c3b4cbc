"""What else can be done with a conversation, on its page and without a script; and the page on which an agent writes first."""

import pytest
import sqlalchemy as sa

from inbox.domain.conversations import Conversation
from inbox.domain.ids import MessageId
from inbox.store import conversations, deliveries, messages, sights
from inbox.store import tables as t
from inbox.store.generation import changed
from inbox.store.unit import Unit
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.asking import hidden
from tests.web.sites import Site

BOOK = acting_book()


def row(site: Site, reference: str) -> Conversation:
    def read(unit: Unit) -> Conversation:
        id = conversations.by_reference(unit, reference)
        assert id is not None
        return conversations.peek(unit, id)

    return site.store.read_now(read)


def said(site: Site, reference: str, text: str) -> MessageId:
    """The number of what was said."""
    whole = site.store.read_now(messages.of, row(site, reference).id)
    return next(one.id for one in whole if one.text == text)


async def test_a_note_on_the_person_stands_on_every_page_of_theirs_until_it_holds_no_more(site: Site) -> None:
    one, two = (came(site, BOOK, "lena@example.com", text, text) for text in ("One", "Two"))
    visitor = await signed_in(site, BOOK)
    page = await acts(visitor, one, "contact_note", text="Call <b>before</b> noon")
    assert "The note on the person stands" in page
    shown = await visitor.get(f"/c/{two}")
    assert "Call &lt;b&gt;before&lt;/b&gt; noon" in shown.text
    ended = await acts(visitor, two, "contact_note", ended=hidden(shown, "ended"))
    assert "&lt;b&gt;before" not in ended


async def test_what_we_know_of_them_is_corrected_and_their_mail_is_blocked(site: Site) -> None:
    one = came(site, BOOK, "lena@example.com", "One")
    visitor = await signed_in(site, BOOK)
    page = await acts(visitor, one, "contact", name="Lena Berg", organization="Berg AG", add="vip", language="fa")
    for words in ('value="Lena Berg"', 'value="Berg AG"', 'value="vip"'):
        assert words in page
    page = await acts(visitor, one, "spam", block="true")
    assert "lena@example.com is blocked" in page
    assert row(site, one).state == "spam"
    assert "is not blocked any more" in await acts(visitor, one, "unblock", identity="email:lena@example.com")


async def test_tasks_are_listed_on_the_page_and_done_there(site: Site) -> None:
    one = came(site, BOOK, "lena@example.com", "One")
    visitor = await signed_in(site, BOOK)
    page = await acts(visitor, one, "task", text="Call the carrier", by="2h")
    assert "Call the carrier" in page
    number = page.split('name="task" value="')[1].split('"')[0]
    assert 'name="task" value=' not in await acts(visitor, one, "task_done", task=number)


async def test_conversations_become_one_and_come_apart_again(site: Site) -> None:
    one, two = (came(site, BOOK, "lena@example.com", text, text) for text in ("One", "Two"))
    visitor = await signed_in(site, BOOK)
    assert "name each other now" in await acts(visitor, one, "relate", to=two)
    assert f'href="/c/{two}"' in (await visitor.get(f"/c/{one}")).text
    page = await acts(visitor, two, "merge", into=one.lower())
    assert "went into" in page
    assert (await visitor.get(f"/c/{two}")).headers["location"] == f"/c/{one}"
    page = await acts(visitor, one, "split", messages=str(said(site, one, "Two")), subject="Apart")
    assert "a conversation of their own now" in page
    refused = await acts(visitor, one, "split", messages=str(said(site, one, "One")))
    assert "something has to stay" in refused
    assert "said-wrong" in refused


async def test_watching_and_undoing_are_one_press_each(site: Site) -> None:
    one = came(site, BOOK, "lena@example.com", "One")
    visitor = await signed_in(site, BOOK)
    page = await acts(visitor, one, "watch")
    assert "Watched by Omid Rahimi" in page
    assert f'action="/c/{one}/do/unwatch"' in page
    before = row(site, one).priority
    await acts(visitor, one, "priority", priority="urgent")
    page = await acts(visitor, one, "undo")
    assert "Undone" in page
    assert row(site, one).priority == before
    assert "The last act was undone" in page


async def test_it_is_passed_on_and_followed_up_from_the_page(site: Site) -> None:
    one = came(site, BOOK, "lena@example.com", "Where is it?", "Parcel")
    visitor = await signed_in(site, BOOK)
    page = await acts(visitor, one, "forward", to="carrier@example.net", text="Can you look?", messages="")
    assert "Passed on to carrier@example.net" in page
    page = await acts(visitor, one, "follow_up", subject="Your parcel", text="Did it come?")
    assert "follows" in page
    sent = site.store.read_now(lambda u: [deliveries.one(u, r.id) for r in u.execute(t.delivery.select())])
    assert [d.purpose for d in sent if d] == ["forward", "reply"]


async def test_an_agent_writes_first_and_lands_on_the_conversation(site: Site) -> None:
    visitor = await signed_in(site, BOOK)
    page = await visitor.get("/new?to=lena@example.com")
    assert 'value="lena@example.com"' in page.text
    form = {"form_token": hidden(page, "form_token"), "once": hidden(page, "once"), "to": "lena@example.com"}
    wrong = await visitor.post("/new", {**form, "text": "It is ready."}, sec_fetch_site="same-origin")
    assert (wrong.status, "A mail needs a subject." in wrong.text, "It is ready." in wrong.text) == (422, True, True)
    whole = {**form, "subject": "Your order", "text": "It is ready.", "assignee": "sara"}
    for _ in range(2):
        sent = await visitor.post("/new", whole, sec_fetch_site="same-origin")
        assert sent.status == 303
    assert len(site.store.read_now(lambda u: list(u.execute(t.conversation.select())))) == 1, "pressed twice, sent once"
    landed = await visitor.get(sent.headers["location"])
    assert "Your order" in landed.text
    assert "It is ready." in landed.text


async def test_somebody_whom_we_know_is_named_on_the_form(site: Site) -> None:
    one = came(site, BOOK, "lena@example.com", "One", name="Lena")
    visitor = await signed_in(site, BOOK)
    page = await visitor.get(f"/new?to={row(site, one).contact}")
    assert "<bdi>Lena</bdi>" in page.text


@pytest.mark.parametrize("path", ["/new", "/new?to=1"])
async def test_the_owner_is_no_agent_and_writes_to_nobody(site: Site, path: str) -> None:
    visitor = await signed_in(site, BOOK, None)
    page = await visitor.get(path)
    assert (page.status, "<textarea" in page.text) == (200, False)
    one = came(site, BOOK, "lena@example.com", "One")
    assert f"/c/{one}/do/merge" not in (await visitor.get(f"/c/{one}")).text


async def test_only_leads_let_somebody_see_what_their_organization_asks(site: Site) -> None:
    one = came(site, BOOK, "lena@example.com", "One")
    visitor = await signed_in(site, BOOK)
    page = await acts(visitor, one, "contact", organization="Berg AG")
    assert "/do/sight" not in page
    assert "for leads" in await acts(visitor, one, "sight", right="give")
    site.store.write_now(lambda unit: unit.execute(sa.update(t.agent).values(lead=True)))
    site.store.write_now(changed)
    assert 'name="right" value="give"' in (await visitor.get(f"/c/{one}")).text
    assert "Take it back" in await acts(visitor, one, "sight", right="give")
    assert site.store.read_now(sights.seeing, [1]) == {1}
    assert "Give the right" in await acts(visitor, one, "sight", right="take")
    assert site.store.read_now(sights.seeing, [1]) == frozenset()
