"""A site with a portal: mails and chats that came in, and browsers of those who wrote them."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from channels.portal.codec import PortalCodec
from inbox.domain.arrivals import Arrival
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import ArrivalId, ChannelName, NetworkKey
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.pipeline.receive import receive
from inbox.store import channels
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.acted import SUPPORT, acting_book
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import NOW, Site

PORTAL = ChannelName("portal")
LENA, MALLORY = "lena@example.com", "mallory@elsewhere.test"
SECRET = "Where is parcel 7311?"
ACCOUNT = "Confirm your new account at https://slack.example/confirm/31337"


@dataclass
class Place:
    """A site with a portal, and mails that came in."""

    site: Site
    book: Playbook
    mails: int = 0

    def mail(self, sender: str, text: str, name: str = "", **more: object) -> str:
        """Somebody wrote; the reference of the conversation in which it stands."""
        self.mails += 1
        key = f"<{self.mails}@customer>"

        def unit(unit: Unit) -> str:
            row = unit.insert(t.arrival, channel=SUPPORT, key=key, size=1, received_at=NOW)
            said = InboundMessage("message", NetworkKey(key), key, Address(sender, name), text=text, reply_text=text)
            arrival = Arrival(ArrivalId(row), SUPPORT, key, NOW, b"")
            receive(unit, arrival, replace(said, language="en", **more), self.book, NOW)  # type: ignore[arg-type]  # by name
            newest = sa.select(t.conversation.c.reference).join_from(t.message, t.conversation)
            return str(unit.execute(newest.order_by(t.message.c.id.desc()).limit(1)).scalar_one())

        return self.site.store.write_now(unit)

    def chat(self, text: str, *, certain: bool = True) -> str:
        """Somebody wrote to the bot; the reference of the newest conversation."""
        self.mails += 1
        key, bot = f"{self.mails}@chat", ChannelName("bot")
        codec = MemoryCodec(MemoryOptions(subject=False, certain_sender=certain))
        book = replace(self.book, channels={**self.book.channels, bot: replace(self.book.channels[bot], codec=codec)})

        def unit(unit: Unit) -> str:
            row = unit.insert(t.arrival, channel=bot, key=key, size=1, received_at=NOW)
            said = InboundMessage("message", NetworkKey(key), key, Address("77553"), text=text, thread="77553")
            receive(unit, Arrival(ArrivalId(row), bot, key, NOW, b""), said, book, NOW)
            return str(unit.execute(sa.select(t.conversation.c.reference)).scalars().all()[-1])

        return self.site.store.write_now(unit)

    def visitor(self) -> Visitor:
        """A browser."""
        return Visitor(self.site.app(playbook=lambda: self.book))

    def told(self, column: "sa.ColumnElement[object]", *which: sa.ColumnElement[bool]) -> list[object]:
        """A column of the store."""
        return self.site.store.read_now(lambda unit: list(unit.execute(sa.select(column).where(*which)).scalars()))

    def letters(self, to: str = "") -> list[str]:
        """What was written to let somebody in, oldest first."""
        part = sa.and_(
            t.delivery.c.message_id == t.delivery_body.c.message_id, t.delivery.c.part == t.delivery_body.c.part
        )
        sent = sa.select(t.delivery_body.c.body).join_from(t.delivery, t.delivery_body, part)
        which = sent.where(t.delivery.c.cause.like("sign-in %"), t.delivery.c.lane.like(f"%{to}"))
        bodies = self.site.store.read_now(lambda unit: list(unit.execute(which.order_by(t.delivery.c.id)).scalars()))
        return [body.decode() for body in bodies]

    async def came_in(self, address: str) -> Visitor:
        """By the code of a letter."""
        visitor = self.visitor()
        await asked(visitor, address)
        answer = await typed(visitor, code_of(self.letters(address)[-1]))
        assert (answer.status, answer.headers["location"]) == (303, "/portal")
        return visitor


def portal_of(site: Site) -> Place:
    """A portal on that site."""
    site.options = site.options.model_copy(update={"public_url": "https://help.acme.example"})
    site.store.write_now(channels.ensure, PORTAL, "portal")
    brand = Brand("acme", "Acme", accent="#7a1fa2")
    speaker = Speaker(PORTAL, "portal", PortalCodec(), ("portal",), brand, timedelta(days=30), continues_on=SUPPORT)
    book = acting_book()
    return Place(
        site,
        replace(book, channels={**book.channels, PORTAL: speaker}, public_url="https://help.acme.example"),
    )


async def asked(visitor: Visitor, address: str) -> Answer:
    """A letter is asked for."""
    page = await visitor.get("/portal/sign-in?lang=en")
    form = {"form_token": hidden(page, "form_token"), "address": address}
    return await visitor.post("/portal/sign-in", form, sec_fetch_site="same-origin")


async def typed(visitor: Visitor, code: str) -> Answer:
    """A code is typed where it was asked for."""
    page = await visitor.get("/portal/code")
    form = {"form_token": hidden(page, "form_token"), "code": code}
    return await visitor.post("/portal/code", form, sec_fetch_site="same-origin")


def code_of(letter: str) -> str:
    found = re.search(r"(?:\\n|\s)(\d{6})(?:\\n|\s)", letter)
    assert found is not None
    return found[1]


def link_of(letter: str) -> str:
    found = re.search(r"https://help\.acme\.example(/portal/enter/[a-z0-9]+)", letter)
    assert found is not None
    return found[1]


def bare(answer: Answer) -> str:
    """A page without what is new each time."""
    return re.sub(r'value="[0-9a-f]{64}"|name="once" value="[^"]*"', "", answer.text)
