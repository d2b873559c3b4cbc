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
        for one in wanted:  # asked with every message: a generator would cost more than most of its answers
            if one.fits(candidate):
                return True, candidate
    return False, ""


def globs(remembered: str, of: Callable[[Facts], Iterable[str]]) -> Builder:
    """Whether any of the values fits; `remembered`: the name under which a reading keeps them folded."""

    def build(_name: str, value: object, _names: Names) -> Question:
        wanted = tuple(glob(one) for one in values.texts(value))
        return lambda reading: _fitting(wanted, reading.folded(remembered, of(reading.facts)))

    return build


def presence(
    of: Callable[[Reading, str], tuple[str, ...]], asked: Callable[[Reading, str], bool] = lambda _reading, _name: True
) -> Builder:
    """Whether there is any value ("present", "absent"), or one that fits; where it is not `asked`, neither."""

    def build(name: str, value: object, _names: Names) -> Question:
        wanted = () if value in ("present", "absent") else tuple(glob(one) for one in values.texts(value))

        def ask(reading: Reading) -> Answer:
            if not asked(reading, name):
                return False, ""
            found = of(reading, name)
            return _fitting(wanted, found) if wanted else _there(found, wanted=value == "present")

        return ask

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


def field_changed(reading: Reading, name: str) -> bool:
    """Whether this event changed a custom field."""
    return any(one == f"field.{name}" for one, _ in reading.facts.previous)


def field_before(reading: Reading, name: str) -> tuple[str, ...]:
    """The folded value that a changed custom field had, if it had one."""
    return tuple(fold(old) for one, old in reading.facts.previous if one == f"field.{name}" and old)


def field_after(reading: Reading, name: str) -> tuple[str, ...]:
    """The folded value that the event gave a custom field, whatever rules have set since."""
    return tuple(fold(new) for one, new in reading.facts.conversation.fields if one == name)


def contact_field(reading: Reading, name: str) -> tuple[str, ...]:
    """The folded value of a field of the contact."""
    return tuple(fold(value) for one, value in reading.facts.contact.fields if one == name)


def organization_field(reading: Reading, name: str) -> tuple[str, ...]:
    """The folded value of a field of the contact's organization."""
    return tuple(fold(value) for one, value in reading.facts.organization_fields if one == name)
