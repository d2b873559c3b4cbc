"""A few seeds of the simulation, and mistakes planted in the house that it must find. `make simulate SEEDS=n` plays more."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.planted import PLANTED

SEEDS = 6
ROOT = Path(__file__).parents[2]


def simulate(*words: str) -> subprocess.CompletedProcess[str]:
    """As a person does; apart, for what was ended in it is never collected."""
    command = [sys.executable, "-m", "tests.simulation", "--processes", "1", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_whatever_breaks_in_a_week_nothing_is_lost_and_nothing_doubled() -> None:
    played = simulate("--seeds", str(SEEDS))
    assert played.returncode == 0, played.stdout[-8_000:] + played.stderr[-2_000:]
    sums = {name: int(count) for count, name in re.findall(r"(\d+) (\w+)", played.stdout.splitlines()[-1])}
    assert sums["nodes"] > SEEDS, "no node was ever started again"
    assert min(sums["written"], sums["accepted"], sums["acts"]) > 10 * SEEDS


def test_a_seed_plays_the_same_week_again() -> None:
    """In another process, where texts hash to other numbers."""
    first, second = (simulate("--story", "3").stdout for _ in range(2))
    assert first.splitlines()[0].startswith("seed 3 ")
    assert first.splitlines()[:-1] == second.splitlines()[:-1]


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_mistake_is_found(mistake: str) -> None:
    played = simulate("--seeds", "3", "--plant", mistake)
    assert (played.returncode, "  ! " in played.stdout) == (1, True), played.stdout[-2_000:] + played.stderr
