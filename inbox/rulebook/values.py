"""Reading one TOML value as what its key takes, or saying what is wrong with it."""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from inbox.text.durations import Duration, NoDuration, read
from inbox.text.fold import fold, words

NONE = "none"
"""Instead of a name: nobody, no team, no acknowledgement."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERSIAN_WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه", "یکشنبه")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?(B|KB|MB|GB)", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,4}) ?%")
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}


class Unfit(Exception):
    """A value that its key cannot take: message ids of the catalogues with their facts, one for each thing wrong."""

    def __init__(self, *found: tuple[str, dict[str, str]]) -> None:
        super().__init__(found)
        self.found = found


def wrong_type(kind: str, value: object) -> Unfit:
    """The value is not of the `kind` that the sentences `rules.takes.<kind>` describe."""
    return Unfit((f"rules.takes.{kind}", {"found": shown(value)}))


def shown(value: object) -> str:
    """A TOML value as a person would write it, cut short."""
    text = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or empty."""
    return next(iter(get_close_matches(wrong, list(known), n=1, cutoff=0.6)), "")


def unknown(message: str, wrong: str, known: Collection[str]) -> tuple[str, dict[str, str]]:
    """The problem `message` about an unknown name, with a suggestion (`<message>_near`) or what there is."""
    near = suggestion(wrong, known)
    if near:
        return f"{message}_near", {"name": wrong, "suggestion": near}
    return message, {"name": wrong, "known": ", ".join(sorted(known)) or "–"}


def truth(value: object) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise wrong_type("truth", value)
    return value


def text(value: object) -> str:
    """A text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise wrong_type("text", value)
    return value


def texts(value: object, kind: str = "texts") -> tuple[str, ...]:
    """One text, or a list of at least one; none blank."""
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(one, str) and one.strip() for one in listed):
        raise wrong_type(kind, value)
    return tuple(listed)


def phrases(value: object) -> tuple[str, ...]:
    """Texts with at least one letter or digit each; anything else could never be found."""
    found = texts(value, "phrases")
    empty = [one for one in found if not words(one)]
    if empty:
        raise Unfit(*(("rules.empty_phrase", {"phrase": one}) for one in empty))
    return found


def names(value: object, known: Collection[str], message: str, *also: str) -> tuple[str, ...]:
    """One name or a list of names, each among `known` or one of the words `also`; `message` is the problem's id."""
    found = texts(value)
    strange = [one for one in found if one not in known and one not in also]
    if strange:
        raise Unfit(*(unknown(message, one, [*known, *also]) for one in strange))
    return found


def whole(value: object) -> int:
    """A whole number from 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise wrong_type("number", value)
    return value


def span(value: object) -> tuple[int, int | None]:
    """`{ at_least = 3, at_most = 5 }`, one of both or both, as (least, most or None)."""
    if not isinstance(value, dict) or not value or set(value) - {"at_least", "at_most"}:
        raise wrong_type("range", value)
    least = whole(value.get("at_least", 0))
    most = whole(value["at_most"]) if "at_most" in value else None
    if most is not None and most < least:
        raise wrong_type("range", value)
    return least, most


def size(value: object) -> int:
    """`"5 MB"` in bytes; a KB has 1,024."""
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise wrong_type("size", value)
    return int(float(found[1]) * _UNITS[found[2].upper()])


def share(value: object) -> float:
    """`"80%"` as 0.8; may be over 100 %."""
    found = _SHARE.fullmatch(fold(value)) if isinstance(value, str) else None
    if found is None:
        raise wrong_type("share", value)
    return int(found[1]) / 100


def duration(value: object) -> Duration:
    """An amount that names its calendar, such as `"4 working hours"`."""
    written = text(value)
    try:
        return read(written)
    except NoDuration as wrong:
        raise Unfit((wrong.key, {"text": written, **{name: str(fact) for name, fact in wrong.facts.items()}})) from None


def weekdays(value: object) -> tuple[int, ...]:
    """Days by their English or Persian names, as 0 for Monday to 6 for Sunday."""
    known = {fold(name): day for row in (_WEEKDAYS, _PERSIAN_WEEKDAYS) for day, name in enumerate(row)}
    found = texts(value, "weekdays")
    strange = [one for one in found if _bare(one) not in known]
    if strange:
        raise Unfit(*(unknown("rules.unknown_weekday", one, _WEEKDAYS) for one in strange))
    return tuple(known[_bare(one)] for one in found)


def time_of_day(value: object) -> time:
    """A TOML local time such as 13:00:00, without quotes."""
    if not isinstance(value, time):
        raise wrong_type("time", value)
    return value


def day(value: object) -> date:
    """A TOML local date such as 2026-11-27, without quotes."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise wrong_type("date", value)
    return value


def instant(value: object) -> datetime:
    """A TOML date and time with an offset."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise wrong_type("instant", value)
    return value


def table(value: object) -> dict[str, Any]:
    """A TOML table."""
    if not isinstance(value, dict):
        raise wrong_type("table", value)
    return value


def tables(value: object) -> list[dict[str, Any]]:
    """A list of at least one TOML table."""
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise wrong_type("tables", value)
    return value


def _bare(name: str) -> str:
    return fold(name).replace(" ", "")
