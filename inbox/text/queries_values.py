"""The values of filters: each read into the one form in which queries keep it, or refused."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

from inbox.text.cleaning import strip_controls
from inbox.text.dates import parse_day
from inbox.text.fold import fold, latin_digits, squeeze
from inbox.text.queries_names import DAY, HAS, IS, PERSON, PRIORITY, TONE
from inbox.text.references import LONGEST, normalise

_LISTED: Mapping[str, Mapping[str, str]] = {"is": IS, "priority": PRIORITY, "has": HAS, "tone": TONE}
_SPAN = re.compile(r"(\d{1,4})(m|min|h|d|w|دقیقه|ساعت|روز|هفته)", re.ASCII)
_COUNTED = re.compile(r"[a-z_-]+(/[^@]+)?@\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d", re.ASCII)
"""What a report counted, of what part, and on which days: `promise-late@2026-03-01..2026-03-31`."""
_QUOTES = re.compile('["\u201c\u201d\u00ab\u00bb]')
_UNITS = {"m": "m", "min": "m", "h": "h", "d": "d", "w": "w", "دقیقه": "m", "ساعت": "h", "روز": "d", "هفته": "w"}
_LENGTH = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_FROM_NOW = {"yesterday": -1, "today": 0, "tomorrow": 1}


def kind(name: str) -> str:
    """What sort of value a filter takes: one of a `list`, a `time`, a `ref`, a `field`, something `counted`, or any `text`."""
    if name in _LISTED:
        return "list"
    return _SORTS.get(name, "text")


_SORTS = {
    "due": "time",
    "before": "time",
    "after": "time",
    "ref": "ref",
    "field": "field",
    "contact": "field",
    "counted": "counted",
}


def known(name: str) -> str:
    """The values that a filter knows by name, for a sentence; empty where it takes any."""
    return ", ".join(dict.fromkeys(_LISTED.get(name, {}).values()))


def read(name: str, typed: str) -> str | None:
    """The value as queries keep it; None for what is none."""
    value = " ".join(_QUOTES.sub(" ", strip_controls(typed)).split())
    if name in _LISTED:
        return _LISTED[name].get(squeeze(value))
    if name == "due":
        sign = value[:1] if value[:1] in "<>" else "<"
        when = _when(value.removeprefix(sign).strip())
        return None if when is None else f"{sign}{when}"
    if name in ("before", "after"):
        return _when(value)
    if name == "ref":
        return normalise(value) or _begun(value)
    if name in ("field", "contact") or (name == "organization" and "=" in value):
        field, sign, wanted = value.partition("=")
        return f"{field.strip()}={wanted.strip()}" if field.strip() and sign else None
    if name == "counted":
        return value if _COUNTED.fullmatch(value) else None
    if name in ("assignee", "team"):
        return PERSON.get(squeeze(value), value) or None
    return value or None


def _begun(value: str) -> str | None:
    """The beginning of a reference, shorter than one."""
    bare = fold(value).strip("#[]*").upper()
    return bare if bare.isascii() and bare.isalnum() and len(bare) <= LONGEST else None


def _when(typed: str) -> str | None:
    word = squeeze(latin_digits(typed))
    if word in DAY:
        return DAY[word]
    if span := _SPAN.fullmatch(word):
        return f"{int(span[1])}{_UNITS[span[2]]}"
    day = parse_day(typed)
    return None if day is None else day.isoformat()


def ahead(value: str, now: datetime) -> datetime:
    """The instant of a due time: a span from now on, or the end of a local day. `now` is aware and local."""
    if span := _SPAN.fullmatch(value):
        return now + int(span[1]) * _LENGTH[span[2]]
    return _midnight(_day(value, now) + timedelta(days=1), now.tzinfo)


def since(value: str, now: datetime) -> datetime:
    """The instant at which a past time began: a span before now, or the beginning of a local day."""
    if span := _SPAN.fullmatch(value):
        return now - int(span[1]) * _LENGTH[span[2]]
    return _midnight(_day(value, now), now.tzinfo)


def _day(value: str, now: datetime) -> date:
    return now.date() + timedelta(days=_FROM_NOW[value]) if value in _FROM_NOW else date.fromisoformat(value)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
