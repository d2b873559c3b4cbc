"""Every point at which something is stored, sent or fetched: the daemon is ended there, hurt there, or its task is cancelled there.

All of them by `make chaos`; else as many as `CHAOS` says, drawn by `CHAOS_SEED`, and those in files that were changed since `CHAOS_SINCE`.
"""

import os

import pytest

from tests.chaos.conftest import Build
from tests.chaos.faulty import Order, happened
from tests.chaos.points import BUCKETED, changed, orders, reached, some

SHARE = os.environ.get("CHAOS", "30")
SEED = int(os.environ.get("CHAOS_SEED", "1"))
SINCE = os.environ.get("CHAOS_SINCE", "HEAD~1")


def chosen() -> list[tuple[Order, str]]:
    """What is played."""
    if SHARE == "all":
        return orders()
    return list(dict.fromkeys([*some(SEED, int(SHARE)), *changed(SEED, SINCE)]))


CHOSEN = chosen()


@pytest.mark.parametrize("bucketed", [False, True], ids=["disk", "bucket"])
def test_a_daemon_comes_to_every_point(build: Build, bucketed: bool) -> None:
    """On its way through the stage of the sweep; or the sweep would pass over it."""
    stage = build("sqlite", bucketed)
    stage.play(None)
    assert sorted(happened(stage.root)) == [name for name in reached() if bucketed or not name.endswith(BUCKETED)]
    assert stage.violations() == []


@pytest.mark.parametrize(("order", "database"), CHOSEN, ids=[f"{order}-{database}" for order, database in CHOSEN])
def test_nothing_is_lost_and_nothing_doubled(build: Build, order: Order, database: str) -> None:
    stage = build(database, order.point.endswith(BUCKETED))
    stage.play(order)
    assert happened(stage.root) == [str(order)]
    assert stage.violations() == []
