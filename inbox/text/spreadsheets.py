"""Tables as files that spreadsheets open and write: RFC 4180, UTF-8 with its mark, and no cell that can be taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""By it Excel knows that the letters are UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
"""Stands before a cell that would be taken for a formula; whoever reads the file takes it away again."""


_NUMBER = re.compile(r"-[0-9]{1,30}(\.[0-9]{1,10})?")


def safe(cell: str) -> str:
    """The cell as no program calculates it; what has the guard itself gets one more, so that both come back as they were. A number
    below nothing is one."""
    if _NUMBER.fullmatch(cell):
        return cell
    return f"{GUARD}{cell}" if cell.startswith(FORMULA) or _guarded(cell) else cell


def bare(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if _guarded(cell) else cell


def _guarded(cell: str) -> bool:
    return cell.startswith(GUARD) and cell.lstrip(GUARD).startswith(FORMULA)


def written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return MARK + out.getvalue()


def read(content: bytes) -> list[list[str]]:
    """The rows of a file, cut by commas, semicolons or tabs, whichever its head has most of. ValueError for what is no text,
    or no table."""
    text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    if "\0" in text:
        raise ValueError("a NUL")
    head = text.partition("\n")[0]
    cut = max((",", ";", "\t", "؛"), key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=cut, strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return [[bare(cell.strip()) for cell in row] for row in rows]
