"""A backtest that several processes share: it comes out as in one, and an end before its time ends all; on both databases."""

import os
import signal
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench import past
from bench.footprint import family
from inbox.domain.problems import Problem
from inbox.pipeline.backtest import Backtest, Tally
from inbox.rulebook.load import load
from inbox.rulebook.names import Names
from inbox.runtime.replay_child import Share
from inbox.runtime.replaying import tallies
from inbox.sla.board import Terms
from inbox.sla.hours import Calendar, Hours
from inbox.store.decisions import Stretch, Window
from inbox.store.store import Store

NAMES = Names(
    teams=frozenset(past.TEAMS),
    policies=frozenset({"standard", "vip"}),
    hours=frozenset({"support", "always"}),
    channels=frozenset({"support", "bot"}),
)
HOURS = tuple(Hours(name, "UTC", always=True) for name in ("support", "always"))
CALENDARS = {one.name: Calendar(one) for one in HOURS}
WINDOW = Window(past.FIRST, past.FIRST + past.SPAN + timedelta(days=30))
KEEP = 4


def children() -> list[int]:
    found = (pid for pid in family(os.getpid()) if pid != os.getpid())
    return [pid for pid in found if b"replay_child" in _words(pid)]


def _words(pid: int) -> bytes:
    """What a process was started with; nothing for one that has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@pytest.fixture
def share(store: Store, url: str) -> Share:
    """A past of 200 decisions, and other rules for it."""
    store.write_now(past.people)
    past.fill(store, load(past.rules(12), NAMES), Terms({}, CALENDARS), 200)
    other = {name: text.replace('"high"', '"urgent"') for name, text in past.rules(12).items()}
    return Share(url, Path(), other, NAMES, HOURS, WINDOW, KEEP, clocks=True)


def backtest(store: Store, share: Share) -> Backtest:
    return replace(share.backtest(store), size=8)


def whole(store: Store, share: Share, jobs: int, alone: int = 0) -> Tally:
    found = Tally()
    with closing(tallies(backtest(store, share), share, jobs, alone)) as each:
        for tally in each:
            found.take(tally, KEEP)
    return found


def test_it_comes_out_as_in_one_process(store: Store, share: Share) -> None:
    once = whole(store, share, 1)
    assert (once.decisions, len(once.waits)) == (200, 200)
    assert once.changed > len(once.examples) == KEEP
    for jobs, alone in ((2, 0), (3, 50)):
        shared = whole(store, share, jobs, alone)
        assert shared == once
        assert list(shared.fields.items()) == list(once.fields.items())
    assert not children()


def test_a_small_past_starts_no_child(store: Store, share: Share) -> None:
    wrong = replace(share, url="nothing:")
    assert whole(store, wrong, 4, alone=201).decisions == 200
    with pytest.raises(Problem, match=r"config\.database_unknown"):
        whole(store, wrong, 2)


class Killing(Backtest):
    """Ends the child at the first stretch that is done here, before the child can have answered."""

    def of(self, stretch: Stretch) -> Tally:
        for child in children():
            os.kill(child, signal.SIGKILL)
        return super().of(stretch)


def test_a_child_that_ends_before_its_time_ends_all_with_a_sentence(store: Store, share: Share) -> None:
    killing = Killing(store, WINDOW, share.backtest(store).replay, size=8)
    with (
        closing(tallies(killing, share, 2, 0)) as each,
        pytest.raises(Problem, match=r"replay\.child_died") as raised,
    ):
        list(each)
    assert raised.value.facts == {"code": -signal.SIGKILL}


def test_a_problem_in_a_child_is_told_as_if_it_were_here(store: Store, share: Share, tmp_path: Path) -> None:
    empty = replace(share, url="sqlite:///empty.db", root=tmp_path)
    with pytest.raises(Problem, match=r"store\.not_migrated"):
        whole(store, empty, 2)
    assert not children()


def test_who_stops_in_the_middle_leaves_nobody_behind(store: Store, share: Share) -> None:
    each = tallies(backtest(store, share), share, 2, 0)
    next(each)
    assert len(children()) == 1
    with pytest.raises(KeyboardInterrupt):
        each.throw(KeyboardInterrupt)
    assert not children()
