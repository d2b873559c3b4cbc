"""Screens of a menu on the network: what can be changed, what is said anew, and the commands that people's programs show."""

from dataclasses import replace

from channels.telegram.channel import line
from channels.telegram.commands import tell_commands
from channels.telegram.dialect import TABLE
from inbox.domain.choices import Offer
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Purpose
from tests.channels.telegram.fetching import fetching, until
from tests.channels.telegram.ground import BotGround

OFFERS = (Offer("Menu", "menu:en:top"),)
KNOWN = {"": (("menu", "What this bot can do"),), "fa": (("menu", "این ربات چه می‌تواند بکند"),)}


def screen(ground: BotGround, text: str, replaces: str = "") -> FrozenPart:
    key = NetworkKey(f"example_desk_bot/7/{replaces}" if replaces else "")
    return ground.part(text, purpose=Purpose.SCREEN, offers=OFFERS, replaces=key)


async def test_a_screen_changes_in_place_and_has_the_name_of_the_first(ground: BotGround) -> None:
    first = await ground.sent(screen(ground, "one"))
    (key,) = first.keys
    number = key.rpartition("/")[2]
    again = await ground.sent(screen(ground, "two", number))
    assert again.keys in ((key,), ()), "Bale does not tell the name of what it changed"
    assert ground.server.world.group.texts("7") == ["two"]


async def test_what_says_it_already_is_as_it_should_be(ground: BotGround) -> None:
    first = await ground.sent(screen(ground, "one"))
    number = first.keys[0].rpartition("/")[2]
    for _ in range(2):
        receipt = await ground.sent(screen(ground, "two", number))
    assert "not modified" in receipt.note


async def test_what_cannot_be_changed_any_more_is_said_anew(ground: BotGround) -> None:
    receipt = await ground.sent(screen(ground, "two", "999"))
    assert [line.method for line in ground.server.calls()] == ["sendMessage"]
    assert len(receipt.keys) == 1
    assert "not found" in receipt.note


async def test_on_a_host_that_changes_nothing_it_is_said_anew(ground: BotGround) -> None:
    ground.server.refuses("editMessageText", 404, "Not Found: method not found")
    first = await ground.sent(screen(ground, "one"))
    receipt = await ground.sent(screen(ground, "two", first.keys[0].rpartition("/")[2]))
    assert len(receipt.keys) == 1


async def told(ground: BotGround) -> None:
    """The commands are told over a line of their own."""
    spoken = line(ground.place, ground.options, TABLE[ground.row])
    await tell_commands(spoken, KNOWN)
    await spoken.close()


async def test_commands_are_told_once_in_each_language(telegram: BotGround) -> None:
    for _ in range(2):
        await told(telegram)
    said = telegram.server.calls("setMyCommands")
    assert [one.parameters.get("language_code", "") for one in said] == ["", "fa"], "what is known is not told again"
    assert telegram.server.world.commands["fa"] == [{"command": "menu", "description": KNOWN["fa"][0][1]}]
    assert all("all_private_chats" in one.parameters["scope"] for one in said)


async def test_a_network_that_takes_no_commands_is_left_alone(telegram: BotGround) -> None:
    telegram.server.garbage_for("getMyCommands")
    await told(telegram)
    telegram.server.refuses("getMyCommands", 404, "Not Found: method not found")
    await told(telegram)
    assert telegram.server.calls("setMyCommands") == []


async def test_whoever_fetches_tells_them_where_the_network_knows_such(ground: BotGround) -> None:
    ground.place = replace(ground.place, commands=KNOWN)
    ground.server.write("news")
    async with fetching(ground) as bot:
        await bot.next()
        if TABLE[ground.row].commands:
            await until(lambda: len(ground.server.calls("setMyCommands")) == 2)
    assert len(ground.server.calls("setMyCommands")) == (2 if ground.row == "telegram" else 0)
