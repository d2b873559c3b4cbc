"""Every point at which something is stored, sent or fetched: the daemon is ended there, hurt there, or its task is cancelled there.

All of them by `make chaos`; else a share that `CHAOS_SEED` draws.
"""

import os

import pytest

from tests.chaos.conftest import Build
from tests.chaos.faulty import Order, happened
from tests.chaos.points import orders, reached, some

SHARE = 30
CHOSEN = orders() if os.environ.get("CHAOS") == "all" else some(int(os.environ.get("CHAOS_SEED", "1")), SHARE)


def test_a_daemon_comes_to_every_point(build: Build) -> None:
    """On its way through the stage of the sweep; or the sweep would pass over it."""
    stage = build("sqlite")
    stage.play(None)
    assert sorted(happened(stage.root)) == sorted(reached())
    assert stage.violations() == []


@pytest.mark.parametrize(("order", "database"), CHOSEN, ids=[f"{order}-{database}" for order, database in CHOSEN])
def test_nothing_is_lost_and_nothing_doubled(build: Build, order: Order, database: str) -> None:
    stage = build(database)
    stage.play(order)
    assert happened(stage.root) == [str(order)]
    assert stage.violations() == []
