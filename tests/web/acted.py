"""A site on which agents can act: conversations that came in by the whole path, and somebody who is signed in."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from inbox.domain.arrivals import Arrival
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import AgentId, ArrivalId, ChannelName, NetworkKey
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.pipeline.receive import receive
from inbox.render import Templates
from inbox.site import catalogues
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.wording import load
from tests.web.asking import Visitor, hidden
from tests.web.rulebooks import book
from tests.web.sites import NOW, OMID, Site

SUPPORT, BOT = ChannelName("support"), ChannelName("bot")
SHIPPED = Path(__file__).parents[2] / "templates"


def acting_book() -> Playbook:
    """Mail and a chat, with the shipped templates."""
    brand = Brand("acme", "Acme")
    chat = MemoryCodec(MemoryOptions(subject=False))
    return replace(
        book(),
        channels={
            SUPPORT: Speaker(
                SUPPORT, "email", MemoryCodec(MemoryOptions()), ("support@acme.example",), brand, timedelta(days=7)
            ),
            BOT: Speaker(BOT, "telegram", chat, ("acme_bot",), brand, timedelta(days=1)),
        },
        templates=Templates([SHIPPED]),
        wording=load(catalogues()),
    )


def came(site: Site, book: Playbook, address: str, text: str, subject: str = "", name: str = "") -> str:
    """Somebody wrote by mail; the reference of the conversation that it opened."""

    def unit(unit: Unit) -> str:
        count = len(list(unit.execute(t.arrival.select())))
        key = f"{count}@customer"
        row = unit.insert(t.arrival, channel=SUPPORT, key=key, size=1, received_at=NOW)
        arrival = Arrival(ArrivalId(row), SUPPORT, key, NOW, b"")
        said = InboundMessage(
            "message",
            NetworkKey(key),
            key,
            Address(address, name),
            subject=subject,
            text=text,
            reply_text=text,
            language="en",
        )
        receive(unit, arrival, said, book, NOW)
        found = unit.execute(t.conversation.select().order_by(t.conversation.c.id.desc())).first()
        assert found is not None
        return str(found.reference)

    return site.store.write_now(unit)


async def signed_in(site: Site, book: Playbook, agent: AgentId | None = OMID) -> Visitor:
    """An agent at the pages."""
    visitor = Visitor(site.app(playbook=lambda: book))
    assert (await visitor.sign_in(site.link(f"token-{agent}", agent))).status == 303
    return visitor


async def acts(visitor: Visitor, reference: str, action: str, **fields: str) -> str:
    """A form of the conversation's page is sent; what the next page says about it."""
    page = await visitor.get(f"/c/{reference}")
    form = {"form_token": hidden(page, "form_token"), **fields}
    sent = await visitor.post(f"/c/{reference}/do/{action}", form, sec_fetch_site="same-origin")
    assert sent.status == 303
    while "location" in sent.headers:  # a merged conversation leads on to the one that it went into
        sent = await visitor.get(sent.headers["location"])
    return sent.text
