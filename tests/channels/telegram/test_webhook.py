"""A bot whose network brings updates, over a real socket and TLS: who is let in, what 200 means, and the way back to polling."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from http.client import HTTPSConnection
from pathlib import Path
from typing import cast

import pytest

from channels.telegram.face import LARGEST, WebhookFace
from channels.telegram.hook import HEADER
from inbox.domain.arrivals import Item
from inbox.domain.problems import Credentials, Misconfigured, Temporary
from inbox.ports.face import Front
from inbox.testing import Stages
from tests.channels.telegram.ground import BotGround
from tests.channels.telegram.hooked import House, Site
from tests.rig.authority import Authority, Certificate
from tests.rig.wait import until_async


@pytest.fixture(params=["telegram", "bale"])
def hooked(
    request: pytest.FixtureRequest, tmp_path: Path, authority: Authority, certificate: Certificate
) -> Iterator[BotGround]:
    """A bot with a webhook, on each kind of network."""
    (tmp_path / "hook").write_text("any long text: گذرواژه")
    options = {"updates": "webhook", "webhook_secret": {"file": "hook"}}
    made = BotGround(tmp_path, authority.file, certificate, request.param, **options)
    made.server.world.hook.trust = authority.client_context()
    yield made
    made.close()


@asynccontextmanager
async def standing(ground: BotGround, certificate: Certificate) -> AsyncIterator[Site]:
    """The site: the face behind a web server, and the channel opened."""
    site = Site(certificate, House())
    await site.start()
    ground.place = replace(ground.place, url=site.url)
    face = ground.adapter.face(ground.place, ground.options)
    assert face is not None
    site.mount(face.routes(cast(Front, site.house)))
    channel = ground.channel()
    try:
        await channel.open()
        yield site
    finally:
        await channel.close()
        ground.server.world.hook.url = ""
        await site.stop()


async def polled(ground: BotGround) -> list[Item]:
    """What polling brings, and confirms."""
    channel = ground.channel()
    await channel.open()
    batches = channel.fetch(None)
    try:
        async with asyncio.timeout(25):
            batch = await anext(aiter(batches))
        await channel.confirm(batch)
        waiting = asyncio.ensure_future(anext(aiter(batches)))
        await until_async(lambda: not ground.server.kept)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
    finally:
        await channel.close()
    return list(batch.items)


def called(url: str, trust: Authority, headers: dict[str, str], body: bytes = b"{}", method: str = "POST") -> int:
    """Somebody calls an address; what is answered has no body."""
    host, _, path = url.removeprefix("https://").partition("/")
    connection = HTTPSConnection(host, context=trust.client_context(), timeout=60)
    try:
        connection.request(method, f"/{path}", body, headers)
        answered = connection.getresponse()
        assert answered.read() == b""
        return answered.status
    finally:
        connection.close()


async def test_an_update_is_brought_stored_and_then_acknowledged(hooked: BotGround, certificate: Certificate) -> None:
    async with standing(hooked, certificate) as site:
        hooked.server.write("سلام")
        await until_async(lambda: not hooked.server.kept)
    (item,) = site.house.items
    assert hooked.server.world.hook.statuses == [200]
    (said,) = hooked.codec().parse(item.raw)
    assert getattr(said, "text", None) == "سلام"


async def test_f03_it_has_the_key_that_polling_gives_it_so_that_switching_doubles_nothing(
    hooked: BotGround, certificate: Certificate
) -> None:
    async with standing(hooked, certificate) as site:
        hooked.server.write("brought, سلام", forward_date=1, quote={"text": "x"})
        await until_async(lambda: bool(site.house.items))
    hooked.server.world.kept.clear()
    hooked.server.jumps_to(1000)
    hooked.server.world.numbers.clear()
    hooked.options = hooked.options.model_copy(update={"updates": "poll"})
    hooked.server.write("brought, سلام", forward_date=1, quote={"text": "x"})
    assert await polled(hooked) == site.house.items


async def test_what_cannot_be_stored_now_is_brought_again(hooked: BotGround, certificate: Certificate) -> None:
    async with standing(hooked, certificate) as site:
        site.house.full = 2
        hooked.server.write("precious")
        await until_async(lambda: not hooked.server.kept)
    assert (hooked.server.world.hook.statuses, len(site.house.items)) == ([503, 503, 200], 1)


async def test_it_is_not_acknowledged_before_the_house_has_it(hooked: BotGround, certificate: Certificate) -> None:
    async with standing(hooked, certificate) as site:
        site.house.gate.clear()
        hooked.server.write("precious")
        await until_async(lambda: site.house.asked == 1)
        assert (hooked.server.kept, hooked.server.world.hook.statuses) == ([1000], [])
        site.house.gate.set()
        await until_async(lambda: not hooked.server.kept)


async def test_f01_killed_before_the_answer_it_is_brought_again_under_the_same_key(
    hooked: BotGround, certificate: Certificate
) -> None:
    async with standing(hooked, certificate) as site:
        site.house.broken = 1
        hooked.server.write("once")
        await until_async(lambda: not hooked.server.kept)
    assert hooked.server.world.hook.statuses == [500, 200]
    first, second = site.house.items
    assert first == second


@pytest.mark.parametrize(
    "wrong", [{}, {"proof": "x"}, {"proof": ""}, {"path": "/hook/x"}, {"path": "/"}, {"method": "GET"}]
)
async def test_strangers_are_sent_away_with_nothing(
    hooked: BotGround, certificate: Certificate, authority: Authority, wrong: dict[str, str]
) -> None:
    async with standing(hooked, certificate) as site:
        hook = hooked.server.world.hook
        proof = {HEADER.decode(): wrong.get("proof", hook.secret)} if wrong else {}
        url = site.url + wrong["path"] if "path" in wrong else hook.url if hook.secret else f"{site.url}/hook"
        if wrong.get("method") == "GET":
            url = hook.url
        status = await asyncio.to_thread(called, url, authority, proof, b"{}", wrong.get("method", "POST"))
    assert (status, site.house.items) == (403, [])


async def test_too_much_is_not_read(hooked: BotGround, certificate: Certificate, authority: Authority) -> None:
    async with standing(hooked, certificate) as site:
        hook = hooked.server.world.hook
        proof = {HEADER.decode(): hook.secret}
        status = await asyncio.to_thread(called, hook.url, authority, proof, bytes(LARGEST + 1))
        odd = await asyncio.to_thread(called, hook.url, authority, proof, b"no json")
    assert (status, odd) == (413, 200)
    assert [item.raw for item in site.house.items] == [b"no json"], "what is no update is kept, for quarantine"


async def test_the_secret_is_in_no_address_that_does_not_need_it(hooked: BotGround, certificate: Certificate) -> None:
    async with standing(hooked, certificate):
        hook = replace(hooked.server.world.hook)
        assert "any long text" not in hook.url + hook.secret
        (told,) = hooked.server.calls("setWebhook")
    if hooked.row == "telegram":
        assert (hook.url.endswith("/hook"), len(hook.secret)) == (True, 64)
        assert "drop_pending_updates" not in told.parameters
        assert told.parameters["max_connections"] == "8"
    else:
        assert (hook.secret, len(hook.url.rpartition("/")[2])) == ("", 64)
        assert set(told.parameters) == {"url"}


async def test_polling_takes_a_webhook_of_its_own_channel_away_and_nobody_elses(
    hooked: BotGround, certificate: Certificate
) -> None:
    async with standing(hooked, certificate):
        mine = hooked.server.world.hook.url
    hooked.options = hooked.options.model_copy(update={"updates": "poll"})
    hooked.server.world.hook.url = mine
    channel = hooked.channel()
    await channel.open()
    waiting = asyncio.ensure_future(anext(aiter(channel.fetch(None))))
    await until_async(lambda: not hooked.server.world.hook.url)
    hooked.server.world.hook.url = "https://other.test/channels/bot/hook"
    hooked.server.write("theirs")
    hooked.server.refuses("getUpdates", 409, "Conflict")
    hooked.server.behaves()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await channel.close()
    other = hooked.channel()
    with pytest.raises(Temporary) as told:
        await anext(aiter(other.fetch(None)))
    await other.close()
    assert told.value.key == "bot.conflict"
    assert hooked.server.world.hook.url.startswith("https://other.test")


@pytest.mark.parametrize("url", ["", "http://desk.test/channels/bot"])
async def test_without_an_address_of_https_it_says_what_to_do(hooked: BotGround, url: str) -> None:
    hooked.place = replace(hooked.place, url=url)
    channel = hooked.channel()
    with pytest.raises(Credentials) as told:
        await channel.open()
    await channel.close()
    assert told.value.key == "bot.webhook_needs_https"


async def test_a_network_that_does_not_want_to_call_us_is_for_a_person(hooked: BotGround) -> None:
    hooked.place = replace(hooked.place, url="https://desk.test/channels/bot")
    hooked.server.refuses("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host")
    channel = hooked.channel()
    with pytest.raises(Credentials) as told:
        await channel.open()
    await channel.close()
    assert told.value.key == "bot.webhook_refused"


async def test_sending_needs_no_webhook(hooked: BotGround) -> None:
    assert (await hooked.sent(hooked.part(), Stages())).keys


def test_a_webhook_needs_its_secret(hooked: BotGround) -> None:
    table = hooked.options.model_dump(exclude={"webhook_secret"}) | {"token": {"file": "token"}}
    with pytest.raises(Misconfigured) as told:
        hooked.adapter.options(table, "config.toml: channel.bot")
    assert "webhook_secret" in str(told.value.facts["reason"])
    assert isinstance(hooked.adapter.face(hooked.place, hooked.options), WebhookFace)


async def test_a_secret_that_cannot_be_read_is_told_to_no_stranger(
    hooked: BotGround, certificate: Certificate, authority: Authority
) -> None:
    async with standing(hooked, certificate) as site:
        (hooked.place.site / "hook").unlink()
        for method in ("GET", "POST"):
            found = await asyncio.to_thread(called, f"{site.url}/hook", authority, {}, method=method)
            assert found == 503
