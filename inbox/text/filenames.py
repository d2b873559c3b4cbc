"""A sender's file name, made safe to show and to offer for download; where a file lies is never decided by it."""

import re
from unicodedata import normalize

from inbox.text.cleaning import strip_controls
from inbox.text.excerpts import cut
from inbox.text.fold import ZWNJ

_MOST_BYTES = 200  # file systems take 255 bytes; the rest is for what a browser adds, such as " (1).part"
_LONGEST_EXTENSION = 16
_LOOKED_AT = (
    2_000  # characters from the end, where the last component and the extension are; normalising accents is quadratic
)

# Besides / and \ there are letters that some normalisation turns into them.
_PATHS = re.compile(r"[/\\\u2044\u2215\u29f5\u29f8\ufe68\uff0f\uff3c]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200d\u2060-\u2065\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_STRAY_ZWNJ = re.compile(rf"(?<!\w){ZWNJ}+|{ZWNJ}+(?!\w)|(?<={ZWNJ}){ZWNJ}+")
_SPACES = re.compile(r"\s+")
# Windows opens devices for these, whatever the extension.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)


def safe_filename(name: str) -> str:
    """The last path component of `name` without tricks, at most 200 bytes of UTF-8, the extension kept; "file" if nothing stays.

    Cleaned first and checked last, so no later step can bring a forbidden name back. Applying it twice changes nothing.
    """
    last = _PATHS.split(_readable(name))[-1]
    plain = _edges(_shorten(_edges(_FORBIDDEN.sub("_", last))))
    return f"_{plain}" if _DEVICES.fullmatch(plain) else plain or "file"


def _readable(name: str) -> str:
    line = _SPACES.sub(" ", strip_controls(name[-_LOOKED_AT:]))
    return normalize("NFC", _STRAY_ZWNJ.sub("", _INVISIBLE.sub("", line)))


def _edges(name: str) -> str:
    # A leading dot hides a file (.htaccess), a leading dash reads as an option, Windows drops trailing dots and spaces.
    return name.lstrip(f" .-~{ZWNJ}").rstrip(f" .{ZWNJ}")


def _shorten(name: str) -> str:
    if len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    room = _MOST_BYTES - len((dot + extension).encode())
    fits = len(stem.encode()[:room].decode(errors="ignore"))
    return stem[: cut(stem, fits)].rstrip(" .") + dot + extension
