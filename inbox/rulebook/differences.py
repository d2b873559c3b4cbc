"""What differs between two rulebooks, rule by rule: added, removed, renamed, moved, and what of a rule is another now."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inbox.rulebook.written import Either, Form, Leaf, Neither, Whole, Written, written


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is another: `what` is `on`, `when`, `then`, `final` or `enabled`. For a list `before` is what went out of
    it and `after` what came in; either may be empty."""

    what: str
    key: str
    before: str
    after: str
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """One rule that differs: `kind` is `added`, `removed`, `renamed`, `moved` or `changed`.

    `was`: the old name of a renamed one, the rule behind which a moved one stood; `behind`: the one behind which it stands.
    """

    kind: str
    rule: str
    place: str
    parts: tuple[Part, ...] = ()
    was: str = ""
    behind: str = ""


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Differing, ...]:
    """What differs between the files of two revisions, in the order of the later one; what was removed comes first.

    Comments, blank lines, and in which file a rule stands make no difference as long as the order stays.
    """
    old, new = written(before), written(after)
    renamed = _renamed(old, new)
    was = {renamed.get(one.name, one.name): one for one in old}
    names = {one.name for one in new}
    gone = [Differing("removed", name, one.place) for name, one in was.items() if name not in names]
    return (*gone, *_present(was, [renamed.get(one.name, one.name) for one in old], new))


def _present(was: Mapping[str, Written], order: Sequence[str], new: Sequence[Written]) -> Iterator[Differing]:
    moved = _moved([name for name in order if name in {one.name for one in new}], [one.name for one in new])
    for place, one in enumerate(new):
        old = was.get(one.name)
        if old is None:
            yield Differing("added", one.name, one.place, tuple(_whole(one)))
            continue
        if old.name != one.name:
            yield Differing("renamed", one.name, one.place, was=old.name)
        if one.name in moved:
            at = order.index(one.name)
            behind = new[place - 1].name if place else ""
            yield Differing("moved", one.name, one.place, was=order[at - 1] if at else "", behind=behind)
        if parts := tuple(_parts(old, one)):
            yield Differing("changed", one.name, one.place, parts)


def _renamed(old: Sequence[Written], new: Sequence[Written]) -> dict[str, str]:
    """New names by old ones: of rules that say the same, where that tells them apart."""
    names = {one.name for one in old}
    lost = [one for one in old if one.name not in {each.name for each in new}]
    fresh = [one for one in new if one.name not in names]
    found: dict[str, str] = {}
    for one in lost:
        same = [each for each in fresh if not any(_parts(one, each))]
        if len(same) == 1 and same[0].name not in found.values():
            found[one.name] = same[0].name
    return found


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest rules whose moving makes one order into the other: all but a longest run that kept its order."""
    place = {name: at for at, name in enumerate(old)}
    kept = [place[name] for name in new if name in place]
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for at in kept:
        i = bisect_left(tails, at)
        before[at] = tails[i - 1] if i else None
        tails[i : i + 1] = [at]
    run, last = set[int](), tails[-1] if tails else None
    while last is not None:
        run.add(last)
        last = before[last]
    return {old[at] for at in kept if at not in run}


def _whole(one: Written) -> Iterator[Part]:
    """All that a new rule says."""
    yield from _parts(Written(one.name, one.file, one.place, True, False, ("conversation-opened",), (), ()), one)


def _parts(old: Written, new: Written) -> Iterator[Part]:
    yield from _one("on", "on", _events(old), _events(new))
    yield from _keys("when", _conditions(old.when), _conditions(new.when))
    yield from _keys("then", _effects(old), _effects(new))
    for what, before, after in (("final", old.final, new.final), ("enabled", old.enabled, new.enabled)):
        if before is not after:
            yield Part(what, what, _said(before), _said(after))


def _events(one: Written) -> frozenset[str]:
    return frozenset(one.on) or frozenset({"conversation-opened"})


def _keys(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Part]:
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if key in before and key in after and isinstance(one, frozenset) and isinstance(other, frozenset):
            yield from _one(what, key, one, other)
        elif one != other or type(one) is not type(other):
            yield Part(what, key, _said(one), _said(other))


def _one(what: str, key: str, before: frozenset[str], after: frozenset[str]) -> Iterator[Part]:
    """Two lists of words: what went out and what came in."""
    if before != after:
        out, come = (", ".join(sorted(each)) for each in (before - after, after - before))
        yield Part(what, key, out, come, listed=True)


def _conditions(when: Whole | None) -> dict[str, object]:
    """Conditions by key; a key that is asked twice, or a group, by all that it says."""
    found: dict[str, object] = {}
    for form in when or ():
        key = form.written if isinstance(form, Leaf) else _told(form)
        value = _value(form.value) if isinstance(form, Leaf) else True
        if key in found:
            key, value = _told(form), True
        found[key] = value
    return found


def _effects(one: Written) -> dict[str, object]:
    return {key: _value(value) for key, value in one.then}


def _value(value: object) -> object:
    """A value as it compares: of a list the order does not matter, and one word is a list of one."""
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return frozenset(value)
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(str(_plain(one)) for one in value)
    return value


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(form: Form) -> str:
    match form:
        case Leaf():
            return f"{form.written} {_said(_value(form.value))}"
        case Either(choices):
            return f"any ({' | '.join(_together(one) for one in choices)})"
        case Neither(parts):
            return f"not ({_together(parts)})"


def _together(parts: Whole) -> str:
    return " & ".join(sorted(_told(part) for part in parts))
