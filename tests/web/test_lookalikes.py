"""Senders who look like somebody else, on the page of a conversation: the address as it is, a sentence of warning, and nothing turned around."""

import re

import pytest
import sqlalchemy as sa

from inbox.domain.arrivals import Arrival
from inbox.domain.ids import ArrivalId
from inbox.pipeline.receive import receive
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.bidi import FSI, PDI
from tests.unit.email.letters import mail
from tests.web.answering import SUPPORT, answering, mail_codec, writing
from tests.web.reader import Page
from tests.web.sites import NOW, WORDING, Site

BOOK = answering(mail_codec())


def came(site: Site, sender: str) -> str:
    """A mail came in; the reference of its conversation."""
    raw = mail(sender=sender)

    def unit(unit: Unit) -> str:
        row = unit.insert(t.arrival, channel=SUPPORT, key="1", size=len(raw), received_at=NOW)
        [said] = mail_codec().parse(raw)
        receive(unit, Arrival(ArrivalId(row), SUPPORT, "1", NOW, raw), said, BOOK, NOW)
        return str(unit.execute(sa.select(t.conversation.c.reference)).scalar_one())

    return site.store.write_now(unit)


@pytest.mark.parametrize(
    ("sender", "shown", "warned"),
    [
        ("Apple <x@xn--pple-43d.com>", "x@xn--pple-43d.com", "look-alike-address"),
        ("Apple <x@\u0430pple.com>", "x@xn--pple-43d.com", "look-alike-address"),
        ("Acme <support@acrne.example>", "support@acrne.example", "look-alike-address"),
        ("\u0405upport <x@evil.test>", "x@evil.test", "mixed-script-name"),
        ("Lena \u202etroppus <x@evil.test>", "x@evil.test", "bidi-override-in-sender"),
        ('"support@acme.example" <x@evil.test>', "x@evil.test", "name-shows-another-address"),
        ("Omid Rahimi <x@evil.test>", "x@evil.test", "name-of-an-agent"),
        ("0mid R\u0430h\u0456mi (Acme) <x@evil.test>", "x@evil.test", "name-of-an-agent"),
        ("سارا محمدی <x@evil.test>", "x@evil.test", "name-of-an-agent"),
    ],
)
async def test_s39_whoever_looks_like_somebody_else_is_shown_as_who_they_are_with_a_warning(
    site: Site, sender: str, shown: str, warned: str
) -> None:
    reference = came(site, sender)
    visitor = await writing(site, book=BOOK)
    for language in ("en", "fa"):
        answer = await visitor.get(f"/c/{reference}?lang={language}")
        words = re.sub(f"[{FSI}{PDI}]", "", Page(answer).words)
        assert WORDING.say(language, f"defect.{warned}") in words
        assert shown in words
        assert not re.search("[\u202a-\u202e]", answer.text)
        assert "\u0430pple" not in answer.text


@pytest.mark.parametrize(
    "sender", ["Lena Omid <lena@example.com>", "سارا احمدی <s@example.com>", "Иван <ivan@example.com>"]
)
async def test_whoever_is_nobody_else_is_shown_without_one(site: Site, sender: str) -> None:
    reference = came(site, sender)
    words = Page(await (await writing(site, book=BOOK)).get(f"/c/{reference}?lang=en")).words
    assert "Careful" not in words
