"""`inbox watch` without a conversation: which are listed, what changes are told, and how it ends."""

import json
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.cli.watched import changes
from inbox.domain.attention import Doing
from inbox.domain.ids import AgentId
from inbox.store import presence
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.bidi import FSI, PDI
from tests.cli.talk import Talk
from tests.rig.daemon import command, environment
from tests.rig.wait import AT_ONCE
from tests.web.sites import contact, conversation, message

REZA = AgentId(1)
_C = t.conversation.c
CLOSED = sa.update(t.conversation).where(_C.reference == "B3BB").values(state="done")


@pytest.fixture
def talk(inbox: Talk, site: Path) -> Talk:
    """Two open conversations, of which Reza has the later one before him; one that waits for its customer, and one that is done."""
    assert inbox("list").code == 0
    assert inbox("agents", "add", "reza", "--name", "Reza", "--address", "reza@example.org").code == 0
    assert inbox("teams", "add", "billing", "--title", "Billing desk").code == 0

    def fill(unit: Unit) -> None:
        now = datetime.now(UTC)
        unit.add(t.channel, {"name": "support", "kind": "email"})
        lena, sina = contact(unit, "Lena", "lena@example.com"), contact(unit, "سینا", "sina@example.com")
        soon = {"due_at": now + timedelta(hours=3, minutes=1), "assignee_id": REZA}
        mine = conversation(unit, "K2BB", lena, subject="My order", **soon)
        conversation(unit, "B3BB", sina, subject="سفارش من", due_at=now - timedelta(hours=2, minutes=1), team_id=1)
        conversation(unit, "C4BB", lena, subject="Waiting", state="waiting")
        conversation(unit, "D5BB", lena, subject="Over", state="done")
        message(unit, mine, "inbound", "Where is it?")
        presence.beat(unit, "tab", REZA, mine, Doing.WRITING, now)

    changed(site, fill)
    return inbox


def changed(site: Path, fn: Callable[[Unit], None]) -> None:
    """Another process has written."""
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(fn)
    store.close()


def close(unit: Unit) -> None:
    unit.execute(CLOSED)


def references(talk: Talk, *words: str) -> list[str]:
    told = talk("watch", "--once", *words, "--format", "json")
    assert told.code == 0, told.err
    return [json.loads(line)["reference"] for line in told.out.splitlines()]


def test_what_is_not_over_is_listed_the_most_urgent_first(talk: Talk) -> None:
    assert references(talk) == ["B3BB", "K2BB", "C4BB"]
    assert references(talk, "--mine", "--as", "reza") == ["K2BB"]
    assert references(talk, "--team", "billing") == ["B3BB"]
    assert references(talk, "--team", "Billing desk") == ["B3BB"]
    assert references(talk, "--query", "is:done") == ["D5BB"]
    assert references(talk, "--query", "is:late") == ["B3BB"]
    assert references(talk, "--limit", "1") == ["B3BB"]


def test_people_read_the_time_left_and_who_is_at_it(talk: Talk) -> None:
    told = talk("watch", "--once").out
    first, second = (next(line for line in told.splitlines() if name in line) for name in ("B3BB", "K2BB"))
    assert "late by 2 h" in first
    assert f"{FSI}سفارش من{PDI}" in first
    assert "3 h" in second
    assert second.count("Reza") == 2, "it is his, and he is at it"
    assert "3 of 3." in told
    persian = talk("watch", "--once", "--lang", "fa").out
    assert "زمان مانده" in persian
    assert "۳ از ۳." in persian


def test_what_nobody_knows_is_refused(talk: Talk) -> None:
    for words in (["--team", "sales"], ["--query", "team:sales"], ["K2BB", "--once"], ["K2BB", "--mine"]):
        told = talk("watch", *words, "--once", "--as", "reza")
        assert told.code == 2, words
        assert told.out == ""
    assert talk("watch", "--once", "--mine").code == 2, "nobody acts"


def test_with_a_conversation_it_is_the_action(talk: Talk) -> None:
    assert talk("watch", "C4BB", "--as", "reza", "--format", "json").json()["done"] == "done.watch"


def test_a_change_is_told_once() -> None:
    one: Mapping[str, object] = {"reference": "A", "state": "open"}
    other: Mapping[str, object] = {"reference": "B", "state": "open"}
    waits = {**one, "state": "waiting"}
    assert list(changes({}, {"A": one})) == [{"change": "there", **one}]
    assert list(changes({"A": one}, {"A": one})) == []
    assert list(changes({"A": one, "B": other}, {"A": waits})) == [
        {"change": "changed", **waits},
        {"change": "gone", "reference": "B"},
    ]


def test_it_follows_what_others_write_and_ends_well(talk: Talk, site: Path) -> None:
    words = [command(), "watch", "--format", "json", "--site", str(site)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment()) as watching:
        assert watching.stdout is not None
        try:
            there = [json.loads(watching.stdout.readline()) for _ in range(3)]
            assert {one["change"] for one in there} == {"there"}
            changed(site, close)
            told = json.loads(watching.stdout.readline())
            assert told == {"change": "gone", "reference": "B3BB"}
            assert talk("priority", "K2BB", "urgent", "--as", "reza").code == 0
            told = json.loads(watching.stdout.readline())
            assert (told["change"], told["reference"], told["priority"]) == ("changed", "K2BB", "urgent")
            watching.send_signal(signal.SIGINT)
            assert watching.wait(30) == 0
        finally:
            watching.kill()


def shown(terminal: int) -> str:
    """What comes next on a screen; a failure where nothing does."""
    ready, _, _ = select.select([terminal], [], [], AT_ONCE)
    assert ready, "nothing is shown"
    return os.read(terminal, 65536).decode("utf-8", "replace")


def test_at_a_terminal_it_has_a_screen_of_its_own_and_gives_it_back(talk: Talk, site: Path) -> None:
    terminal, side = pty.openpty()
    env = environment({"TERM": "xterm", "COLUMNS": "160", "LINES": "40"})
    watching = subprocess.Popen(
        [command(), "watch", "--site", str(site)], stdin=side, stdout=side, stderr=side, env=env
    )
    os.close(side)
    screen = ""
    try:
        while "C4BB" not in screen:
            screen += shown(terminal)
        changed(site, close)
        while "2 of 2." not in screen:
            screen += shown(terminal)
        watching.send_signal(signal.SIGINT)
        ends = time.monotonic() + AT_ONCE
        with suppress(OSError):  # the other side is closed
            while time.monotonic() < ends and (more := shown(terminal)):
                screen += more
        assert watching.wait(AT_ONCE) == 0
        assert screen.index("\x1b[?1049h") < screen.index("\x1b[?1049l")
        assert "Traceback" not in screen
    finally:
        watching.kill()
        watching.wait()
        os.close(terminal)
