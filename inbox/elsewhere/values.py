"""Values as exports write them: numbers, instants, addresses, names, yes and no; whatever is odd becomes nothing, never an error."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import getaddresses
from typing import Any
from zoneinfo import ZoneInfo

from inbox.archive.instants import EARLIEST as EARLIEST
from inbox.archive.instants import instant
from inbox.domain.happenings import Address
from inbox.text.cleaning import clean_header
from inbox.text.fold import latin_digits

Row = Mapping[str, Any]
"""One row of an export, as its file has it: this room is the edge at which that ends."""
LONGEST = 1_000
"""Characters of a name, a subject, a tag or a value of a field."""
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\]{1,128}@[^\s@<>\"(),;:\\]{1,255}\Z")
_NOTHING = ("", "null", "\\n", "none", "0000-00-00 00:00:00")


def line(value: object) -> str:
    """A value as one line of text; empty for none."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    text = clean_header(str(value)[: LONGEST * 2]).strip()[:LONGEST]
    return "" if text.lower() in ("null", "\\n") else text


def whole(value: object) -> str:
    """A value as text with its lines; empty for none."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    text = str(value)
    return "" if text in ("\\N", "NULL") else text.replace("\x00", "")


def number(value: object) -> int | None:
    """A whole number of theirs, above 0; None for anything else."""
    text = latin_digits(line(value)).removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 and int(text) > 0 else None


def truth(value: object) -> bool:
    """Yes or no, however it is written."""
    return value is True or line(value).lower() in ("true", "1", "yes", "t", "y")


def moment(value: object, zone: ZoneInfo) -> datetime | None:
    """An instant as ISO 8601, as SQL, as mail or as seconds since 1970 write it, in UTC; `zone`: where it tells none."""
    text = latin_digits(line(value))
    if text.lower() in _NOTHING:
        return None
    try:
        if text.isdigit():
            found = datetime.fromtimestamp(int(text[:10]), UTC)
        else:
            found = datetime.fromisoformat(re.sub(r" (UTC|GMT)\Z", "+00:00", text))
        known = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        mailed = instant(text)
        if mailed is None:
            return None
        known = mailed
    return known if known >= EARLIEST else None


def address(value: object) -> str:
    """A mail address in lower case, with or without a name around it; empty for what is none."""
    text = line(value)
    if "<" in text:
        text = next((at for _, at in getaddresses([text]) if at), "")
    text = text.lower()
    return text if _ADDRESS.match(text) else ""


def addresses(values: object) -> tuple[Address, ...]:
    """Several, from a list or from one line."""
    several: Iterable[object] = values if isinstance(values, (list, tuple)) else [values]
    found: dict[str, Address] = {}
    for one in several:
        plain = line(one.get("email") or one.get("value") if isinstance(one, Mapping) else one)
        for name, at in getaddresses([plain.replace(";", ",")]):
            if clean := address(at):
                found.setdefault(clean, Address(clean, line(name)))
    return tuple(found.values())


def first(row: Row, *names: str) -> Any:
    """The first of these that the row has a value for."""
    return next((row[name] for name in names if row.get(name) not in (None, "", "\\N", "NULL")), None)


def called(row: Row, *names: str) -> str:
    """A name out of its parts, which stand in several columns."""
    return " ".join(part for name in names if (part := line(row.get(name))))


def several(row: Row, name: str) -> Sequence[Row]:
    """The rows inside of a row; none where there is nothing of the kind."""
    found = row.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def inside(row: Row, name: str) -> Row:
    """The row inside of a row; an empty one where there is none."""
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def labels(value: object) -> tuple[str, ...]:
    """Tags, from a list of words or of rows with a name, or from one line with commas between them."""
    several_: Iterable[object] = value if isinstance(value, (list, tuple)) else line(value).split(",")
    found = (line(one.get("name") or one.get("tag") if isinstance(one, Mapping) else one) for one in several_)
    return tuple(dict.fromkeys(one for one in found if one))
