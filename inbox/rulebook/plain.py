"""Frozen values as plain JSON values: what is at its default is left out, so that stored decisions stay small."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from typing import Any


def plain(value: object) -> object:
    """`value` as JSON can hold it: dataclasses and mappings as objects, tuples as arrays, times in ISO 8601.

    TypeError for a value that JSON has no form for.
    """
    if value is None or isinstance(value, str | bool | int | float):
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
    for one in fields(value):
        held = getattr(value, one.name)
        if not _at_default(one.default, one.default_factory, held):
            told[one.name] = plain(held)
    return told


def _at_default(default: object, factory: object, held: object) -> bool:
    if default is not MISSING:
        return held == default
    return factory is not MISSING and not held
