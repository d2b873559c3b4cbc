"""A folder below `data/spool` for one run of a command; what a killed run left there a day ago is cleared away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from inbox.runtime.clocks import SystemClock

LEFT = timedelta(days=1)
"""Age from which the spool of another run is that of a killed one."""


@contextmanager
def spool_of(data: Path) -> Iterator[Path]:
    """A folder of this run's own, gone when it ends."""
    folder = data / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("import-*"):
        if left.stat().st_mtime < (SystemClock().now() - LEFT).timestamp():
            shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix="import-", dir=folder) as mine:
        yield Path(mine)
