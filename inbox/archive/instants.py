"""When a mail was written: its own Date, unless that is missing or absurd; then what servers said, then its file."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

HEAD = 64 * 1024
"""Bytes of a mail in which its header is looked for."""
EARLIEST = datetime(1982, 8, 13, tzinfo=UTC)
"""The day of RFC 822: an older Date is that of a machine without a clock."""
FUTURE = timedelta(days=1)
"""How far a sender's clock may be ahead of ours."""
APART = timedelta(days=7)
"""How far a Date may be from what the last server said; servers give up on a mail after five days."""

_END = re.compile(rb"\r?\n\r?\n")
_FIELDS = re.compile(rb"^(date|received|delivery-date):((?:.*)(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_SPACE = re.compile(r"\s+")
_MOST = 2_000


def written_at(raw: bytes, filed: datetime | None, now: datetime) -> datetime:
    """The instant at which a mail counts as written; never behind `now`. `raw`: its beginning; `filed`: its file's time."""
    dated, traced = None, None
    for name, value in _FIELDS.findall(header_of(raw)):
        text = value[:_MOST].decode("ascii", "replace")
        if name.lower() == b"date":
            dated = dated or _sane(text, now)
        else:
            traced = traced or _sane(text.rpartition(";")[2], now)  # the topmost is the server's next to the mailbox
    if dated and traced and abs(dated - traced) > APART:
        dated = None
    return min(dated or traced or _within(filed, now) or now, now)


def header_of(raw: bytes) -> bytes:
    """The header's bytes, or as many of them as are there."""
    end = _END.search(raw, 0, HEAD)
    return raw[: end.start() if end else HEAD]


def instant(text: str) -> datetime | None:
    """The instant that a Date, or the end of an mbox separator, names; without a zone it is UTC."""
    try:
        found = parsedate_to_datetime(_SPACE.sub(" ", text).strip()[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _sane(text: str, now: datetime) -> datetime | None:
    return _within(instant(text), now)


def _within(found: datetime | None, now: datetime) -> datetime | None:
    return found if found is not None and EARLIEST <= found <= now + FUTURE else None
