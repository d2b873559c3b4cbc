"""The form for a new matter: what it asks besides subject and words, what was filled in, and what stands at a field that is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inbox.pipeline.filling import Unfilled, read
from inbox.web.forms import Form
from inbox.web.portal.visit import Visit
from inbox.web.typed import Shown, control

PREFIX = "field."
LONGEST_TYPED = 4_000
"""Letters of a value that are looked at, or shown again."""
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are asked with the same choices of the menu: the values of these, and what people read of them; empty: always."""

    values: tuple[str, ...]
    labels: tuple[str, ...]
    fields: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What can be taken of a form, and the sentences for what cannot, by field."""

    values: Mapping[str, str]
    wrong: Mapping[str, str]


def filled(made: Visit, form: Form) -> Filled:
    """The fields that are asked with what was chosen; whatever else was sent is left alone."""
    values, wrong = dict[str, str](), dict[str, str]()
    for field in made.portal.fields:
        if not field.asked_for(chosen(made, form)):
            continue
        try:
            value = read(field, form.get(f"{PREFIX}{field.name}")[:LONGEST_TYPED])
        except Unfilled as unfilled:
            wrong[field.name] = made.say(unfilled.key, **unfilled.facts)
            continue
        if value:
            values[field.name] = value
        elif field.required:
            wrong[field.name] = made.say("form.missing")
    return Filled(values, wrong)


def chosen(made: Visit, form: Form) -> str:
    """What was chosen from the menu, as far as it offers it."""
    return offered(made, form.get("chosen"))


def offered(made: Visit, value: str) -> str:
    """That choice, if the menu has it; else empty."""
    menu = made.portal.menu
    return value if menu is not None and value in [one.value for one in menu.options] else ""


def groups(made: Visit, form: Form, wrong: Mapping[str, str]) -> tuple[Group, ...]:
    """The fields in the order of the config, those side by side together that are asked with the same choices."""
    found: list[tuple[tuple[str, ...], list[Shown]]] = []
    for field in made.portal.fields:
        if not found or found[-1][0] != field.only_for:
            found.append((field.only_for, []))
        typed = form.get(f"{PREFIX}{field.name}")[:LONGEST_TYPED]
        found[-1][1].append(control(field, typed, made.language, made.say, wrong.get(field.name, "")))
    return tuple(Group(values, tuple(_labels(made, values)), tuple(fields)) for values, fields in found)


def begun(made: Visit) -> Form:
    """A form that nobody has filled in; a link may have chosen: `?chosen=billing`."""
    return Form({"chosen": (offered(made, made.request.query_params.get("chosen", "")),)}, {})


def asked(made: Visit, form: Form, wrong: Mapping[str, str]) -> Mapping[str, object]:
    """What the pages with the form show of it."""
    filled = {name: form.get(name) for name in ("address", "name", "subject", "text")}
    filled["chosen"] = chosen(made, form)
    return {"filled": filled, "menu": made.portal.menu, "groups": groups(made, form, wrong)}


def _labels(made: Visit, values: tuple[str, ...]) -> Iterator[str]:
    options = made.portal.menu.options if made.portal.menu is not None else ()
    return (one.labels[made.language] for one in options if one.value in values)
