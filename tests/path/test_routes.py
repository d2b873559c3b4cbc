"""Where an answer goes out is known beforehand, shown, and chosen; and what comes back comes to the same conversation."""

import json

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, State
from inbox.domain.deliveries import DeliveryState
from inbox.pipeline.reply import Refused
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, chats, default, proves, same, ways, who

S = DeliveryState
ONE_BOT = CHANNELS.partition("[channel.pages]")[0]
TWO_BOTS = f"""{ONE_BOT}
[channel.other]
kind = "chat"
address = "counter"
subject = false
certain_sender = true
first_sync = "new"
"""


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail and a bot, which goes on by mail."""
    opened = houses(more=CHANNELS)
    await opened.settle()
    return opened


async def known(house: House) -> Conversation:
    """Somebody who wrote to the bot, and proved a mail address there."""
    await chats(house, "777", "Where is my order?")
    await proves(house, "777", "lena@x")
    return house.only()


# -- one contact, two ways ---------------------------------------------------------------------------------------------
async def test_an_answer_goes_to_where_the_customer_last_wrote(house: House) -> None:
    matter = await known(house)
    assert default(house, matter) == "chat:777"
    await house.agent("reza").replies(matter, "Tomorrow.")
    assert [d.channel for d in house.deliveries("reply")] == ["bot"]


async def test_an_agent_chooses_the_other_way_and_the_answer_comes_back(house: House) -> None:
    matter = await known(house)
    await house.agent("reza").replies(matter, "The bill is long, so I write by mail.", over="memory:lena@x")
    mail = house.mails_to("lena@x")[-1]
    assert "I write by mail" in mail["text"]
    assert mail["subject"] == f"Your message ({matter.reference})", "a chat has no subject"
    assert "Where is my order?" in mail["text"], "what is answered is quoted"
    assert [one for one in mail["references"] if one] == [], "a chat's keys mean nothing in a mail"
    assert mail["thread"] == ""
    await house.customer("lena@x").answers("Thank you!")
    assert (house.only().messages, house.only().state) == (len(house.said(matter)), State.OPEN)
    assert default(house, matter) == "memory:lena@x", "they last wrote by mail"
    await house.agent("reza").replies(house.only(), "You are welcome.")
    assert "You are welcome." in house.mails_to("lena@x")[-1]["text"]


async def test_without_our_token_a_reference_leads_back_for_they_take_part(house: House) -> None:
    matter = await known(house)
    await house.agent("reza").replies(matter, "By mail.", over="memory")
    await house.customer("lena@x").answers("Thank you!", tokens=[])
    assert house.only().messages == len(house.said(matter))


async def test_back_into_the_chat(house: House) -> None:
    matter = await known(house)
    await house.agent("reza").replies(matter, "By mail.", over="lena@x")
    await house.customer("lena@x").answers("I prefer the chat.")
    await house.agent("reza").replies(house.only(), "Here I am.", over="bot")
    entry = house.network.received("777")[-1]
    assert (entry.said["thread"], "Here I am." in entry.said["text"]) == ("777", True)
    assert not [one for one in entry.said["references"] if "@x" in one]
    await chats(house, "777", "Good.")
    assert default(house, house.only()) == "chat:777"


async def test_references_of_a_thread_are_those_of_its_network(house: House) -> None:
    await house.customer("lena@x").writes("First", key="first@x")
    await chats(house, "777", "It is me.", key="9:9")
    await proves(house, "777", "lena@x")
    matter = house.conversations()[1]
    await house.agent("reza").replies(matter, "One by mail.", over="memory")
    await house.agent("reza").replies(matter, "Two by mail.", over="memory", anyway=True)
    one, two = house.mails_to("lena@x")[-2:]
    assert one["key"] in two["references"]
    assert "9:9" not in two["references"]


async def test_what_was_begun_in_vain_is_taken_in_once_they_take_part(house: House) -> None:
    """A mail that refers to a conversation in which its sender takes no part opens a new one; until they do."""
    await house.customer("omid@x").writes("My order is late")
    await house.agent("reza").replies(house.only(), "Tomorrow.")
    await house.customer("lena@x").writes("About that order", references=[house.mails_to("omid@x")[-1]["key"]])
    await chats(house, "777", "We are one and the same.")
    first, _, third = house.conversations()
    await house.agent("reza").does(third, "link", to="memory:omid@x")
    await proves(house, "777", "lena@x")
    assert same(house, "memory:omid@x", "memory:lena@x", "chat:777")
    await house.agent("reza").replies(first, "It came back to us.", over="memory:lena@x", anyway=True)
    merged = house.conversations()[1]
    assert merged.merged_into == first.id
    assert "About that order" in [m.text for m in house.said(first)]
    assert house.conversations()[0].state is State.OPEN, "what they wrote there is not answered yet"


# -- what cannot be ----------------------------------------------------------------------------------------------------
async def test_an_address_that_is_only_claimed_gets_nothing_from_another_channel(house: House) -> None:
    await chats(house, "777", "Where is my order?")
    await house.agent("reza").does(house.only(), "link", to="memory:lena@x")
    assert same(house, "chat:777", "memory:lena@x")
    assert ways(house, house.only())["memory:lena@x"].why == "claimed"
    with pytest.raises(Refused) as told:
        await house.agent("reza").replies(house.only(), "By mail.", over="memory:lena@x")
    assert (told.value.key, told.value.facts["address"]) == ("reply.claimed", "lena@x")
    assert house.mails_to("lena@x") == []


async def test_a_claimed_address_at_which_they_wrote_is_answered_there(house: House) -> None:
    await house.customer("lena@x").writes("Hi")
    assert ways(house, house.only())["memory:lena@x"].why == ""
    assert default(house, house.only()) == "memory:lena@x"


async def test_a_chat_with_somebody_who_never_wrote_there_is_no_way(house: House) -> None:
    await house.customer("lena@x").writes("Hi")
    await house.agent("reza").does(house.only(), "link", to="chat:777")
    assert ways(house, house.only())["chat:777"].why == "no_chat"
    with pytest.raises(Refused, match="no_chat"):
        await house.agent("reza").replies(house.only(), "In the chat.", over="chat")


async def test_the_right_one_of_two_bots(houses: Houses) -> None:
    house = houses(more=TWO_BOTS)
    await house.settle()
    await chats(house, "777", "Hi", to="counter")
    assert {name: one.channel for name, one in ways(house, house.only()).items()} == {"chat:777": "other"}


async def test_a_way_that_nobody_knows_and_one_that_is_not_clear(house: House) -> None:
    matter = await known(house)
    await house.agent("reza").does(matter, "link", to="memory:lena2@x")
    with pytest.raises(Refused) as told:
        await house.agent("reza").replies(matter, "?", over="fax")
    assert (told.value.key, told.value.facts["known"]) == ("reply.no_such_route", "chat:777, memory:lena@x")
    await house.agent("reza").does(matter, "unlink", identity="memory:lena2@x")
    await proves(house, "777", "lena2@x")
    with pytest.raises(Refused, match="several_routes"):
        await house.agent("reza").replies(matter, "?", over="memory")
    assert len(house.mails_to("lena@x")) == 1, "the code"


async def test_without_a_channel_that_leads_there_it_is_told(houses: Houses) -> None:
    house = houses(more=ONE_BOT)
    await house.settle()
    matter = await known(house)
    network, clock = house.network, house.clock
    house = houses(more=ONE_BOT.replace('continues_on = "support"', ""), network=network, clock=clock)
    assert ways(house, matter)["memory:lena@x"].channel == "support", "it is the only one of its kind"


# -- who is gone -------------------------------------------------------------------------------------------------------
async def test_f8_who_shut_us_out_is_unreachable_and_the_answer_names_the_other_way(house: House) -> None:
    matter = await known(house)
    house.network.faults.shuts_out("777")
    await house.agent("reza").replies(matter, "Tomorrow.")
    assert who(house, "chat", "777")[1].unreachable
    (failed,) = house.deliveries("reply")
    assert failed.state is S.FAILED
    reason = json.loads(house.told(matter, ev.DeliverySettled)[-1].reason)
    assert (reason["key"], reason["facts"]["over"]) == ("delivery.gone", "memory:lena@x")
    assert reason["facts"]["reference"] == matter.reference
    assert house.only().state is State.OPEN
    assert house.clocks(matter)["first_reply"].open, "nothing was answered"
    assert default(house, matter) == "memory:lena@x"
    await house.agent("reza").replies(house.only(), "Tomorrow.")
    assert "Tomorrow." in house.mails_to("lena@x")[-1]["text"]


async def test_whoever_is_gone_and_has_no_other_way_stays_the_way_and_says_why(house: House) -> None:
    await chats(house, "777", "Hi")
    house.network.faults.shuts_out("777")
    await house.agent("reza").replies(house.only(), "Hello.")
    assert json.loads(house.told(house.only(), ev.DeliverySettled)[-1].reason)["key"] == "memory.gone"
    assert (default(house, house.only()), ways(house, house.only())["chat:777"].why) == ("chat:777", "unreachable")


async def test_whoever_writes_again_can_be_reached_again(house: House) -> None:
    matter = await known(house)
    house.network.faults.shuts_out("777")
    await house.agent("reza").replies(matter, "Tomorrow.")
    await chats(house, "777", "I am back.")
    assert who(house, "chat", "777")[1].unreachable == ""
    assert default(house, matter) == "chat:777"


async def test_a_forged_mail_does_not_make_an_address_reachable(house: House) -> None:
    await house.customer("lena@x").writes("Hi")
    house.network.faults.shuts_out("lena@x")
    await house.agent("reza").replies(house.only(), "Hello.")
    await house.customer("lena@x").writes("Hi", authentication="fail")
    assert who(house, "memory", "lena@x")[1].unreachable
    house.network.faults.lets_through("lena@x")
    await house.customer("lena@x").writes("Hi", authentication="pass")
    assert not who(house, "memory", "lena@x")[1].unreachable
