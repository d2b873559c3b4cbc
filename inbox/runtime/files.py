"""Files of a folder that change: told once they have been quiet for a moment, in whichever way an editor saves them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from watchfiles import Change, awatch

QUIET, LONGEST = 200, 2000
"""Milliseconds: several files that are saved together are one change; somebody who never stops is told of meanwhile."""


async def follow(root: Path, files: Sequence[str], folders: Sequence[str], changed: Callable[[], None]) -> None:
    """Call `changed` after something happened to one of these files of `root`, or anywhere below one of these folders of it.
    Runs until cancelled. It may be called where nothing is different: whoever cares compares.

    A folder that comes, goes or is replaced is followed anew. OSError where the system watches no more files.
    """
    while True:
        below = [root / name for name in folders if (root / name).is_dir()]
        anew = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            # The root first: whatever takes a folder's place after this is seen.
            group.create_task(_beside(root, files, folders, changed, anew))
            group.create_task(_within(below, changed, anew))
            await asyncio.sleep(0)  # now both watch: what happened before is seen by whoever compares
            changed()


async def _within(folders: Sequence[Path], changed: Callable[[], None], anew: asyncio.Event) -> None:
    if not folders:
        return
    gone = frozenset(folders)
    async for paths in _changes(*folders, stop=anew):
        changed()
        if not paths.isdisjoint(gone):
            anew.set()
            return


async def _beside(
    root: Path, files: Sequence[str], folders: Sequence[str], changed: Callable[[], None], anew: asyncio.Event
) -> None:
    """The root itself, but not what lies below it: there is the database, which never rests."""
    known = frozenset([*files, *folders])
    async for paths in _changes(root, stop=anew, recursive=False, known=known):
        changed()
        if not paths.isdisjoint(root / name for name in folders):
            anew.set()
            return


async def _changes(
    *paths: Path, stop: asyncio.Event, recursive: bool = True, known: frozenset[str] | None = None
) -> AsyncIterator[frozenset[Path]]:
    def counts(_change: Change, path: str) -> bool:
        return known is None or Path(path).name in known

    watched = awatch(
        *paths,
        watch_filter=counts,
        step=QUIET,
        debounce=LONGEST,
        stop_event=stop,
        recursive=recursive,
        ignore_permission_denied=True,
    )
    async for found in watched:
        yield frozenset(Path(path) for _, path in found)
