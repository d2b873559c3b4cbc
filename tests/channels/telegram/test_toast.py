"""F18: whoever presses a button is told something, and nothing rests on it."""

import pytest

from inbox.domain.problems import Problem
from inbox.ports.channel import Telling
from tests.channels.telegram.ground import BotGround


class TestF18APressIsAlwaysAnswered:
    async def test_whoever_pressed_is_told_in_a_toast(self, ground: BotGround) -> None:
        channel = ground.channel()
        assert isinstance(channel, Telling)
        await channel.tell("4382", "ثبت شد: " + "ف" * 300)
        await channel.close()
        (told,) = ground.server.calls("answerCallbackQuery")
        assert told.parameters["callback_query_id"] == "4382"
        assert len(told.parameters["text"]) == 200

    async def test_a_press_that_the_network_has_forgotten_is_a_problem_and_no_more(self, ground: BotGround) -> None:
        ground.server.refuses("answerCallbackQuery", 400, "Bad Request: query is too old")
        channel = ground.channel()
        with pytest.raises(Problem):
            await channel.tell("4382", "x")
        await channel.close()
