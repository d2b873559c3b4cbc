"""What one place could take up without saying anything: buttons of newcomers, and forms that never end."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels.webchat import paces
from tests.channels.webchat.ground import WebchatGround

A, B = "a" * 26, "b" * 26


async def test_s37_a_newcomer_who_presses_buttons_is_counted_as_one_who_writes(tmp_path: Any) -> None:
    ground = WebchatGround(tmp_path, visitors_per_hour=2)
    statuses = []
    for visitor in "abcd":
        async with ground.browser(visitor * 26) as browser:
            pressed = await browser.post("press", json={"id": "1", "data": "choose:department:sales"})
            statuses.append(pressed.status_code)
    assert statuses == [202, 202, 429, 429]
    assert len(ground.front.items) == 2


async def test_files_that_are_still_on_their_way_count_already(
    ground: WebchatGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one place fills the disk with forms that never end, each of which began in time."""
    monkeypatch.setattr(paces, "BYTES_PER_HOUR", 2000)
    ground = WebchatGround(ground.place.site)
    kind = {"content-type": "multipart/form-data; boundary=b", "content-length": "1500"}
    began, over = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        began.set()
        await over.wait()
        yield b"--b--\r\n"

    async def post(visitor: str, content: bytes | AsyncIterator[bytes]) -> int:
        async with ground.browser(visitor) as browser:
            return (await browser.post("messages", content=content, headers=kind)).status_code

    waiting = asyncio.create_task(post(A, slow()))
    await began.wait()
    assert await post(B, b"x" * 1500) == 429
    over.set()
    await waiting
    assert await post(B, b"x" * 1500) == 400, "there is room again"
