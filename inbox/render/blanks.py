"""What is empty in a macro's text: false in a condition, and a mark where it is printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from inbox.render.sandbox import NotAllowed, Sandbox, parts_of

_FIRST = 0xF0000
"""Private characters stand for what is empty while a text is made: filters keep them, and nobody writes them."""
_PRIVATE = re.compile("[\U000f0000-\U000ffffd]")
_MARK = re.compile("⟦([^⟦⟧]*)⟧")


def unfilled(text: str) -> tuple[str, ...]:
    """The names that still stand as marks in a text, each once."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


class _Blank(str):
    """What is empty: false, and printed as a private character."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


@dataclass(slots=True)
class Blanks:
    """What was found empty in one rendering, by its private character."""

    names: list[str] = field(default_factory=list)

    def of(self, name: str, value: str) -> str:
        """The value without private characters, or the mark for it."""
        value = _PRIVATE.sub("", value)
        if value.strip():
            return value
        self.names.append(name)
        return _Blank(chr(_FIRST + len(self.names) - 1))

    def told(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A text as people see it, with what is missing in it, each name once."""
        missing = dict.fromkeys(name for name in map(self._name, _PRIVATE.findall(text)) if name)
        return _PRIVATE.sub(lambda mark: self._marked(mark[0]), text), tuple(missing)

    def _name(self, mark: str) -> str:
        place = ord(mark) - _FIRST
        return self.names[place] if place < len(self.names) else ""

    def _marked(self, mark: str) -> str:
        name = self._name(mark)
        return f"⟦{name}⟧" if name else ""


@dataclass(frozen=True, slots=True)
class Named:
    """`field` or `ask`: values by name, of which any can be missing."""

    name: str
    values: Mapping[str, str]
    blanks: Blanks

    def get(self, name: str) -> str:
        """The value, or the mark for it."""
        return self.blanks.of(f"{self.name}.{name}", self.values.get(name, ""))


class MacroSandbox(Sandbox):
    """The sandbox of message templates, with two facts that have names of the site's own, and without parts."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for _, line in parts_of(tree):
            raise NotAllowed("include", line, name, filename)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A value by its name, or what the sandbox gives."""
        return obj.get(attribute) if isinstance(obj, Named) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same for names that are no words of a template."""
        if isinstance(obj, Named) and isinstance(argument, str):
            return obj.get(argument)
        return super().getitem(obj, argument)
