"""Choices that we offer as buttons: menus, what stands in a button's data, and what a press of it means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_DATA = 64
"""Bytes that a button can carry on the networks that we know."""
LABEL = 48
"""Characters of a title that stand on a button."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
_VALUE = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of ours: what stands on it, and the data that comes back when somebody presses it."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the conversation and the value that the customer gave it."""

    name: str
    value: str

    @property
    def data(self) -> str:
        """As it stands in a button: `choose:department:sales`."""
        return f"choose:{self.name}:{self.value}"

    @property
    def fits(self) -> bool:
        """Whether it can stand in a button, and be read back from it."""
        return choice(self.data) == self and len(self.data.encode()) <= LONGEST_DATA


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen: the field's value, and what people read, by language."""

    value: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Menu:
    """What a customer is asked when a conversation opens. `name` is the field that the answer sets.

    Data comes back from the customer's own program, which may say anything: what no menu of the channel offers is not
    theirs to set.
    """

    name: str
    ask: Mapping[str, str]
    """The question, by language."""
    options: tuple[Option, ...]

    def offers(self, language: str) -> tuple[Offer, ...]:
        """The buttons, in order."""
        return tuple(Offer(one.labels[language], Choice(self.name, one.value).data) for one in self.options)

    def option(self, chosen: Choice) -> Option | None:
        """What was chosen; None where that is not offered."""
        return next((one for one in self.options if (self.name, one.value) == (chosen.name, chosen.value)), None)


def choice(data: str) -> Choice | None:
    """The choice that the data of a button stands for; None for whatever no menu can offer."""
    word, _, rest = data.partition(":")
    name, _, value = rest.partition(":")
    if word != "choose" or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        return None
    return Choice(name, value)
