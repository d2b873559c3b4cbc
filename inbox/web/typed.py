"""A field of some type as a page shows it: its control, what it is called, and what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass

from inbox.domain.fields import Field, FieldKind
from inbox.pipeline.filling import LONGEST

_YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as a page has it: `type` is that of its control, `value` what was filled in, `wrong` a sentence."""

    name: str
    type: str
    label: str
    hint: str
    required: bool
    value: str
    wrong: str
    options: tuple[tuple[str, str], ...] = ()
    longest: int = 0


def control(field: Field, typed: str, language: str, say: Callable[..., str], wrong: str = "") -> Shown:
    """The field with what was typed, or is known."""
    options = tuple((one.value, one.labels[language]) for one in field.options)
    if field.kind is FieldKind.YES_NO:
        options = tuple((one, say(f"form.{one}")) for one in _YES_NO)
    return Shown(
        field.name,
        "select" if options else "long" if field.kind is FieldKind.LONG else "line",
        field.labels[language],
        field.hints.get(language, "") or (say("form.day_hint") if field.kind is FieldKind.DATE else ""),
        field.required,
        typed,
        wrong,
        options,
        LONGEST.get(field.kind, LONGEST[FieldKind.TEXT]),
    )
