"""What agents write down of contacts and organizations by type: read into the one form in which it is kept, or refused."""

from collections.abc import Mapping, Sequence

from inbox.domain.fields import Field, FieldKind
from inbox.domain.problems import Problem
from inbox.pipeline.filling import Unfilled, read

Pairs = tuple[tuple[str, str], ...]


def merged(known: Pairs, given: Mapping[str, str], declared: Sequence[Field]) -> Pairs:
    """The fields with what was given, in the order of the config; an empty value takes one away.

    Raises Problem for a field that the config does not declare, and for a value that its type cannot take.
    """
    types = {field.name: field for field in declared}
    now = dict(known)
    for name, typed in given.items():
        value = _value(types, name, typed)
        if value:
            now[name] = value
        else:
            now.pop(name, None)
    order = list(types)
    return tuple(sorted(now.items(), key=lambda one: (order.index(one[0]) if one[0] in types else len(order), one[0])))


def _value(types: Mapping[str, Field], name: str, typed: str) -> str:
    if name not in types:
        if not typed.strip():
            return ""  # one that the config declared once can be taken away
        raise Problem("known_field.unknown", name=name[:60], known=", ".join(types) or "-")
    try:
        return read(types[name], typed)
    except Unfilled as unfit:
        facts = {"name": name, "value": typed[:60], "known": ", ".join(one.value for one in types[name].options)}
        if types[name].kind is FieldKind.YES_NO:
            facts["known"] = "yes, no"
        raise Problem(f"known_{unfit.key}", **{**facts, **unfit.facts}) from unfit
