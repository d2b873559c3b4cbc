"""The parser children: what kills one is blamed alone, limits hold, and an answer belongs to its question."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreadable
from inbox.ports.channel import Place
from inbox.runtime.parser_child import CodecOf, Setup
from inbox.runtime.parsers import Parsed, Parsers, Wanted

ROOT = Path(__file__).parents[3]
NAME = ChannelName("support")


@pytest.fixture(autouse=True)
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The children find the poison adapter as they find every other: by its entry point."""
    told = tmp_path / "poison-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[inbox.channels]\npoison = tests.unit.runtime.poison:ADAPTER\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


def setup(word: str = "", seconds: float = 20.0, memory_mb: int = 512) -> Setup:
    place = Place(NAME, "Inbox", ROOT, b"0" * 32, ROOT)
    return Setup({NAME: CodecOf("poison", place, word)}, seconds, memory_mb)


@asynccontextmanager
async def children(given: Setup, processes: int = 1) -> AsyncIterator[Parsers]:
    parsers = Parsers(given, processes)
    await parsers.open()
    try:
        yield parsers
    finally:
        await parsers.close()
        await parsers.close()


def raws(*texts: str) -> list[Wanted]:
    return [(NAME, text.encode()) for text in texts]


def said(parsed: list[Parsed]) -> list[str]:
    """The text of each, or why there is none."""
    return [p.key if isinstance(p, Unreadable) else getattr(p[0], "text", "?") for p in parsed]


async def test_a_single_question_is_answered_though_nothing_follows_it() -> None:
    async with children(setup()) as parsers:
        assert said(await asyncio.wait_for(parsers.parse(raws("one")), 25)) == ["one"]
        assert said(await asyncio.wait_for(parsers.parse(raws("two")), 25)) == ["two"]
        assert await parsers.parse([]) == []


@pytest.mark.parametrize("processes", [1, 2, 5])
async def test_answers_come_in_the_order_of_the_questions(processes: int) -> None:
    words = [str(n) for n in range(7)]
    async with children(setup(), processes) as parsers:
        assert said(await parsers.parse(raws(*words))) == words


@pytest.mark.parametrize("poison", ["die", "babble"])
async def test_only_the_raw_that_kills_a_child_is_blamed(poison: str) -> None:
    words = ["a", "b", f"{poison} 1", "c", "d", f"{poison} 2", "e"]
    died = "parse.child_died"
    async with children(setup()) as parsers:
        assert said(await parsers.parse(raws(*words))) == ["a", "b", died, "c", "d", died, "e"]
        assert said(await parsers.parse(raws("after"))) == ["after"]


async def test_a_raw_that_burns_its_seconds_is_ended_by_the_kernel() -> None:
    async with children(setup(seconds=1.0)) as parsers:
        found = await asyncio.wait_for(parsers.parse(raws("a", "burn", "b")), 25)
    assert said(found) == ["a", "parse.child_died", "b"]


async def test_a_raw_that_eats_memory_hits_the_limit_and_the_child_lives() -> None:
    async with children(setup(memory_mb=400)) as parsers:
        assert said(await parsers.parse(raws("a", "eat", "b"))) == ["a", "parse.too_much", "b"]


async def test_what_a_codec_refuses_keeps_its_reason_and_a_fault_of_its_own_its_name() -> None:
    async with children(setup()) as parsers:
        refused, broken = await parsers.parse(raws("refuse", "break"))
    assert isinstance(refused, Unreadable)
    assert (refused.key, refused.facts) == ("memory.unreadable", {"reason": "it says so"})
    assert isinstance(broken, Unreadable)
    assert (broken.key, broken.facts) == ("parse.failed", {"error": "ZeroDivisionError"})


async def test_replaced_codecs_speak_from_the_next_question_on() -> None:
    async with children(setup("old ")) as parsers:
        assert said(await parsers.parse(raws("x"))) == ["old x"]
        await parsers.replace(setup("new "))
        assert said(await parsers.parse(raws("x"))) == ["new x"]


async def test_a_question_that_was_given_up_does_not_answer_the_next_one() -> None:
    async with children(setup()) as parsers:
        asked = asyncio.create_task(parsers.parse(raws(*(f"given up {n}" for n in range(200)))))
        while not asked.done() and not _asking(parsers):
            await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert said(await parsers.parse(raws("next"))) == ["next"]


def _asking(parsers: Parsers) -> bool:
    return any(child._lock.locked() for child in parsers._children)
