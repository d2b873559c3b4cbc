"""Why an action cannot take what it was given, as a sentence of the catalogues that says what to do."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_LIMITS = {
    "string_too_long": ("action.argument.long", "max_length"),
    "too_long": ("action.argument.many", "max_length"),
    "greater_than_equal": ("action.argument.small", "ge"),
    "literal_error": ("action.argument.choice", "expected"),
}
"""By pydantic's name: the sentence, and the limit that it tells."""
_PLAIN = {
    "missing": "action.argument.missing",
    "string_too_short": "action.argument.missing",
    "too_short": "action.argument.missing",
    "int_type": "action.argument.number",
    "int_parsing": "action.argument.number",
    "int_parsing_size": "action.argument.number",
    "less_than_equal": "action.argument.number",
    "bool_type": "action.argument.flag",
    "bool_parsing": "action.argument.flag",
    "extra_forbidden": "action.argument.unknown",
}


def misread(action: str, error: ValidationError) -> tuple[str, Mapping[str, object]]:
    """The key and the facts of the first thing that is wrong: the action's name, the argument's, and where there is one, the limit."""
    first = error.errors()[0]
    key, more = _told(first)
    return key, {"name": action, "argument": str(first["loc"][0]), **more}


def _told(first: ErrorDetails) -> tuple[str, Mapping[str, object]]:
    kind, limits = first["type"], first.get("ctx", {})
    if kind in _LIMITS:
        key, limit = _LIMITS[kind]
        return key, {"limit": _listed(limits[limit])}
    if kind in _PLAIN:
        return _PLAIN[kind], {}
    return "action.bad_argument", {"reason": first["msg"]}


def _listed(limit: object) -> object:
    """A number as it is; pydantic's `'low' or 'high'` as `low, high`."""
    if not isinstance(limit, str):
        return limit
    return ", ".join(part.strip("'") for part in limit.replace(" or ", ", ").split(", ") if part != "''")
