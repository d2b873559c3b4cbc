"""F14: files that only the network has, and never more of them than the site wants."""

from pathlib import Path

import pytest

from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.problems import Permanent, Temporary
from tests.channels.telegram.ground import BotGround


async def collected(ground: BotGround, remote: str) -> Raw:
    channel = ground.channel()
    try:
        return await channel.collect(remote)
    finally:
        await channel.close()


def spooled(ground: BotGround) -> list[Path]:
    return sorted((ground.place.data / "spool").glob("*"))


async def test_a_large_one_lies_in_a_file(telegram: BotGround) -> None:
    content = bytes(range(256)) * 1000
    telegram.server.world.files["videos/1.mp4"] = content
    found = await collected(telegram, "videos/1.mp4")
    assert isinstance(found, Spooled)
    assert (found.size, found.path.read_bytes(), spooled(telegram)) == (len(content), content, [found.path])


async def test_one_larger_than_the_site_wants_is_not_fetched(telegram: BotGround) -> None:
    telegram.options = telegram.options.model_copy(update={"max_file": 1000})
    telegram.server.world.files["a"] = bytes(1001)
    with pytest.raises(Permanent) as told:
        await collected(telegram, "a")
    assert (told.value.key, spooled(telegram)) == ("bot.file_too_large_to_fetch", [])


async def test_one_larger_than_it_said_is_cut_off_and_thrown_away(telegram: BotGround) -> None:
    telegram.options = telegram.options.model_copy(update={"max_file": 1000})
    telegram.server.world.files["a"] = bytes(900)
    telegram.server.world.grown["a"] = 5_000_000
    with pytest.raises(Permanent):
        await collected(telegram, "a")
    assert spooled(telegram) == []


async def test_one_larger_than_the_network_gives_out_is_gone(telegram: BotGround) -> None:
    telegram.server.world.files["a"] = bytes(20_000_001)
    with pytest.raises(Permanent) as told:
        await collected(telegram, "a")
    assert told.value.key == "bot.file_gone"


@pytest.mark.parametrize("path", ["../secrets", "https://elsewhere.test/x", ""])
async def test_a_path_that_leads_elsewhere_is_not_followed(telegram: BotGround, path: str) -> None:
    telegram.server.world.files["a"] = b"x"
    telegram.server.world.paths["a"] = path
    with pytest.raises(Permanent):
        await collected(telegram, "a")


async def test_a_download_that_breaks_can_be_tried_again(telegram: BotGround) -> None:
    telegram.server.world.files["a"] = b"x" * 1000
    telegram.server.drops_after("a")
    with pytest.raises(Temporary):
        await collected(telegram, "a")
    assert spooled(telegram) == []
    assert await collected(telegram, "a") == b"x" * 1000
