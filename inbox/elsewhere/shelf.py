"""A shelf: rows put aside on disk in whatever order they come, and taken down again by number; 24 bytes of memory a row."""

import json
from array import array
from collections.abc import Iterator
from pathlib import Path

from inbox.elsewhere.values import Row


class Shelf:
    """Rows of one sort under the number that they belong to. `path`: a new file of its own."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("x+b")
        self._numbers, self._places, self._sizes = array("q"), array("q"), array("q")
        self._order: array[int] | None = None
        self._end = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, number: int, row: Row) -> None:
        """One more row."""
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
        self._file.seek(self._end)
        self._file.write(text)
        self._numbers.append(number)
        self._places.append(self._end)
        self._sizes.append(len(text))
        self._end += len(text)
        self._order = None

    def numbers(self) -> Iterator[int]:
        """The numbers under which something lies, the lowest first."""
        last = None
        for n in self._sorted():
            number = self._numbers[n]
            if number != last:
                yield number
            last = number

    def rows(self, number: int | None) -> list[Row]:
        """What lies under a number, in the order in which it came."""
        if number is None:
            return []
        order, low, high = self._sorted(), 0, len(self._numbers)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._numbers[order[middle]] < number else (low, middle)
        found = []
        while low < len(order) and self._numbers[order[low]] == number:
            found.append(self._row(order[low]))
            low += 1
        return found

    def one(self, number: int | None) -> Row | None:
        """What came last under a number: exports by pages tell of the same thing again when it has changed."""
        found = self.rows(number)
        return found[-1] if found else None

    def close(self) -> None:
        """Let go of the file. Safe twice."""
        self._file.close()

    def _sorted(self) -> "array[int]":
        if self._order is None:
            self._order = array("q", sorted(range(len(self._numbers)), key=self._numbers.__getitem__))
        return self._order

    def _row(self, n: int) -> Row:
        self._file.seek(self._places[n])
        row: Row = json.loads(self._file.read(self._sizes[n]))
        return row
