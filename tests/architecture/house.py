"""What the architecture tests look at: the files of the house, read from the checkout."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path below the checkout with `/`, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def doc(self) -> str:
        """Its docstring, or nothing."""
        return ast.get_docstring(self.tree) or ""

    def imports(self) -> set[str]:
        """Every module it imports, with full names."""
        found = {alias.name for node in ast.walk(self.tree) if isinstance(node, ast.Import) for alias in node.names}
        return found | {node.module for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom) and node.module}


def sources(*folders: str) -> Iterator[Source]:
    """The Python files below some folders of the checkout, in a fixed order; a missing folder has none."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            yield Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def packages(*folders: str) -> Iterator[Source]:
    """The `__init__` files below some folders: the rooms."""
    return (source for source in sources(*folders) if source.name.endswith("__init__.py"))


def called(node: ast.Call) -> str:
    """The dotted name that is called, such as "datetime.now"; empty when it is no plain name."""
    parts: list[str] = []
    target: ast.expr = node.func
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    return ".".join([target.id, *reversed(parts)]) if isinstance(target, ast.Name) else ""
