"""Houses with more than mail: a bot, pages of our own, and people who write on several of them."""

import re
from functools import partial
from typing import Any

from inbox.domain.conversations import Conversation
from inbox.domain.ids import ChannelName, MessageId
from inbox.domain.people import Contact, Identity
from inbox.pipeline import prove, proved, seen, transcript
from inbox.pipeline.routes import Route, routes
from inbox.ports.face import Answered, Asked, Standing
from inbox.store import conversations, people
from tests.path.house import House

BOT, PAGES = ChannelName("bot"), ChannelName("pages")
CHANNELS = """
[channel.bot]
kind = "chat"
address = "desk"
subject = false
certain_sender = true
resend_safe = false
first_sync = "new"
continues_on = "support"

[channel.pages]
kind = "pages"
address = "widget"
subject = false
certain_sender = true
live = true
resend_safe = false
first_sync = "new"
continues_on = "support"
"""


async def chats(house: House, who: str, text: str, to: str = "desk", **more: object) -> None:
    """Somebody writes to the bot (or by our pages, `to="widget"`), alone with it."""
    await house.customer(who).writes(text, to=to, thread=who, **more)


def who(house: House, kind: str, address: str) -> tuple[Contact, Identity]:
    """Whose address it is."""
    known = house.store.read_now(people.known, kind, address)
    assert known is not None
    return known


def same(house: House, *addresses: str) -> bool:
    """Whether these (`kind:address`) are one contact."""
    return len({who(house, *one.split(":"))[0].id for one in addresses}) == 1


async def asks(house: House, chatter: str, address: str, channel: ChannelName = BOT, **more: Any) -> Asked:
    """The chatter says that a mail address is theirs."""
    book = house.playbook()
    ask = partial(prove.begin, **more)
    said = house.store.write_now(ask, book.channels[channel], chatter, address, "en", book, house.clock.now())
    await house.settle()
    return said


async def types(house: House, chatter: str, code: str, channel: ChannelName = BOT) -> Answered:
    """The chatter types a code into a field of ours."""
    book = house.playbook()
    worth = house.store.write_now(prove.finish, book.channels[channel], chatter, code, book, house.clock.now())
    await house.settle()
    return worth


async def proves(house: House, chatter: str, address: str, channel: ChannelName = BOT) -> None:
    """All of it."""
    assert await asks(house, chatter, address, channel) == "sent"
    assert await types(house, chatter, code(house, address), channel) == "proved"


def code(house: House, address: str) -> str:
    """The code in the latest message to an address."""
    (found,) = re.findall(r"^\d{6}$", house.mails_to(address)[-1]["text"], re.MULTILINE)
    return str(found)


async def vouches(house: House, chatter: str, address: str, name: str = "") -> bool:
    """The site says under its signature who it is."""
    book = house.playbook()
    done = house.store.write_now(proved.vouch, book.channels[PAGES], chatter, address, name, book, house.clock.now())
    await house.settle()
    return done


def standing(house: House, chatter: str, channel: ChannelName = PAGES) -> Standing:
    """What we would tell them of themselves."""
    book = house.playbook()
    return house.store.read_now(proved.standing, book.channels[channel], chatter, book, house.clock.now())


async def looks(house: House, visitor: str, upto: int) -> int:
    """The visitor sees their thread up to a message; how many copies are dropped."""
    speaker = house.playbook().channels[PAGES]
    dropped = house.store.write_now(seen.seen, speaker, visitor, MessageId(upto), house.clock.now())
    await house.settle()
    return dropped


async def wants_transcript(house: House, visitor: str, language: str = "en") -> bool:
    """The visitor asks for it."""
    book = house.playbook()
    now = house.clock.now()
    sent = house.store.write_now(transcript.mail_transcript, book.channels[PAGES], visitor, language, book, now)
    await house.settle()
    return sent


def ways(house: House, matter: Conversation) -> dict[str, Route]:
    """Where an answer can go, by name."""
    fresh = house.store.read_now(conversations.peek, matter.id)
    return {one.name: one for one in house.store.read_now(routes, fresh, house.playbook())}


def default(house: House, matter: Conversation) -> str:
    """Where it goes by itself."""
    return next((name for name, one in ways(house, matter).items() if one.default), "")
