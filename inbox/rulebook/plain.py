"""Frozen values as plain JSON values: what is at its default is left out, so that stored decisions stay small."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

_AS_THEY_ARE = (str, bool, int, float)


def plain(value: object) -> object:
    """`value` as JSON can hold it: dataclasses and mappings as objects, tuples as arrays, times in ISO 8601.

    TypeError for a value that JSON has no form for.
    """
    if value is None or isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _told(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _told(value: Any) -> dict[str, object]:
    told: dict[str, object] = {}
    kind: Any = type(value)
    for name, default, has_factory in _shape(kind):
        held = getattr(value, name)
        at_default = held is default or (held == default if default is not MISSING else has_factory and not held)
        if not at_default:
            told[name] = plain(held)
    return told


@cache
def _shape(kind: Any) -> tuple[tuple[str, object, bool], ...]:
    """The fields of a dataclass with their defaults; asked for with every decision, and always the same."""
    return tuple((one.name, one.default, one.default_factory is not MISSING) for one in fields(kind))
