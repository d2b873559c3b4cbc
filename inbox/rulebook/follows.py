"""Two single conditions beside each other: whether one holds whenever the other does, or never together with it."""

from collections.abc import Callable, Mapping
from typing import Any

from inbox.domain.conversations import Priority
from inbox.rulebook import values
from inbox.rulebook.globs import glob
from inbox.rulebook.written import Leaf
from inbox.text.fold import fold, words


def opposite(leaf: Leaf) -> Leaf | None:
    """The condition that holds exactly when this one does not."""
    if isinstance(leaf.value, bool):
        return Leaf(leaf.key, leaf.name, not leaf.value)
    if leaf.key.endswith("<name>") and leaf.value in ("present", "absent"):
        return Leaf(leaf.key, leaf.name, "absent" if leaf.value == "present" else "present")
    return None


def follows(given: Leaf, wanted: Leaf) -> bool:
    """Whether `wanted` holds whenever `given` does, both asked of the same facts."""
    if given == wanted and type(given.value) is type(wanted.value):
        return True
    try:
        return _FOLLOWS.get(wanted.key, _never)(given, wanted)
    except values.Unfit:
        return False


def apart(one: Leaf, other: Leaf) -> bool:
    """Whether the two can never hold together: both ask one value, of which it cannot be both."""
    try:
        if one.key in _PRIORITIES and other.key in _PRIORITIES:
            return not _priorities(one) & _priorities(other)
        same = one.key == other.key and one.key in _SINGLE
        return same and not set(values.texts(one.value)) & set(values.texts(other.value))
    except values.Unfit:
        return False


Follows = Callable[[Leaf, Leaf], bool]


def _never(_given: Leaf, _wanted: Leaf) -> bool:
    return False


def _named(given: Leaf, wanted: Leaf) -> bool:
    return given.key == wanted.key and set(values.texts(given.value)) <= set(values.texts(wanted.value))


def _folded(given: Leaf, wanted: Leaf) -> bool:
    mine, others = ({fold(one) for one in values.texts(leaf.value)} for leaf in (given, wanted))
    return given.key == wanted.key and mine <= others


def _automatic(given: Leaf, wanted: Leaf) -> bool:
    if given.key != wanted.key or isinstance(given.value, bool):
        return False
    return wanted.value is True or (not isinstance(wanted.value, bool) and _named(given, wanted))


_PRIORITIES = ("priority", "priority_below", "priority_above")


def _priorities(leaf: Leaf) -> set[Priority]:
    if leaf.key == "priority":
        return {one for one in Priority if one.value in values.texts(leaf.value)}
    border = next((one.weight for one in Priority if one.value == leaf.value), None)
    if border is None:
        raise values.wrong_type("text", leaf.value)
    return {one for one in Priority if (one.weight < border if leaf.key == "priority_below" else one.weight > border)}


def _priority(given: Leaf, wanted: Leaf) -> bool:
    return given.key in _PRIORITIES and _priorities(given) <= _priorities(wanted)


def _mentions(given: Leaf, wanted: Leaf) -> bool:
    """Phrases compare as they are looked for. A part of a phrase is not found wherever the phrase is: words may be joined."""
    scope, _, how = given.key.partition(".")
    wanted_scope, _, wanted_how = wanted.key.partition(".")
    if scope not in ("text", "subject", "body") or how not in ("mentions", "mentions_all"):
        return False
    if wanted_scope not in ("text", scope):
        return False
    mine, others = (_runs(leaf.value) for leaf in (given, wanted))
    if how == "mentions_all":
        return others <= mine if wanted_how == "mentions_all" else bool(mine & others)
    return mine <= others if wanted_how == "mentions" else len(mine) == 1 and mine == others


def _runs(value: object) -> set[str]:
    return {"".join(words(phrase)) for phrase in values.phrases(value)}


def _globs(given: Leaf, wanted: Leaf) -> bool:
    same = given.key == wanted.key and _header(given.name) == _header(wanted.name)
    if not same and (given.key, wanted.key) != ("cc", "to"):
        return False
    return _covered(given.value, wanted.value)


def _header(name: str) -> str:
    return name.lower().replace("_", "-")


def _presence(given: Leaf, wanted: Leaf) -> bool:
    same = given.key == wanted.key and (
        _header(given.name) == _header(wanted.name) if given.key == "header.<name>" else given.name == wanted.name
    )
    if not same or given.value == "absent" or wanted.value == "absent":
        return same and given.value == wanted.value
    if wanted.value == "present":
        return True
    return given.value != "present" and _covered(given.value, wanted.value)


_ANYTHING = "\0"


def _covered(given: object, wanted: object) -> bool:
    """Whether each of the given patterns lies within one of the wanted: a star is only matched by a star."""
    if any(_ANYTHING in one for one in (*values.texts(given), *values.texts(wanted))):
        return False
    wider = [glob(one) for one in values.texts(wanted)]
    narrow = [fold(one).replace("*", _ANYTHING) for one in values.texts(given)]
    return all(any(one.fits(pattern) for one in wider) for pattern in narrow)


def _range(given: Leaf, wanted: Leaf) -> bool:
    if given.key != wanted.key:
        return False
    (least, most), (lower, upper) = values.span(given.value), values.span(wanted.value)
    return least >= lower and (upper is None or (most is not None and most <= upper))


def _days(given: Leaf, wanted: Leaf) -> bool:
    return given.key == wanted.key and set(values.weekdays(given.value)) <= set(values.weekdays(wanted.value))


def _ordered(read: Callable[[object], Any], *, later: bool) -> Follows:
    def follows(given: Leaf, wanted: Leaf) -> bool:
        if given.key != wanted.key:
            return False
        mine, other = read(given.value), read(wanted.value)
        return bool(mine >= other if later else mine <= other)

    return follows


_SINGLE = (
    "channel",
    "brand",
    "language",
    "authentication",
    "contact.language",
    "state",
    "assignee",
    "team",
    "policy",
    *(
        f"changed.{field}.{way}"
        for field in ("state", "priority", "team", "assignee", "policy")
        for way in ("from", "to")
    ),
)
"""Conditions that name the values of which something has exactly one."""

_FOLLOWS: Mapping[str, Follows] = {
    **dict.fromkeys((*_SINGLE, "holiday"), _named),
    **dict.fromkeys(("contact.tag", "organization.tag", "tag"), _folded),
    **dict.fromkeys(_PRIORITIES, _priority),
    **{f"{scope}.{how}": _mentions for scope in ("text", "subject", "body") for how in ("mentions", "mentions_all")},
    **dict.fromkeys(
        (
            "from",
            "to",
            "cc",
            "attachment.name",
            "attachment.type",
            "organization.name",
            "contract.name",
            "contract.tier",
        ),
        _globs,
    ),
    **dict.fromkeys(("header.<name>", "field.<name>", "contact.field.<name>", "organization.field.<name>"), _presence),
    **{f"history.{key}": _range for key in ("messages", "messages_today", "conversations", "conversations_open")},
    "automatic": _automatic,
    "attachment.larger_than": _ordered(values.size, later=True),
    "time.day": _days,
    "time.after": _ordered(values.time_of_day, later=True),
    "time.before": _ordered(values.time_of_day, later=False),
    "time.date_from": _ordered(values.day, later=True),
    "time.date_until": _ordered(values.day, later=False),
}
"""By the key of the wanted condition: whether it follows from the given one."""
