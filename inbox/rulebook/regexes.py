"""Patterns in RE2's syntax: searched in linear time whatever a stranger wrote, on folded text, so that writing does not matter.

The letters of a pattern are folded like the text. `\\w` and `\\b` know ASCII only, as RE2 says; `\\pL` is any letter.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inbox.rulebook import values
from inbox.rulebook.names import Names
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.text.fold import fold

if TYPE_CHECKING:
    import re2

LONGEST = 300
"""Characters of a pattern."""
LARGEST = 2_000
"""Instructions that it comes to: `x{1000}` is short and large."""
SHOWN = 80
"""Characters of what it found that are kept."""


def matches(scope: str) -> Builder:
    """Whether the pattern fits a part of the scope: "text" (subject or body), "subject" or "body"."""
    scopes = ("subject", "body") if scope == "text" else (scope,)

    def build(_name: str, value: object, _names: Names) -> Question:
        pattern = compiled(values.text(value))

        def ask(reading: Reading) -> Answer:
            for one in scopes:
                found = pattern.search(reading.written(one))
                if found is not None:
                    return True, found.group()[:SHOWN]
            return False, ""

        return ask

    return build


def compiled(pattern: str) -> "re2._Regexp":
    """The pattern ready for folded text; `^` and `$` are borders of lines. Raises Unfit."""
    return _made(pattern, f"(?im){folded(pattern)}")


def entire(pattern: str) -> "re2._Regexp":
    """The pattern ready for a whole value as it is written, in small letters or large. Raises Unfit."""
    return _made(pattern, f"(?i){pattern}")


def _made(pattern: str, whole: str) -> "re2._Regexp":
    if len(pattern) > LONGEST:
        raise values.Unfit(("rules.pattern_long", {"most": str(LONGEST)}))
    import re2  # here and below, for many a site has no pattern

    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        made: re2._Regexp = re2.compile(whole, options)
    except re2.error as error:
        raise values.Unfit(("rules.pattern_bad", {"detail": _told(error)})) from None
    if made.programsize > LARGEST:
        raise values.Unfit(("rules.pattern_large", {}))
    return made


def folded(pattern: str) -> str:
    """The pattern with its letters, digits and marks as they stand in folded text; what is ASCII stays, for it may be syntax."""
    return "".join(_folded(pattern))


def _folded(pattern: str) -> Iterator[str]:
    import re2

    escaped, gone = False, False
    for sign in pattern:
        if sign.isascii():
            # What repeats a mark that folded text does not have goes with it.
            if not (gone and not escaped and sign in "?*+"):
                yield ("\\" if escaped else "") + sign if sign != "\\" or escaped else ""
            escaped, gone = sign == "\\" and not escaped, False
        else:
            plain = fold(sign)
            yield plain if plain.isalnum() or not plain else "".join(re2.escape(one) for one in plain)
            escaped, gone = False, not plain


def _told(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
