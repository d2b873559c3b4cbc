"""An address is somebody's who types the code that was sent there: then two identities are one contact."""

import re

import pytest

from inbox.domain.ids import ChannelName
from inbox.domain.people import Contact, Identity
from inbox.pipeline import prove
from inbox.store import people
from tests.path.conftest import Houses
from tests.path.house import House

BOT = ChannelName("bot")
CHAT = """
[channel.bot]
kind = "chat"
address = "desk"
subject = false
certain_sender = true
first_sync = "new"
continues_on = "support"
"""


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail and a bot, which goes on by mail."""
    opened = houses(more=CHAT)
    await opened.settle()
    return opened


async def chats(house: House, who: str, text: str, **more: object) -> None:
    """Somebody writes to the bot, alone with it."""
    await house.customer(who).writes(text, to="desk", thread=who, **more)


def who(house: House, kind: str, address: str) -> tuple[Contact, Identity]:
    known = house.store.read_now(people.known, kind, address)
    assert known is not None
    return known


async def asks(house: House, chatter: str, address: str, language: str = "en") -> str:
    """The chatter says that a mail address is theirs."""
    book = house.playbook()
    said = house.store.write_now(prove.begin, book.channels[BOT], chatter, address, language, book, house.clock.now())
    await house.settle()
    return said


def code(house: House, address: str) -> str:
    """The code in the latest mail to an address."""
    (found,) = re.findall(r"^\d{6}$", house.mails_to(address)[-1]["text"], re.MULTILINE)
    return str(found)


async def test_a_code_typed_in_the_chat_links_the_mail_address(house: House) -> None:
    await chats(house, "777", "Where is my order?")
    assert await asks(house, "777", "lena@x") == "sent"
    await chats(house, "777", code(house, "lena@x"))
    assert house.verdicts()[-1] == "accepted proof"
    contact, mail = who(house, "memory", "lena@x")
    assert contact.id == who(house, "chat", "777")[0].id
    assert mail.verified_at == house.clock.now()
    assert "lena@x is confirmed" in house.mails_to("777")[-1]["text"]
