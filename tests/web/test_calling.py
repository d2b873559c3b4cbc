"""Calls on the pages: logged by a form that works by itself, told on the conversation's page; how a message sounds, and a request for
courtesy."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from channels.phone.codec import PhoneCodec
from channels.phone.options import PhoneOptions
from inbox.blobs import Blobs
from inbox.domain.ids import ChannelName
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.store import tables as t
from inbox.text.tone import ToneWords
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.asking import Visitor, hidden
from tests.web.sites import WORDING, Site

PHONE = ChannelName("phone")
TONES = ToneWords.of({"abusive": ["idiots"], "urgent": ["urgent", "فوری"]}, ["not"], [])


def calling_book(site: Site, folder: Path) -> Playbook:
    """Mail, a chat and a telephone."""
    site.store.write_now(lambda unit: unit.add(t.channel, {"name": PHONE, "kind": "phone"}))
    made = acting_book()
    phone = Speaker(PHONE, "phone", PhoneCodec(PhoneOptions()), ("phone",), Brand("acme", "Acme"), timedelta(days=3))
    channels = {**made.channels, PHONE: phone}
    return replace(made, channels=channels, tones=TONES, wording=WORDING, blobs=Blobs(folder / "blobs"))


@pytest.fixture
def book(site: Site, tmp_path: Path) -> Playbook:
    """Mail, a chat and a telephone."""
    return calling_book(site, tmp_path)


async def logs(visitor: Visitor, at: str = "/call", **fields: str) -> str:
    """The form is sent; what the next page says."""
    page = await visitor.get(at)
    form = {"form_token": hidden(page, "form_token"), "reference": hidden(page, "reference"), **fields}
    sent = await visitor.post("/call", form, sec_fetch_site="same-origin")
    while "location" in sent.headers:
        sent = await visitor.get(sent.headers["location"])
    return sent.text


async def test_a_call_is_logged_and_stands_in_its_conversation(site: Site, book: Playbook) -> None:
    visitor = await signed_in(site, book)
    page = await logs(visitor, way="in", outcome="missed", number="0912 123 4567", name="Lena")
    assert "The call is logged" in page
    assert "Missed call from" in page
    assert "+989121234567" in page
    assert "nothing can be written to a telephone" in page


async def test_a_call_is_logged_in_a_conversation_whose_number_is_known_then(site: Site, book: Playbook) -> None:
    one = came(site, book, "lena@example.com", "Where is it?")
    visitor = await signed_in(site, book)
    assert f'href="/call?ref={one}"' in (await visitor.get(f"/c/{one}")).text
    page = await logs(
        visitor,
        f"/call?ref={one}",
        way="out",
        outcome="answered",
        number="09121234567",
        length="3:20",
        text="Told <b>her</b>",
    )
    assert "Told &lt;b&gt;her&lt;/b&gt;" in page
    assert "answered" in page
    again = await visitor.get(f"/call?ref={one}")
    assert "+98 912 123 4567" in again.text
    assert "Missed call" not in await logs(visitor, f"/call?ref={one}", way="out", outcome="busy")


async def test_what_is_wrong_is_told_above_the_form_as_it_was_filled_in(site: Site, book: Playbook) -> None:
    visitor = await signed_in(site, book)
    page = await logs(visitor, number="nobody", text="what she said")
    assert "“nobody” is no telephone number" in page
    assert "what she said" in page


async def test_nobody_logs_a_call_where_they_see_nothing(site: Site, book: Playbook) -> None:
    stranger = Visitor(site.app(playbook=lambda: book))
    assert (await stranger.get("/call")).status == 403
    visitor = await signed_in(site, book)
    assert (await visitor.get("/call?ref=ZZZZ")).status == 404


async def test_without_a_telephone_channel_that_is_told(site: Site) -> None:
    visitor = await signed_in(site, acting_book())
    page = (await visitor.get("/call")).text
    assert "no channel for calls" in page
    assert 'name="number"' not in page


async def test_how_a_message_sounds_stands_beside_it_with_its_words(site: Site, book: Playbook) -> None:
    one = came(site, book, "lena@example.com", "This is urgent, you idiots")
    visitor = await signed_in(site, book)
    page = (await visitor.get(f"/c/{one}")).text
    assert "these words: idiots" in page
    assert "says nothing about the person" in page
    for query in ("tone:abusive", "لحن:توهین‌آمیز", "tone:urgent"):
        assert one in (await visitor.get(f"/?{urlencode({'q': query})}")).text
    assert one not in (await visitor.get("/?q=tone:angry")).text
    two = came(site, book, "lena@example.com", "Not urgent")
    assert "these words" not in (await visitor.get(f"/c/{two}")).text


async def test_a_customer_is_asked_for_courtesy_by_a_person_and_once(site: Site, book: Playbook) -> None:
    one = came(site, book, "lena@example.com", "You idiots")
    visitor = await signed_in(site, book)
    page = await acts(visitor, one, "warn")
    assert "is asked for courtesy" in page
    assert "without insults or threats" in page
    assert "Asked for courtesy before" in page
    assert "already" in await acts(visitor, one, "warn")
    two = came(site, book, "lena@example.com", "Another matter, idiots")
    shown = (await visitor.get(f"/c/{two}")).text
    assert f'href="/c/{one}"' in shown
    assert "We have asked you for this before" in await acts(visitor, two, "warn")
