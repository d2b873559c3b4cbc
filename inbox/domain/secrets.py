"""A secret of the config as a reference: where it is to be found, never what it is."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

Source = Literal["file", "env", "credential", "command"]
SOURCES: tuple[Source, ...] = ("file", "env", "credential", "command")


@dataclass(frozen=True, slots=True)
class SecretReference:
    """`{ file = "..." }`, `{ env = "..." }`, `{ credential = "..." }` (systemd) or `{ command = ["...", ...] }`.

    `words` is the one name or path, or the words of the command. Printed, it names the source only: a command's later
    words may be telling.
    """

    source: Source
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.source}:{self.words[0]}"

    def __repr__(self) -> str:
        return f"SecretReference({self})"


def reference(value: Any) -> SecretReference:
    """What a config says of a secret as a reference. Raises PydanticCustomError; the value itself is never in its words."""
    if isinstance(value, SecretReference):
        return value
    if isinstance(value, str):
        raise PydanticCustomError("secrets.plain", "a secret stands in the config itself")
    if not isinstance(value, dict) or len(value) != 1:
        raise PydanticCustomError("secrets.no_reference", "a secret has exactly one source")
    source, where = next(iter(value.items()))
    words = tuple(where) if isinstance(where, list) and source == "command" else (where,)
    if source not in SOURCES or not words or not all(isinstance(word, str) and word for word in words):
        raise PydanticCustomError("secrets.no_reference", "no such source, or nothing named")
    return SecretReference(source, words)


Secret = Annotated[SecretReference, BeforeValidator(reference)]
"""The type of an option that holds a secret."""
