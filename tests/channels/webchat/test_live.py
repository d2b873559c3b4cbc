"""Live lines over a real socket: each as it is said, none twice, going on where it broke off, and a polite end."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from channels.webchat.refusal import Refused
from channels.webchat.streams import AT_ONCE, CROWD, Streams
from channels.webchat.talk import Rhythm
from inbox.ports.face import Outlook
from inbox.testing import outgoing
from tests.channels.webchat.ground import WebchatGround
from tests.channels.webchat.served import listening, served
from tests.rig.wait import until_async

A, B = "a" * 26, "b" * 26


@pytest.fixture
async def ground(tmp_path: Path) -> WebchatGround:
    return WebchatGround(tmp_path, Rhythm(alive=0.05, outlook=0.01), url="http://127.0.0.1")


def say(ground: WebchatGround, text: str) -> None:
    [part] = ground.codec().compose(outgoing(ground, text))
    ground.front.sent(part)


async def test_a_line_comes_as_soon_as_it_is_said(ground: WebchatGround) -> None:
    async with served(ground) as url, listening(ground, url, A) as stream:
        assert stream.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.answer.headers["cache-control"] == "no-store"
        assert stream.answer.headers["x-accel-buffering"] == "no"
        await stream.next("outlook")
        say(ground, "سلام\n\nevent: line")
        event = await stream.next()
    assert (event.data["text"], event.data["ours"]) == ("سلام\n\nevent: line", True)
    assert event.id == str(event.data["id"])


async def test_nobody_hears_what_is_said_to_another(ground: WebchatGround) -> None:
    async with served(ground) as url, listening(ground, url, B) as stream:
        await stream.next("outlook")
        say(ground, "for A")
        await stream.next("")
        await stream.next("")
        ground.front.close()
        assert [event for event in await stream.rest() if event.name == "line"] == []


async def test_it_goes_on_where_it_broke_off(ground: WebchatGround) -> None:
    async with served(ground) as url:
        for n in range(4):
            say(ground, f"line {n}")
        async with listening(ground, url, A) as stream:
            heard = [await stream.next() for _ in range(2)]
        say(ground, "line 4")
        async with listening(ground, url, A, **{"last-event-id": heard[-1].id}) as stream:
            rest = [await stream.next() for _ in range(3)]
    assert [event.data["text"] for event in (*heard, *rest)] == [f"line {n}" for n in range(5)]


async def test_no_line_comes_twice_though_the_house_says_it_again(
    ground: WebchatGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = ground.front.transcript
    monkeypatch.setattr(ground.front, "transcript", lambda visitor, after=None: transcript(visitor))
    async with served(ground) as url, listening(ground, url, A) as stream:
        for n in range(5):
            say(ground, f"line {n}")
            assert (await stream.next()).data["text"] == f"line {n}"
        ground.front.close()
        assert [event for event in await stream.rest() if event.name == "line"] == []


async def test_a_change_between_the_lines_and_the_waiting_is_not_lost(
    ground: WebchatGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The house says something just when the stream has asked for what there is."""
    transcript, slipped = ground.front.transcript, ["two", "one"]

    async def slipping(visitor: str, after: object = None) -> object:
        found = await transcript(visitor, after)  # type: ignore[arg-type]  # what it was given
        if slipped:
            say(ground, slipped.pop())
        return found

    monkeypatch.setattr(ground.front, "transcript", slipping)
    async with served(ground) as url, listening(ground, url, A) as stream:
        assert [(await stream.next()).data["text"] for _ in range(2)] == ["one", "two"]


async def test_hours_and_honest_time_come_at_first_and_when_they_changed(ground: WebchatGround) -> None:
    async with served(ground) as url, listening(ground, url, A) as stream:
        first = await stream.next("outlook")
        await stream.next("")
        ground.front.horizon = Outlook(False, None, None)
        second = await stream.next("outlook")
    assert (first.data["open_now"], second.data["open_now"]) == (True, False)
    assert second.data["sentence"] == ground.front.say("en", "webchat.outlook.closed")


async def test_it_ends_politely_when_the_house_does(ground: WebchatGround) -> None:
    async with served(ground) as url, listening(ground, url, A) as stream:
        await stream.next("outlook")
        ground.front.close()
        await stream.rest()  # raises where the line is cut instead


async def test_a_server_that_cuts_streams_off_ends_them_too(
    ground: WebchatGround, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncExitStack() as browser:
        async with served(ground, politely=False, seconds=0.05) as url:
            stream = await browser.enter_async_context(listening(ground, url, A))
            await stream.next("outlook")
        await stream.rest()
    assert [record for record in caplog.records if record.exc_info] == [], "it is no mistake of ours"


async def test_a_browser_that_is_gone_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Streams] = []

    class Counted(Streams):
        def __init__(self) -> None:
            super().__init__()
            kept.append(self)

    monkeypatch.setattr("channels.webchat.face.Streams", Counted)
    ground = WebchatGround(tmp_path, Rhythm(alive=0.05), url="http://127.0.0.1")
    async with served(ground) as url:
        async with listening(ground, url, A) as stream:
            await stream.next("outlook")
            assert kept[0].count == 1
        await until_async(lambda: kept[0].count == 0, what="the stream is let go")


async def test_the_newest_streams_of_a_visitor_win(ground: WebchatGround) -> None:
    async with served(ground) as url, listening(ground, url, A) as oldest:
        await oldest.next("outlook")
        async with AsyncExitStack() as others:
            newer = [await others.enter_async_context(listening(ground, url, A)) for _ in range(AT_ONCE)]
            for stream in newer:
                await stream.next("outlook")
            async with asyncio.timeout(25):
                await oldest.rest()


def test_a_crowd_of_streams_of_one_visitor_is_refused() -> None:
    streams = Streams()
    tickets = [streams.enter(A) for _ in range(CROWD)]
    with pytest.raises(Refused) as refused:
        streams.enter(A)
    assert (refused.value.status, refused.value.wait > 0) == (429, True)
    assert streams.enter(B).wanted
    assert [ticket.wanted for ticket in tickets] == [False] * (CROWD - AT_ONCE) + [True] * AT_ONCE
    for ticket in (*tickets, *tickets):
        ticket.leave()
    assert streams.count == 1
