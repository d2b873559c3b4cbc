"""Templates are compiled once a session: hundreds of houses come with the same files, whose words alone decide what is made of them."""

from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest
from jinja2 import Environment, nodes

from inbox.render.folding import Folded
from inbox.render.sandbox import Sandbox


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Remembers what Jinja read and compiled; a template that is wrong is read each time anew."""
    with pytest.MonkeyPatch.context() as patch:
        _remember_code(patch, _remember_trees(patch))
        yield


def _remember_trees(patch: pytest.MonkeyPatch) -> dict[int, nodes.Template]:
    """The trees that are remembered, by their ids."""
    read = Sandbox._parse
    known: dict[object, nodes.Template] = {}
    trees: dict[int, nodes.Template] = {}

    def parse(self: Sandbox, source: str, name: str | None, filename: str | None) -> nodes.Template:
        key = (*_kind(self), source)
        if key not in known:
            known[key] = tree = read(self, source, name, filename)
            trees[id(tree)] = tree
        return known[key]

    patch.setattr(Sandbox, "_parse", parse)
    return trees


def _remember_code(patch: pytest.MonkeyPatch, trees: dict[int, nodes.Template]) -> None:
    make: Any = Environment.compile
    known: dict[object, CodeType] = {}

    def compiled(self: Environment, source: str | nodes.Template, *place: str | None) -> CodeType:
        if not isinstance(source, str) and id(source) not in trees:
            made: CodeType = make(self, source, *place)
            return made
        key = (*_kind(self), source if isinstance(source, str) else id(source), *place)
        if key not in known:
            known[key] = make(self, source, *place)
        return known[key]

    patch.setattr(Environment, "compile", compiled)


def _kind(of: Environment) -> tuple[object, ...]:
    """What else decides: the language whose words stand in it, whether it escapes, whether the last line keeps its end, and the
    filters that it knows."""
    language = of.language if isinstance(of, Folded) else ""
    return type(of), language, of.autoescape, of.keep_trailing_newline, frozenset(of.filters)
