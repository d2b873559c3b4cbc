"""What the doctor tells about a bot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.telegram.dialect import TABLE
from channels.telegram.examine import examined
from inbox.domain.secrets import SecretReference
from inbox.ports.channel import Finding
from tests.channels.telegram.ground import BotGround
from tests.rig.bot_api import TOKEN
from tests.rig.wait import until_async


async def told(ground: BotGround, *, online: bool = True, ahead: timedelta = timedelta()) -> dict[str, Finding]:
    now = datetime.now(UTC) + ahead
    found = await examined(ground.place, ground.options, TABLE[ground.row], now, online)
    assert TOKEN not in repr(found)
    return {one.check.removeprefix("bot.check."): one for one in found}


async def test_all_is_well(ground: BotGround) -> None:
    found = await told(ground)
    assert {name: one.status for name, one in found.items()} == dict.fromkeys(found, "pass")
    assert list(found) == ["token", "host", "webhook", "clock"]


async def test_offline_it_calls_nobody(ground: BotGround) -> None:
    assert list(await told(ground, online=False)) == ["token"]
    assert ground.server.connections == 0


@pytest.mark.parametrize(("content", "key"), [(None, "unreadable"), ("", "empty"), ("no token", "bot.no_token")])
async def test_a_token_that_is_none(telegram: BotGround, content: str | None, key: str) -> None:
    file = telegram.folder / "token"
    file.unlink() if content is None else file.write_text(content)
    found = (await told(telegram))["token"]
    assert found.status == "fail"
    assert found.problem is not None
    assert found.problem.key.endswith(key)


async def test_a_token_that_all_may_read(telegram: BotGround) -> None:
    (telegram.folder / "token").chmod(0o644)
    assert (await told(telegram))["token"].status == "warn"


async def test_a_token_that_nobody_has(ground: BotGround) -> None:
    (ground.folder / "token").write_text("1:" + "x" * 35)
    found = (await told(ground))["host"]
    assert found.problem is not None
    assert (found.status, found.problem.key) == ("fail", "bot.token_refused")


async def test_nobody_there(ground: BotGround) -> None:
    ground.goes_away()
    found = (await told(ground))["host"]
    assert found.problem is not None
    assert (found.status, found.problem.key) == ("fail", "bot.unreachable")


async def test_a_webhook_that_takes_the_messages_away_and_whose_secret_stays_one(ground: BotGround) -> None:
    ground.server.world.hook.url = "https://other.test/hook/very-secret"
    found = (await told(ground))["webhook"]
    assert found.problem is not None
    assert (found.status, found.problem.facts) == ("fail", {"to": "other.test"})


async def test_a_bot_that_sees_commands_only_in_groups(telegram: BotGround) -> None:
    telegram.options = telegram.options.model_copy(update={"groups": (-500,)})
    assert (await told(telegram))["groups"].status == "warn"


async def test_clocks_that_disagree(ground: BotGround) -> None:
    found = (await told(ground, ahead=timedelta(minutes=5)))["clock"]
    assert found.problem is not None
    assert found.status == "warn"
    assert int(str(found.problem.facts["seconds"])) in range(298, 303)


URL = "https://desk.test/channels/bot"


def hooked(ground: BotGround, url: str = URL) -> None:
    """The bot is to be brought its updates."""
    (ground.folder / "hook").write_text("any long text")
    (ground.folder / "hook").chmod(0o600)
    secret = SecretReference("file", ("hook",))
    ground.options = ground.options.model_copy(update={"updates": "webhook", "webhook_secret": secret})
    ground.place = replace(ground.place, url=url)


async def opened(ground: BotGround) -> None:
    channel = ground.channel()
    await channel.open()
    await channel.close()


async def test_a_webhook_that_stands(ground: BotGround) -> None:
    hooked(ground)
    ground.server.world.hook.trust = None
    await opened(ground)
    found = (await told(ground))["webhook"]
    assert (found.status, found.observed) == ("pass", "0")


async def test_a_webhook_that_nobody_set_or_that_leads_elsewhere(ground: BotGround) -> None:
    hooked(ground)
    for url, to in (("", "-"), ("https://other.test/x/very-secret", "other.test"), (f"{URL}/hook/old", "desk.test")):
        ground.server.world.hook.url = url
        found = (await told(ground))["webhook"]
        assert found.problem is not None
        assert (found.status, found.problem.key) == ("fail", "bot.webhook_elsewhere")
        assert found.problem.facts == {"to": to, "ours": "desk.test"}


async def test_a_webhook_through_which_nothing_comes(ground: BotGround) -> None:
    hooked(ground)
    ground.server.world.kept.extend([{"update_id": 1}, {"update_id": 2}])
    await opened(ground)
    await until_async(
        lambda: ground.server.world.hook.error, what="the network could not bring it: nobody is at desk.test"
    )
    found = (await told(ground))["webhook"]
    assert found.problem is not None
    assert (found.status, found.problem.facts["waiting"]) == ("warn", 2)
    assert found.problem.facts["words"] == ground.server.world.hook.error


async def test_a_webhook_for_which_there_is_no_address(ground: BotGround) -> None:
    hooked(ground, "http://127.0.0.1:8025/channels/bot")
    found = (await told(ground))["webhook"]
    assert found.problem is not None
    assert (found.status, found.problem.key) == ("fail", "bot.webhook_needs_https")
