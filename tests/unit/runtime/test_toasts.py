"""Toasts: each press is told of once, in words, and what goes wrong with one hinders no other."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from inbox.domain.arrivals import Toast
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreachable
from inbox.runtime import toasts
from inbox.runtime.toasts import Toasts
from inbox.site import catalogues
from inbox.text.wording import load
from tests.rig.wait import until_async

WORDING = load(catalogues())
BOT = ChannelName("bot")


class Chat:
    """In place of a channel that can tell."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.closed = False

    async def tell(self, query: str, words: str) -> None:
        if query == "silence":
            await asyncio.Event().wait()
        if query == "bad":
            raise Unreachable("bot.unreachable", host="x", reason="y")
        self.told.append((query, words))

    async def close(self) -> None:
        self.closed = True


class Mute:
    """One that cannot."""

    async def close(self) -> None:
        """Nothing is open."""


def toast(query: str, language: str = "en") -> Toast:
    return Toast(query, "toast.chosen", language, "Sales")


async def ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_it_is_told_in_the_language_of_the_one_who_pressed() -> None:
    chat: Any = Chat()
    told = Toasts(BOT, lambda: chat, WORDING)
    running = asyncio.create_task(told.run())
    for one in (toast("bad"), toast("1"), toast("2", "fa")):
        told.tell(one)
    await until_async(lambda: len(chat.told) == 2)
    await ended(running)
    assert chat.told == [("1", "Noted: Sales"), ("2", "ثبت شد: \u2068Sales\u2069")]
    assert chat.closed


async def test_a_network_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toasts, "PATIENCE", 0.02)
    chat: Any = Chat()
    told = Toasts(BOT, lambda: chat, WORDING)
    running = asyncio.create_task(told.run())
    for one in (*[toast("silence")] * toasts.AT_ONCE, toast("1")):
        told.tell(one)
    await until_async(lambda: chat.told == [("1", "Noted: Sales")])
    await ended(running)


async def test_more_than_can_wait_are_given_up_and_a_channel_that_cannot_tell_is_left_in_peace() -> None:
    mute: Any = Mute()
    told = Toasts(BOT, lambda: mute, WORDING)
    for number in range(toasts.MOST + 5):
        told.tell(toast(str(number)))
    running = asyncio.create_task(told.run())
    await until_async(lambda: told._waiting.empty())
    assert not running.done()
    await ended(running)
