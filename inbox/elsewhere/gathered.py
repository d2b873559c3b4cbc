"""An export gathered: its rows by sort and number on shelves, so that what belongs together is found however it was scattered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.elsewhere import rows
from inbox.elsewhere.shelf import Shelf
from inbox.elsewhere.values import Row, number
from inbox.elsewhere.vocabulary import File, Lost

Told = Callable[[int], None]
"""Hears how many rows have been put aside."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of rows: what its files, keys and elements are called, and the columns whose number it lies under."""

    names: Sequence[str]
    by: Sequence[str] = ("id",)


@dataclass(slots=True)
class Gathered:
    """The shelves of one export. `zone`: of instants that tell none."""

    folder: Path
    shelves: Mapping[str, Shelf]
    zone: ZoneInfo
    lost: list[Lost] = field(default_factory=list)
    ignored: dict[str, None] = field(default_factory=dict)
    """Files of whose rows we know nothing, in their order."""

    def file(self, id: object, name: str, content_type: str = "", size: object = None) -> File:
        """Something enclosed, by its number there: `files/ID`, `files/ID/NAME` or `files/ID-NAME` below the export."""
        path = _found(self.folder / "files", number(id), Path(name).name)
        known = path.stat().st_size if path else number(size) or 0
        return File(name or f"file-{number(id) or 0}", content_type, known, path)

    def close(self) -> None:
        """Let go of the shelves. Safe twice."""
        for shelf in self.shelves.values():
            shelf.close()


def gathered(folder: Path, sorts: Mapping[str, Sort], spool: Path, zone: ZoneInfo, told: Told) -> Gathered:
    """Everything in a folder, or a file. Raises Problem where nothing is there that could be read."""
    if not folder.exists():
        raise Problem("elsewhere.not_there", path=folder)
    found = Gathered(folder, {name: Shelf(spool / f"{name}.rows") for name in sorts}, zone)
    kinds = {name: sort.names for name, sort in sorts.items()}
    for n, (sort, row, place) in enumerate(rows.rows(folder, kinds, found.lost.append), 1):
        if not sort:
            found.ignored.setdefault(place.rpartition(":")[0] or place)
            continue
        _put(found, sort, sorts[sort], row, place)
        if n % 1000 == 0:
            told(n)
    return found


def _put(found: Gathered, name: str, sort: Sort, row: Row, place: str) -> None:
    under = next((at for column in sort.by if (at := number(row.get(column))) is not None), None)
    if under is None:
        found.lost.append(Lost(place, "elsewhere.no_number", {"column": " / ".join(sort.by)}))
    else:
        found.shelves[name].put(under, row)


def _found(folder: Path, id: int | None, name: str) -> Path | None:
    """Only what lies under the number is looked at: a name from outside never leads anywhere."""
    if id is None:
        return None
    plain, inner = folder / str(id), folder / f"{id}-{name}"
    if plain.is_file():
        return plain
    if plain.is_dir():
        held = sorted(one for one in plain.iterdir() if one.is_file())
        return next((one for one in held if one.name == name), held[0] if len(held) == 1 else None)
    try:
        return inner if name not in ("", ".", "..") and inner.is_file() else None
    except OSError:  # a name that no file can have here
        return None
