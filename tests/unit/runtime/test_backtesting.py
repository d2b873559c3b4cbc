"""What a child says is heard as it says it; one that dies has said no more, and one that nobody listens to ends."""

import os
import sys
from contextlib import aclosing
from datetime import UTC, datetime

from inbox.pipeline.backtested import Asked, Heard
from inbox.runtime.backtesting import backtesting
from inbox.store.decisions import Window
from tests.rig.wait import until_async

WHEN = datetime(2026, 11, 24, tzinfo=UTC)
ASKED = Asked(Window(WHEN, WHEN), "draft", name="45-x.toml", text="پول" * 100_000)
BEGIN = """
import os, sys
from inbox.pipeline.backtested import LENGTH, Heard, answers, questions
def say(heard):
    body = answers().dump_json(heard)
    sys.stdout.buffer.write(LENGTH.pack(len(body)) + body)
    sys.stdout.buffer.flush()
"""


def child(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", BEGIN + script)


async def test_it_hears_the_question_and_is_heard() -> None:
    script = "asked = questions().validate_json(sys.stdin.buffer.read())\nsay(Heard(len(asked.text)))\nsay(Heard(2))"
    assert [one async for one in backtesting(child(script), ASKED)] == [Heard(300_000), Heard(2)]


async def test_one_that_dies_in_the_middle_has_said_no_more() -> None:
    script = "say(Heard(1))\nsys.stdout.buffer.write(LENGTH.pack(100) + b'{')\nsys.stdout.buffer.flush()\nos._exit(9)"
    assert [one async for one in backtesting(child(script), ASKED)] == [Heard(1)]
    assert [one async for one in backtesting(child("os._exit(9)"), ASKED)] == []


async def test_it_ends_with_its_own_children_when_nobody_listens_any_more() -> None:
    script = "own = os.fork()\nsay(Heard(own or os.getpid()))\nimport signal; signal.pause()"
    ids = set()
    async with aclosing(backtesting(child(script), ASKED)) as said:
        async for heard in said:
            ids.add(heard.done)
            break
    [one] = ids
    await until_async(lambda: not alive(one), what="what the child began ends with it")


def alive(process: int) -> bool:
    """Whether it runs; one that ended and that nobody looked after is dead."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_who_lives_is_told_apart() -> None:
    assert alive(os.getpid())
