"""What agents do about who a customer is: link, undo, have it proved; each with its words."""

import pytest

from inbox.actions.registry import Misused
from inbox.domain import events as ev
from inbox.pipeline.reply import Refused
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, asks, chats, code, default, proves, same, who


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail, and a bot that goes on by mail."""
    opened = houses(more=CHANNELS)
    await opened.settle()
    return opened


async def two(house: House) -> None:
    """Lena by mail, and somebody in the chat who is her too."""
    await house.customer("lena@x", "Lena").writes("My order is late.")
    await chats(house, "777", "It is me.")


@pytest.mark.parametrize("to", ["memory:lena@x", "{reference}", "{number}"])
async def test_an_agent_links_the_customer_to_somebody_we_know_and_undoes_it(house: House, to: str) -> None:
    await two(house)
    lena, chat = house.conversations()
    to = to.format(reference=lena.reference, number=lena.contact)
    done = await house.agent("reza").does(chat, "link", to=to)
    assert (done.key, done.facts["address"], done.facts["contact"]) == ("done.linked", "chat:777", lena.contact)
    assert house.conversations()[1].contact == lena.contact
    assert who(house, "chat", "777")[1].verified_at is None
    (event,) = house.told(chat, ev.ContactSet)
    assert event.how == "agent"
    assert house.log(chat)[-1].actor.name == "Reza"
    again = await house.agent("reza").does(chat, "link", to=to)
    assert again.key == "done.linked_already"
    undone = await house.agent("sara").does(chat, "unlink")
    assert (undone.key, undone.facts["address"]) == ("done.unlinked", "chat:777")
    assert house.conversations()[1].contact == chat.contact
    with pytest.raises(Refused, match="nothing_to_undo"):
        await house.agent("sara").does(chat, "unlink")


async def test_two_contacts_become_one_with_all_their_addresses(house: House) -> None:
    await two(house)
    await proves(house, "777", "lena2@x")
    lena, chat = house.conversations()
    await house.agent("reza").does(chat, "link", to="memory:lena@x", everything=True)
    assert same(house, "memory:lena@x", "memory:lena2@x", "chat:777")
    await house.agent("reza").does(lena, "unlink", identity="memory:lena2@x")
    await house.agent("reza").does(lena, "unlink", identity="chat:777")
    assert not same(house, "memory:lena@x", "memory:lena2@x")
    assert same(house, "memory:lena2@x", "chat:777"), "as it was before"


async def test_the_clocks_of_a_conversation_do_not_move_when_it_changes_hands(house: House) -> None:
    await two(house)
    chat = house.conversations()[1]
    before = house.clocks(chat)
    await house.agent("reza").does(chat, "link", to="memory:lena@x")
    assert house.clocks(chat) == before


async def test_nobody_is_linked_to_one_of_us_or_to_nobody(house: House) -> None:
    await two(house)
    chat = house.conversations()[1]
    for to, key in [
        ("memory:reza@acme", "link.ours"),
        ("memory:support@acme", "link.ours"),
        ("99999", "link.nobody"),
        ("fax:1", "link.nobody"),
        ("ZZZZ", "link.nobody"),
        ("memory:no one@x", "link.impossible"),
    ]:
        with pytest.raises(Refused) as told:
            await house.agent("reza").does(chat, "link", to=to)
        assert told.value.key == key, to
    with pytest.raises(Refused, match="not_theirs"):
        await house.agent("reza").does(chat, "link", to="memory:lena@x", identity="memory:other@x")
    with pytest.raises(Misused):
        await house.agent("reza").does(chat, "link")


async def test_an_agent_has_an_address_proved_and_then_it_can_be_written_to(house: House) -> None:
    await chats(house, "777", "Write to lena@x, please.")
    matter = house.only()
    done = await house.agent("reza").does(matter, "prove", address="lena@x")
    assert (done.key, done.facts["address"]) == ("done.proof_sent", "lena@x")
    assert [e.actor.name for e in house.log(matter) if isinstance(e.payload, ev.Noticed)] == ["Reza"]
    await chats(house, "777", code(house, "lena@x"))
    await house.agent("reza").replies(matter, "Here.", over="memory:lena@x")
    assert "Here." in house.mails_to("lena@x")[-1]["text"]
    assert default(house, matter) == "chat:777"


async def test_what_speaks_against_a_proof_is_said(house: House) -> None:
    await chats(house, "777", "Hi")
    await house.customer("omid@x").writes("Hi")
    chat, mail = house.conversations()
    for matter, address, key in [
        (chat, "reza@acme", "prove.impossible"),
        (chat, "chat:888", "prove.off"),
        (mail, "memory:omid2@x", "prove.uncertain"),
    ]:
        with pytest.raises(Refused) as told:
            await house.agent("reza").does(matter, "prove", address=address)
        assert told.value.key == key
    for _ in range(3):
        await asks(house, "777", "lena@x")
    with pytest.raises(Refused, match="too_often"):
        await house.agent("reza").does(chat, "prove", address="lena@x")
