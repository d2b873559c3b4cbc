"""A rule as it is written, in words of a language: when it applies, and what it does then."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from inbox.rulebook.differences import differences
from inbox.rulebook.written import Either, Form, Leaf, Neither, Whole, written
from inbox.text.wording import Wording


@dataclass(frozen=True, slots=True)
class Worded:
    """One rule. `on` are names of events, `when` sentences that must all hold, `then` pairs of effect and value.

    `when` is None where a condition cannot be read (it was written for another version).
    """

    name: str
    place: str
    enabled: bool
    final: bool
    on: tuple[str, ...]
    when: tuple[str, ...] | None
    then: tuple[tuple[str, str], ...]


def worded(files: Mapping[str, str], wording: Wording, language: str) -> tuple[Worded, ...]:
    """The rules of a rulebook's files in order, disabled ones included."""
    words = _Words(wording, language)
    # Against nothing, all that a rule says is new: the effects are worded as `rules diff` words them.
    said = {one.rule: one.parts for one in differences({}, files)}
    return tuple(
        Worded(
            name=one.name,
            place=one.place,
            enabled=one.enabled,
            final=one.final,
            on=one.on or ("conversation-opened",),
            when=None if one.when is None else tuple(words.said(form) for form in one.when),
            then=tuple((part.key, part.after) for part in said.get(one.name, ()) if part.what == "then"),
        )
        for one in written(files)
    )


@dataclass(frozen=True, slots=True)
class _Words:
    wording: Wording
    language: str

    def said(self, form: Form) -> str:
        say = partial(self.wording.say, self.language)
        match form:
            case Leaf():
                return _as_written(form.written, form.value)
            case Either(choices):
                return say("rules.said.any", parts=" | ".join(map(self.together, choices)))
            case Neither(parts):
                return say("rules.said.not", parts=self.together(parts))

    def together(self, parts: Whole) -> str:
        return " · ".join(self.said(part) for part in parts)


def _as_written(key: str, value: object) -> str:
    """A condition in the rule language, which runs from left to right within every sentence (U+2066, U+2069)."""
    return f"\u2066{key}: {_value(value)}\u2069"


def _value(value: object) -> str:
    """A value in the order in which the rule writes it."""
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)
