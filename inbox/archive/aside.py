"""What lies among mails and is none that anybody sent or kept: drafts, what was deleted, a server's own bookkeeping.

Sources: https://cr.yp.to/proto/maildir.html (flags D and T), the X-Status of UW-IMAP and mutt, Mozilla's X-Mozilla-Status.
"""

import re

from inbox.archive.instants import header_of

_FLAGS = re.compile(r":2,([A-Za-z]*)$")
_STATUS = re.compile(rb"^x-(mozilla-)?status:[ \t]*([A-Za-z0-9]*)", re.IGNORECASE | re.MULTILINE)
_BOOKKEEPING = re.compile(rb"^subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA", re.IGNORECASE | re.MULTILINE)
_EXPUNGED = 0x0008
DRAFT, DELETED, BOOKKEEPING = "ignored.draft", "ignored.deleted", "ignored.bookkeeping"


def set_aside(raw: bytes, name: str) -> str:
    """Why a mail is left alone, as a reason of a verdict; empty for all others. `raw`: its beginning; `name`: its place."""
    flags = _FLAGS.search(name)
    letters = flags.group(1) if flags else ""
    if "D" in letters or "T" in letters:
        return DRAFT if "D" in letters else DELETED
    header = header_of(raw)
    if _BOOKKEEPING.search(header):
        return BOOKKEEPING
    return next((why for mozilla, value in _STATUS.findall(header) if (why := _of_status(bool(mozilla), value))), "")


def _of_status(mozilla: bool, value: bytes) -> str:
    if mozilla:
        return DELETED if len(value) == 4 and _hex(value) & _EXPUNGED else ""
    return DRAFT if b"T" in value else DELETED if b"D" in value else ""


def _hex(value: bytes) -> int:
    try:
        return int(value, 16)
    except ValueError:
        return 0
