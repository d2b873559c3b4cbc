"""What customers are asked, as the config declares it: menus, and the fields of forms."""

from collections.abc import Container, Iterable

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from inbox.domain.choices import Choice
from inbox.domain.fields import FieldKind
from inbox.settings.values import Table
from inbox.text.fold import squeeze


class LabelOptions(Table):
    """The same words in each language that customers are answered in."""

    fa: str = Field(min_length=1, max_length=300)
    """In Persian."""
    en: str = Field(min_length=1, max_length=300)
    """In English."""


class OptionOptions(Table):
    """One thing that can be chosen."""

    value: str
    """What the field of the conversation is set to; rules look at it."""
    fa: str = Field(min_length=1, max_length=40)
    """What stands on the button in Persian."""
    en: str = Field(min_length=1, max_length=40)
    """What stands on the button in English."""


class ChoiceOptions(OptionOptions):
    """The same in a menu."""

    team: str = ""
    """The team that has what it is chosen for, where no rule says otherwise."""


class MenuOptions(Table):
    """`[menus.<field>]`: what customers of a chat are asked when a conversation opens."""

    ask: LabelOptions
    """The question above the buttons."""
    choices: tuple[ChoiceOptions, ...] = Field(min_length=1, max_length=20)
    """What can be chosen, in this order."""


class KnownOptions(Table):
    """`[contact_fields.<field>]` and `[organization_fields.<field>]`: what agents write down of people, by type."""

    kind: FieldKind = FieldKind.TEXT
    """What is filled in: `text` of one line, `long` text, `number`, `date`, `choice` or `yes-no`."""
    label: LabelOptions
    """The question."""
    hint: LabelOptions | None = None
    """What helps to answer it."""
    pattern: str = Field(default="", max_length=300)
    """What the whole of a `text` has to be like (RE2), with Latin digits; empty: anything."""
    choices: tuple[OptionOptions, ...] = Field(default=(), max_length=50)
    """What can be chosen, in this order, for a `choice`."""

    @field_validator("pattern")
    @classmethod
    def _of_a_text(cls, pattern: str, info: ValidationInfo) -> str:
        if pattern and info.data.get("kind") is not FieldKind.TEXT:
            raise PydanticCustomError("config.pattern_of_no_text", "for a text only")
        return pattern

    @model_validator(mode="after")
    def _chosen_from(self) -> "KnownOptions":
        if bool(self.choices) != (self.kind is FieldKind.CHOICE):
            raise PydanticCustomError("config.field_choices", "choices for a choice", {"kind": self.kind.value})
        return self


class FieldOptions(KnownOptions):
    """`[fields.<field>]`: what the form of a portal asks besides subject and words."""

    required: bool = False
    """Whether nothing is taken without it."""
    only_for: tuple[str, ...] = ()
    """The choices of the channel's menu with which it is asked; empty: with each."""


def check_menu(name: str, menu: MenuOptions) -> None:
    """Raises what is wrong: a choice that no button can carry, or two that an answer in words could not tell apart."""
    if not Choice(name, "x").fits:
        raise PydanticCustomError("config.bad_menu_name", "no name of a field", {"menu": name, "name": name})
    _check_choices(name, menu.choices)


def check_field(name: str, field: KnownOptions, menus: Container[str]) -> None:
    """Raises what is wrong: a name that no field can have or that a menu has, and the same of its choices."""
    if not Choice(name, "x").fits or name in menus:
        raise PydanticCustomError("config.bad_field_name", "no name of its own", {"name": name})
    _check_choices(name, field.choices)


def _check_choices(name: str, choices: Iterable[OptionOptions]) -> None:
    seen: set[str] = set()
    for one in choices:
        if not Choice(name, one.value).fits:
            raise PydanticCustomError(
                "config.bad_choice", "no button", {"menu": name, "name": name, "value": one.value}
            )
        words = {squeeze(one.value), squeeze(one.fa), squeeze(one.en)}
        if seen & words:
            raise PydanticCustomError("config.choice_twice", "twice", {"menu": name, "name": name, "value": one.value})
        seen |= words
