"""A query told to its reader: each part in words, with the way to leave it out; and what could not be read, with what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from inbox.text import dates
from inbox.text.queries import Bad, Filter, Part, Query, Word
from inbox.web.frame import Frame

_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_WORDED = {"is": "query.is", "priority": "priority", "has": "query.has", "tone": "tone"}


@dataclass(frozen=True, slots=True)
class Told:
    """One part: what it asks for, and the address of the same query without it."""

    words: str
    without: str


def explained(made: Frame, query: Query) -> tuple[Told, ...]:
    """Every part that holds, in the reader's language."""
    held = [part for part in query.parts if not isinstance(part, Bad)]
    return tuple(Told(_words(made, part), _without(query, part)) for part in held)


def refused(made: Frame, bad: Sequence[Bad]) -> tuple[str, ...]:
    """A sentence for each part that does not hold."""
    return tuple(
        made.say(one.key, **{"typed": one.typed, "name": "", "value": "", "known": "", **one.facts}) for one in bad
    )


def _without(query: Query, part: Part) -> str:
    rest = query.without(part)
    return f"/?{urlencode({'q': rest})}" if rest else "/"


def _words(made: Frame, part: Word | Filter) -> str:
    if isinstance(part, Word):
        told = made.say("query.exact" if part.exact else "query.begun" if part.begun else "query.word", text=part.text)
    else:
        told = made.say(f"query.filter.{part.name}", value=_value(made, part))
    return made.say("query.not", what=told) if part.negated else told


def _value(made: Frame, part: Filter) -> str:
    if part.name in _WORDED:
        return made.say(f"{_WORDED[part.name]}.{part.value}")
    if part.name in ("assignee", "team") and part.value in ("me", "none"):
        return made.say(f"query.{part.value}")
    if part.name == "due":
        return made.say(f"query.due_{'later' if part.value[0] == '>' else 'within'}", when=_when(made, part.value[1:]))
    return _when(made, part.value) if part.name in ("before", "after") else part.value


def _when(made: Frame, value: str) -> str:
    if value in ("today", "tomorrow", "yesterday"):
        return made.say(f"query.{value}")
    if value[-1] in _SECONDS:
        return dates.duration(int(value[:-1]) * _SECONDS[value[-1]], made.language)
    return dates.day_of(date.fromisoformat(value), made.language)
