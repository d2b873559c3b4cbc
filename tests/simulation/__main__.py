"""`python -m tests.simulation --seeds 100 --first 0`: the story of each seed that broke something; `--story 17` tells that of one."""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from inbox.runtime.logs import configure
from inbox.store.migrate import migrate
from inbox.store.store import Store
from tests.simulation.planted import PLANTED
from tests.simulation.world import Played, play

REPEATED = 50
"""Every so many seeds one is played twice: it must come to the same."""


def one(seed: int, migrated: Path, again: bool) -> Played | str:
    """A seed, played; the error itself where it could not be."""
    configure("human", "critical")
    try:
        with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
            played = play(seed, Path(folder) / "site", migrated)
            if again and played.digest != play(seed, Path(folder) / "again", migrated).digest:
                return f"seed {seed} came to something else when it was played again"
            return played
    except Exception as error:
        return f"seed {seed}: {''.join(traceback.format_exception(error))}"


def main() -> int:
    """1 where something did not hold."""
    words = argparse.ArgumentParser(prog="make simulate")
    words.add_argument("--seeds", type=int, default=100)
    words.add_argument("--first", type=int, default=0)
    words.add_argument("--story", type=int, help="play this seed alone and tell what happens in it")
    words.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    words.add_argument("--plant", choices=PLANTED, help="with this mistake in the house")
    asked = words.parse_args()
    if asked.plant:
        PLANTED[asked.plant]()
    with tempfile.TemporaryDirectory() as folder:
        store = Store("sqlite:///migrated.db", Path(folder))
        migrate(store)
        store.close()
        seeds = [asked.story] if asked.story is not None else list(range(asked.first, asked.first + asked.seeds))
        return _all(seeds, Path(folder) / "migrated.db", asked.story is not None, asked.processes)


def _all(seeds: list[int], migrated: Path, story: bool, processes: int) -> int:
    wrong, sums, began = 0, dict[str, int](), time.monotonic()
    # Each seed in a process of its own: what was ended in it is never collected.
    with multiprocessing.get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        wanted = [pool.apply_async(one, (seed, migrated, story or seed % REPEATED == 0)) for seed in seeds]
        for waiting in wanted:
            played = waiting.get()
            if isinstance(played, str):
                wrong += 1
                print(played)
                continue
            for name, count in played.counts.items():
                sums[name] = sums.get(name, 0) + count
            if story or played.breaches:
                print(f"seed {played.seed} {played.digest[:16]}")
                print("\n".join([*(f"  {line}" for line in played.story), *(f"  ! {one}" for one in played.breaches)]))
            wrong += bool(played.breaches)
    told = ", ".join(f"{count} {name}" for name, count in sums.items())
    print(f"{len(seeds)} seeds in {time.monotonic() - began:.0f} s: {wrong} broke something; {told}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
