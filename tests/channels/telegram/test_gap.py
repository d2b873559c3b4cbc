"""F16: what nobody fetched in time is gone; that it is so stands where people look, once."""

from datetime import timedelta

import pytest

from inbox.domain.problems import Unreadable
from tests.channels.telegram.fetching import fetching, texts
from tests.channels.telegram.ground import BotGround


class TestF16AnOutageLongerThanTheNetworkKeeps:
    async def test_the_gap_is_an_arrival_that_tells_of_itself(self, ground: BotGround) -> None:
        ground.server.write("before")
        async with fetching(ground) as bot:
            stored = await bot.next()
        ground.clock.advance(timedelta(hours=30))
        ground.server.write("after")
        async with fetching(ground, stored.cursor) as bot:
            lost = await bot.next()
            assert texts(ground, await bot.next())[-1] == "after"
        (item,) = lost.items
        with pytest.raises(Unreadable) as told:
            ground.codec().parse(item.raw)
        assert told.value.key == "bot.gap"
        assert told.value.facts == {"since": "2026-11-21 09:00 UTC", "until": "2026-11-22 15:00 UTC", "hours": 24}
        async with fetching(ground, lost.cursor) as bot:
            assert "after" in texts(ground, await bot.next()), "told once"

    async def test_killed_before_it_was_stored_it_is_told_under_the_same_name(self, ground: BotGround) -> None:
        ground.server.write("before")
        async with fetching(ground) as bot:
            stored = await bot.next()
        ground.clock.advance(timedelta(hours=30))
        ground.server.write("after")
        names = []
        for _ in range(2):
            async with fetching(ground, stored.cursor) as bot:
                names.append((await bot.next(stored=False)).items[0].key)
        assert names[0] == names[1]

    async def test_a_shorter_one_leaves_none_and_a_quiet_day_neither(self, ground: BotGround) -> None:
        ground.server.write("before")
        async with fetching(ground) as bot:
            stored = await bot.next()
        ground.clock.advance(timedelta(hours=23))
        ground.server.write("after")
        async with fetching(ground, stored.cursor) as bot:
            heard = await bot.next()
            assert (heard.items, heard.cursor != stored.cursor) == ((), True), "that it was heard is noted"
            assert texts(ground, await bot.next())[-1] == "after"
