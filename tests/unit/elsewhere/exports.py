"""The exports of the corpus, opened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from inbox.elsewhere.gathered import Gathered, gathered
from inbox.elsewhere.sources import SOURCES
from inbox.elsewhere.vocabulary import Export

CORPUS = Path(__file__).parents[2] / "corpus" / "elsewhere"
Opened = Callable[..., tuple[Export, Gathered]]


@contextmanager
def opener() -> Iterator[Opened]:
    """Opens exports, each on shelves of its own that go away at the end."""
    open_: list[Gathered] = []
    with TemporaryDirectory() as spool:

        def opened(source: str, folder: Path | None = None, zone: str = "UTC") -> tuple[Export, Gathered]:
            place = Path(spool) / str(len(open_))
            place.mkdir()
            sorts = SOURCES[source].sorts
            found = gathered(folder or CORPUS / source, sorts, place, ZoneInfo(zone), lambda _: None)
            open_.append(found)
            return SOURCES[source].read(found), found

        yield opened
        for one in open_:
            one.close()
