"""What a form asks besides subject and words: fields of the conversation that its customer fills in, by type."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inbox.domain.choices import Option

TELEPHONES = ("phone", "telephone", "tel", "mobile")
"""The field of a contact that holds a telephone number: the first of these names that the config declares."""


class FieldKind(StrEnum):
    """What can be filled in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes-no"


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `name` is the field of the conversation that the answer sets.

    `only_for`: the choices of the channel's menu with which it is asked; empty: with each, and where there is no menu.
    """

    name: str
    kind: FieldKind
    labels: Mapping[str, str]
    """The question, by language."""
    hints: Mapping[str, str]
    """What helps to answer it, by language; empty: nothing."""
    required: bool = False
    pattern: str = ""
    """What the whole of a text has to be like, in the syntax of RE2; empty: anything."""
    options: tuple[Option, ...] = ()
    only_for: tuple[str, ...] = ()

    def asked_for(self, chosen: str) -> bool:
        """Whether it is asked of somebody who chose that from the menu; empty: nothing."""
        return not self.only_for or chosen in self.only_for
