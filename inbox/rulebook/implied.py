"""Whether conditions that hold make others hold as well, judged by what is written. Never yes where it could be no."""

from collections.abc import Collection, Iterator, Mapping

from inbox.rulebook.follows import apart, follows, opposite
from inbox.rulebook.written import Either, Form, Leaf, Neither, Whole

MOST_CASES = 64
"""How many ways through the `any` of a rule are followed; past that nothing is said."""

NEVER_CHANGE = [
    "text",
    "subject",
    "body",
    "from",
    "to",
    "cc",
    "channel",
    "brand",
    "language",
    "automatic",
    "authentication",
    "header",
    "attachment",
    "contact",
    "organization",
    "contract",
    "history",
    "follows",
    "changed",
    "time",
    "hours",
    "holiday",
    "actor",
]
"""The beginnings of conditions that no effect can change within a run."""

CAN_CHANGE: Mapping[str, str] = {
    "state": "state",
    "priority": "priority",
    "priority_below": "priority",
    "priority_above": "priority",
    "assigned": "assignee",
    "assignee": "assignee",
    "team": "team",
    "policy": "policy",
    "tag": "tag",
}
"""The field that a condition looks at as set so far; custom fields (`field.<name>`) apart."""


def implied(given: Whole, wanted: Whole, touched: Collection[str]) -> bool:
    """Whether everything in `wanted` holds whenever everything in `given` does.

    `given` is asked later in the same run than `wanted`: `touched` names the fields (`field.<name>` for custom ones, `tag`)
    that may have become others in between. Conditions on these, and ones that are not known here, prove nothing.
    """
    cases = list(_cases(given))
    return len(cases) <= MOST_CASES and all(_all(case, wanted, touched) for case in cases)


def field_of(leaf: Leaf) -> str | None:
    """The field that a condition looks at as set so far; empty where nothing can change it, None where nobody knows."""
    if leaf.key == "field.<name>":
        return f"field.{leaf.name}"
    if leaf.key in CAN_CHANGE:
        return CAN_CHANGE[leaf.key]
    return "" if leaf.key.split(".")[0] in NEVER_CHANGE else None


def _cases(given: Whole) -> Iterator[Whole]:
    """Every way in which `given` can hold, each without `any`; at most one more than are followed."""
    ways: list[Whole] = [()]
    for form in given:
        if isinstance(form, Either):
            inner = [case for choice in form.choices for case in _cases(choice)]
            ways = [(*way, *case) for way in ways for case in inner][: MOST_CASES + 1]
        else:
            ways = [(*way, form) for way in ways]
    yield from ways


def _all(case: Whole, wanted: Whole, touched: Collection[str]) -> bool:
    return all(_one(case, form, touched) for form in wanted)


def _one(case: Whole, wanted: Form, touched: Collection[str]) -> bool:
    match wanted:
        case Either(choices):
            return any(_all(case, choice, touched) for choice in choices)
        case Neither(parts):
            return _not(case, parts, touched)
        case Leaf():
            return _steady(wanted, touched) and any(
                follows(form, wanted) for form in _plain(case) if _steady(form, touched)
            )


def _not(case: Whole, parts: Whole, touched: Collection[str]) -> bool:
    """Whether `parts` cannot all hold: what is said not to hold already follows from them, or one of them contradicts."""
    for form in case:
        if isinstance(form, Neither) and _known(form.parts, touched) and implied(parts, form.parts, touched):
            return True
    opposites = [opposite(part) for part in parts if isinstance(part, Leaf)]
    if any(one is not None and _one(case, one, touched) for one in opposites):
        return True
    rivals = [part for part in parts if isinstance(part, Leaf) and _steady(part, touched)]
    return any(apart(form, part) for part in rivals for form in _plain(case) if _steady(form, touched))


def _known(parts: Whole, touched: Collection[str]) -> bool:
    """Whether these conditions say the same at both moments."""
    for part in parts:
        match part:
            case Leaf() if not _steady(part, touched):
                return False
            case Either(choices) if not all(_known(choice, touched) for choice in choices):
                return False
            case Neither(inner) if not _known(inner, touched):
                return False
    return True


def _steady(leaf: Leaf, touched: Collection[str]) -> bool:
    field = field_of(leaf)
    return field is not None and field not in touched


def _plain(case: Whole) -> Iterator[Leaf]:
    """The single conditions of a case; what stands under `not` as its opposite, where there is one."""
    for form in case:
        if isinstance(form, Leaf):
            yield form
        elif isinstance(form, Neither) and len(form.parts) == 1 and isinstance(form.parts[0], Leaf):
            other = opposite(form.parts[0])
            if other is not None:
                yield other
