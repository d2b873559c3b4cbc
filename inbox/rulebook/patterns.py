"""Questions about addresses, headers, custom fields and files: whether a value is there and fits a pattern with stars."""

from collections.abc import Callable, Iterable

from inbox.rulebook import values
from inbox.rulebook.facts import Facts
from inbox.rulebook.globs import Glob, glob
from inbox.rulebook.names import Names
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.text.fold import fold


def _fitting(wanted: tuple[Glob, ...], candidates: Iterable[str]) -> Answer:
    for candidate in candidates:
        if any(one.fits(candidate) for one in wanted):
            return True, candidate
    return False, ""


def globs(remembered: str, of: Callable[[Facts], Iterable[str]]) -> Builder:
    """Whether any of the values fits; `remembered`: the name under which a reading keeps them folded."""

    def build(_name: str, value: object, _names: Names) -> Question:
        wanted = tuple(glob(one) for one in values.texts(value))
        return lambda reading: _fitting(wanted, reading.folded(remembered, of(reading.facts)))

    return build


def presence(of: Callable[[Reading, str], tuple[str, ...]]) -> Builder:
    """Whether there is any value ("present", "absent"), or one that fits."""

    def build(name: str, value: object, _names: Names) -> Question:
        if value in ("present", "absent"):
            return lambda reading: _there(of(reading, name), wanted=value == "present")
        wanted = tuple(glob(one) for one in values.texts(value))
        return lambda reading: _fitting(wanted, of(reading, name))

    return build


def _there(found: tuple[str, ...], *, wanted: bool) -> Answer:
    return bool(found) is wanted, found[0] if found else ""


def header(reading: Reading, name: str) -> tuple[str, ...]:
    """The folded values of a header; `x_priority` is how a rule writes X-Priority."""
    wanted = name.lower().replace("_", "-")
    return reading.folded(f"header {wanted}", (held for key, held in reading.facts.headers if key == wanted))


def field(reading: Reading, name: str) -> tuple[str, ...]:
    """The folded value of a custom field, as set so far."""
    return (fold(reading.fields[name]),) if name in reading.fields else ()
