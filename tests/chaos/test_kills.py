"""The daemon is killed at random instants, again and again, while mail, chat and answers go on: nothing is lost, nothing is doubled,
nothing is sent twice, and what nobody knows is told.

`KILLS` says how often in all, on both databases; a thousand times by `make chaos`. `CHAOS_SEED` draws other ones; a series is named by
its own seed.
"""

import os

import pytest

from tests.chaos.conftest import UnderLoad
from tests.chaos.kills import series

IN_CI = 50
CHOSEN = series(int(os.environ.get("KILLS", IN_CI)), int(os.environ.get("CHAOS_SEED", "1")))


@pytest.mark.parametrize(
    ("database", "seed", "kills"), CHOSEN, ids=[f"{database}-seed{seed}-{kills}" for database, seed, kills in CHOSEN]
)
def test_kills_under_load_lose_and_double_nothing(under_load: UnderLoad, database: str, seed: int, kills: int) -> None:
    with under_load(database, seed, kills) as killing:
        killing.play()
        assert killing.violations() == []
        assert killing.in_hand, "the daemon was never killed at work"
