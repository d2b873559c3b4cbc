"""Questions about more and less: counts, sizes, priorities, days, times and hours."""

from collections.abc import Callable

from inbox.domain.conversations import Priority
from inbox.rulebook import values
from inbox.rulebook.facts import Facts
from inbox.rulebook.names import Names
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.rulebook.vocabulary import METRICS


def count(of: Callable[[Facts], int]) -> Builder:
    """Whether a count lies within a range."""

    def build(_name: str, value: object, _names: Names) -> Question:
        least, most = values.span(value)

        def ask(reading: Reading) -> Answer:
            held = of(reading.facts)
            return held >= least and (most is None or held <= most), str(held)

        return ask

    return build


def given(inner: Builder, there: Callable[[Facts], bool]) -> Builder:
    """The question where there is something to ask it of; where there is not, the answer is no."""

    def build(name: str, value: object, names: Names) -> Question:
        ask = inner(name, value, names)
        return lambda reading: ask(reading) if there(reading.facts) else (False, "")

    return build


def larger(_name: str, value: object, _names: Names) -> Question:
    """Whether a file is larger than so many bytes."""
    limit = values.size(value)

    def ask(reading: Reading) -> Answer:
        found = next((file for file in reading.facts.attachments if file.size > limit), None)
        return found is not None, found.name if found else ""

    return ask


def priority_is(side: int) -> Builder:
    """Whether the priority as set so far is above (`side` 1) or below (-1) another."""

    def build(_name: str, value: object, _names: Names) -> Question:
        (wanted,) = values.names(values.text(value), tuple(Priority), "rules.unknown_word")
        border = Priority(wanted).weight
        beyond = frozenset(one.value for one in Priority if (one.weight - border) * side > 0)

        def ask(reading: Reading) -> Answer:
            held = reading.now["priority"]
            return held in beyond, held

        return ask

    return build


def weekday(_name: str, value: object, _names: Names) -> Question:
    """Whether it is one of these days of the week."""
    days = frozenset(values.weekdays(value))
    return lambda reading: (reading.facts.moment.date.weekday() in days, reading.facts.moment.date.isoformat())


def time(*, after: bool) -> Builder:
    """Whether it is that time of day or later; or, not `after`, earlier."""

    def build(_name: str, value: object, _names: Names) -> Question:
        border = values.time_of_day(value)

        def ask(reading: Reading) -> Answer:
            held = reading.facts.moment.time
            return (held >= border) is after, held.isoformat("minutes")

        return ask

    return build


def date_from(_name: str, value: object, _names: Names) -> Question:
    """Whether it is that day or later."""
    border = values.day(value)
    return lambda reading: (reading.facts.moment.date >= border, reading.facts.moment.date.isoformat())


def date_until(_name: str, value: object, _names: Names) -> Question:
    """Whether it is that day or earlier."""
    border = values.day(value)
    return lambda reading: (reading.facts.moment.date <= border, reading.facts.moment.date.isoformat())


def hours(name: str, value: object, known: Names) -> Question:
    """Whether named hours are open or closed."""
    if name not in known.hours:
        raise values.Unfit(values.unknown("rules.unknown_hours", name, known.hours))
    (wanted,) = values.names(values.text(value), ("open", "closed"), "rules.unknown_word")
    # Hours that the facts do not tell of are neither open nor closed.
    return lambda reading: (reading.facts.within_hours.get(name) is (wanted == "open"), "")


def holiday(_name: str, value: object, known: Names) -> Question:
    """Whether it is a holiday in any of the named hours."""
    wanted = values.names(value, known.hours, "rules.unknown_hours")

    def ask(reading: Reading) -> Answer:
        found = next((name for name in wanted if name in reading.facts.holidays), "")
        return bool(found), found

    return ask


def share(of: Callable[[Facts, str], float | None]) -> Builder:
    """Whether more than a share of some time has passed; `of` gives None where nothing runs."""

    def build(name: str, value: object, _names: Names) -> Question:
        limit = values.share(value)

        def ask(reading: Reading) -> Answer:
            used = of(reading.facts, name)
            return used is not None and used > limit, "" if used is None else f"{used:.0%}"

        return ask

    return build


def of_clock(inner: Builder) -> Builder:
    """The question of one of a policy's clocks, which the key names."""

    def build(name: str, value: object, names: Names) -> Question:
        values.names(name, METRICS, "rules.unknown_word")
        return inner(name, value, names)

    return build
