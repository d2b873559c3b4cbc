"""Titles before names: known only where people wrote them themselves, told in the language of the reader, never guessed."""

from typing import Literal

Title = Literal["", "ms", "mr"]
"""What stands before a name; empty: nobody knows."""

_WRITTEN: dict[str, Title] = {
    "خانم": "ms",
    "سرکار خانم": "ms",
    "آقای": "mr",
    "جناب آقای": "mr",
    "ms": "ms",
    "mrs": "ms",
    "miss": "ms",
    "mr": "mr",
}
_TOLD = {("fa", "ms"): "خانم", ("fa", "mr"): "آقای", ("en", "ms"): "Ms", ("en", "mr"): "Mr"}


def title_of(name: str) -> Title:
    """The title that a name begins with as its owner wrote it: «خانم نگار سهرابی», "Mr. Weber"."""
    return _parted(name)[0]


def titled(name: str, title: str, language: str) -> str:
    """The name with its title in a language, once; the name alone where no title is known, nothing without a name.

    Raises ValueError for a title that is none of `Title`.
    """
    if title not in ("", "ms", "mr"):
        raise ValueError(f"there is no title {title!r}: ms, mr or nothing")
    written, bare = _parted(name)
    if not bare or not (title or written):
        return bare
    return f"{_TOLD['fa' if language == 'fa' else 'en', title or written]} {bare}"


def _parted(name: str) -> tuple[Title, str]:
    """A title that is written, and the name without it. A title with nothing behind it is a name."""
    words = name.split()
    for count in (2, 1):
        title = _WRITTEN.get(" ".join(words[:count]).rstrip(".").lower())
        if title and len(words) > count:
            return title, " ".join(words[count:])
    return "", " ".join(words)
