"""Choices that we offer as buttons: what stands in a button's data, and what a press of it means."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of ours: what stands on it, and the data that comes back when somebody presses it."""

    label: str
    data: str


OFFERED = ("department",)
"""What can be chosen. Data comes back from the customer's own program, which may say anything: no other field is theirs to set."""
_VALUE = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the conversation and the value that the customer gave it."""

    name: str
    value: str

    @property
    def data(self) -> str:
        """As it stands in a button: `choose:department:sales`. At most 64 bytes for values of one byte a letter."""
        return f"choose:{self.name}:{self.value}"


def choice(data: str) -> Choice | None:
    """The choice that the data of a button stands for; None for whatever we never offered."""
    word, _, rest = data.partition(":")
    name, _, value = rest.partition(":")
    if word != "choose" or name not in OFFERED or not _VALUE.fullmatch(value):
        return None
    return Choice(name, value)
