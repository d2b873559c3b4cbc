"""A playbook with which conversations of the samples can be answered, and who answers them without a window."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from channels.email.codec import EmailCodec
from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from inbox.domain.ids import AgentId, ChannelName
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.ports.codec import Codec
from inbox.render import Templates
from inbox.render.macros import Macros
from inbox.rulebook.macros import read
from tests.web.asking import Visitor
from tests.web.rulebooks import NAMES, book
from tests.web.sites import OMID, Site

SHIPPED = Path(__file__).parents[2] / "templates"
SUPPORT, BOT = ChannelName("support"), ChannelName("bot")
MACROS = {
    "late": """
format = 1
title = { en = "Sorry for the delay", fa = "پوزش برای دیرکرد" }
text.en = "Dear {{ contact_name }}, we are sorry."
text.fa = "{{ contact_name }} گرامی، پوزش می‌خواهیم."
then.tag = ["apologised"]
then.priority = "high"
""",
    "which-order": """
format = 1
title = "Ask which order"
text.en = "Your order {{ ask.number }} is on its way."
ask.number = { en = "The number of the order?", fa = "شمارهٔ سفارش؟" }
""",
}


def answering(codec: Codec | None = None, **macros: str) -> Playbook:
    """The channels of the samples, mail and a chat, with the shipped templates and two macros."""
    mail = codec or MemoryCodec(MemoryOptions())
    brand = Brand("acme", "Acme")
    speakers = {
        SUPPORT: Speaker(SUPPORT, "email", mail, ("support@acme.example",), brand, timedelta(days=7)),
        BOT: Speaker(
            BOT, "telegram", MemoryCodec(MemoryOptions(subject=False)), ("acme_bot",), brand, timedelta(days=1)
        ),
    }
    held = {name: replace(one, send_after=timedelta(seconds=10)) for name, one in speakers.items()}
    made = {
        name: read(name, f"rules/macros/{name}.toml", text, NAMES).macro for name, text in {**MACROS, **macros}.items()
    }
    found = {name: macro for name, macro in made.items() if macro is not None}
    return replace(book(), channels=held, templates=Templates([SHIPPED]), macros=Macros(found))


def mail_codec() -> Codec:
    """The codec of real mail."""
    return EmailCodec(("support@acme.example",), b"a secret of the site" * 2)


async def writing(site: Site, agent: AgentId = OMID, book: Playbook | None = None) -> Visitor:
    """Somebody who is signed in to a site on which answers can be given."""
    chosen = book or answering()
    visitor = Visitor(site.app(playbook=lambda: chosen))
    assert (await visitor.sign_in(site.link(f"token-{agent}", agent))).status == 303
    return visitor
