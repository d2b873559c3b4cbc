"""What the doctor tells about a desk's group."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.telegram.dialect import TABLE
from channels.telegram.examine import examined
from inbox.ports.channel import Finding
from tests.channels.telegram.ground import BotGround


async def told(ground: BotGround) -> Finding:
    place = replace(ground.place, desks=frozenset({"-500"}))
    found = await examined(place, ground.options, TABLE[ground.row], datetime.now(UTC), True)
    return next(one for one in found if one.check == "bot.check.desk")


async def test_all_is_well(ground: BotGround) -> None:
    assert (await told(ground)).status == "pass"


async def test_a_bot_that_is_no_administrator(ground: BotGround) -> None:
    ground.server.world.group.status = "member"
    found = await told(ground)
    assert found.problem is not None
    assert (found.status, found.problem.key) == ("fail", "desk.no_admin")


async def test_a_group_that_it_is_not_in(ground: BotGround) -> None:
    ground.server.refuses("getChat", 400, "Bad Request: chat not found")
    found = await told(ground)
    assert found.problem is not None
    assert (found.status, found.problem.key) == ("fail", "desk.no_chat")


async def test_a_group_without_topics(telegram: BotGround) -> None:
    telegram.server.world.group.forum = False
    found = await told(telegram)
    assert found.problem is not None
    assert found.problem.key == "desk.no_topics"


@pytest.mark.parametrize("right", ["can_manage_topics", "can_pin_messages"])
async def test_a_right_that_lacks(telegram: BotGround, right: str) -> None:
    telegram.server.world.group.rights[right] = False
    found = await told(telegram)
    assert found.problem is not None
    assert found.problem.facts["rights"] == right
