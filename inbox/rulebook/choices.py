"""Questions with known answers: one of a few words, a name of the site, yes or no, a tag."""

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from inbox.domain.happenings import Automatic
from inbox.rulebook import values
from inbox.rulebook.names import Names
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.text.fold import fold
from inbox.text.tone import TONES


def word(known: Iterable[str], of: Callable[[Reading], str]) -> Builder:
    """Which of a few words it is."""
    words_known = tuple(known)

    def build(_name: str, value: object, _names: Names) -> Question:
        return _one_of(values.names(value, words_known, "rules.unknown_word"), of)

    return build


def named(kind: str, of: Callable[[Reading], str], *, none: bool = True) -> Builder:
    """A name that exists on the site; where `none` may stand it means that there is none."""
    message = f"rules.unknown_{kind}"

    def build(_name: str, value: object, known: Names) -> Question:
        also = (values.NONE,) if none else ()
        found = values.names(value, _KNOWN[kind](known), message, *also)
        return _one_of(tuple("" if one == values.NONE and none else one for one in found), of)

    return build


_KNOWN: Mapping[str, Callable[[Names], frozenset[str]]] = {
    "agent": lambda known: known.agents,
    "team": lambda known: known.teams,
    "policy": lambda known: known.policies,
    "channel": lambda known: known.channels,
    "brand": lambda known: known.brands,
    "hours": lambda known: known.hours,
}


def _one_of(wanted: tuple[str, ...], of: Callable[[Reading], str]) -> Question:
    def ask(reading: Reading) -> Answer:
        held = of(reading)
        return held in wanted, held or values.NONE

    return ask


def truth(of: Callable[[Reading], bool]) -> Builder:
    """Whether it is so."""

    def build(_name: str, value: object, _names: Names) -> Question:
        wanted = values.truth(value)
        return lambda reading: (of(reading) is wanted, "")

    return build


def tags(of: Callable[[Reading], Iterable[str]]) -> Builder:
    """Whether at least one of the tags is there."""

    def build(_name: str, value: object, _names: Names) -> Question:
        wanted = {fold(tag): tag for tag in values.texts(value)}

        def ask(reading: Reading) -> Answer:
            found = next((wanted[tag] for tag in map(fold, of(reading)) if tag in wanted), None)
            return found is not None, found or ""

        return ask

    return build


def automatic(_name: str, value: object, _names: Names) -> Question:
    """Whether a machine wrote it, or which kind of machine."""
    if isinstance(value, bool):
        return lambda reading: ((reading.facts.automatic is not None) is value, reading.facts.automatic or "")
    kinds = values.names(value, get_args(Automatic), "rules.unknown_word")
    return _one_of(kinds, lambda reading: reading.facts.automatic or "")


def tone(_name: str, value: object, _names: Names) -> Question:
    """Whether what was written sounds like one of these, and the words by which it does."""
    wanted = values.names(value, TONES, "rules.unknown_word")

    def ask(reading: Reading) -> Answer:
        found = [f"{one}: {', '.join(said)}" for one, said in reading.facts.tone if one in wanted]
        return bool(found), "; ".join(found)

    return ask


def breached(name: str, value: object, _names: Names) -> Question:
    """Whether the latest clock of a metric passed its due instant."""
    wanted = values.truth(value)
    return lambda reading: ((name in reading.facts.clocks_breached) is wanted, "")
