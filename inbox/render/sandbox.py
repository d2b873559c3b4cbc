"""The sandbox of message templates: what may be written in one.

Jinja's own sandbox forbids what is dangerous to touch, not what is dangerous to compute: `{{ 'a' * 300000000 }}` takes
a gigabyte. Here a template is read against a list of what is allowed: values, tests, filters of our own, parts by their
name, and loops over lists that it was given. What is left costs no more than the facts and the file are long; how much that
may be, `running` says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inbox.render import running

LOOP_DEPTH = 2
FILTER_DEPTH = 4
"""Filters one upon the other: each may make its value longer."""
LARGEST = 10**15
"""A number that is typed: Python itself stumbles over one of thousands of digits."""
PART = re.compile(r"[a-z][a-z0-9-]*")
"""The name of a part."""

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.If,
    nodes.For,
    nodes.Include,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
_TESTS = {"none", "defined"}


class NotAllowed(TemplateSyntaxError):
    """A template uses something that message templates may not."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment that compiles only what is on the list, and lets a template reach only fields of facts.

    `lines`: the last line of a file keeps its end, as that of a part has to.
    """

    def __init__(self, filters: Mapping[str, Any], *, autoescape: bool, lines: bool = False) -> None:
        super().__init__(
            autoescape=autoescape,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=lines,
            finalize=running.plain,
        )
        self.globals.clear()
        self.filters = {**filters, "listed": running.listed, "part": running.part}
        self._own = frozenset(filters)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
            _check(tree, self._own, 0, 0)
            _bound(tree)
        except RecursionError:
            raise NotAllowed("nested too deeply", 1, name, filename) from None
        except ValueError:  # Python reads no number of more than 4,300 digits
            raise NotAllowed("a number without end", 1, name, filename) from None
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a fact, and nothing else: a method of a value cannot even be named."""
        if is_dataclass(obj) and any(field.name == attribute for field in fields(obj)):
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item of a list by its number."""
        if isinstance(obj, tuple) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


def unknown_names(tree: nodes.Template, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    """The names (with their lines) that a template reads though nobody will give them."""
    for name, line in read_names(tree):
        if name not in known:
            yield name, line


def read_names(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """The names (with their lines) that a template reads and does not make itself."""
    names = list(tree.find_all(nodes.Name))
    stored = {name.name for name in names if name.ctx == "store"}
    for name in names:
        if name.ctx == "load" and name.name not in stored | {"loop"}:
            yield name.name, name.lineno


def parts_of(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """The parts (with their lines) that a template includes."""
    for found in tree.find_all(nodes.Filter):
        if found.name == "part" and isinstance(found.node, nodes.Const):
            yield found.node.value, found.lineno


def size(node: nodes.Node) -> int:
    """Of how many nodes something consists."""
    count, left = 0, [node]
    while left:
        count += 1
        left += left.pop().iter_child_nodes()
    return count


def _bound(node: nodes.Node) -> None:
    """Put our own look-up where a part is included, and a count of turns where a loop begins. Jinja itself loads nothing."""
    turns = nodes.Const(running.weight(sum(map(size, node.body)))) if isinstance(node, nodes.For) else None
    for _, value in node.iter_fields():
        if isinstance(value, list):
            value[:] = [_looked_up(one) if isinstance(one, nodes.Include) else one for one in value]
    for child in node.iter_child_nodes():
        _bound(child)
    if isinstance(node, nodes.For):
        node.iter = nodes.Filter(node.iter, "listed", [turns], [], None, None, lineno=node.lineno)


def _looked_up(node: nodes.Include) -> nodes.Output:
    return nodes.Output(
        [nodes.Filter(node.template, "part", [], [], None, None, lineno=node.lineno)], lineno=node.lineno
    )


def _check(node: nodes.Node, filters: frozenset[str], depth: int, chain: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise NotAllowed(type(node).__name__.lower(), node.lineno)
    if isinstance(node, nodes.Filter):
        chain += 1
        if node.name not in filters or chain > FILTER_DEPTH:
            raise NotAllowed(f"|{node.name}", node.lineno)
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        raise NotAllowed(f"is {node.name}", node.lineno)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise NotAllowed(f".{node.attr}", node.lineno)
    if isinstance(node, nodes.Const) and isinstance(node.value, int) and abs(node.value) > LARGEST:
        raise NotAllowed("a number without end", node.lineno)
    if isinstance(node, nodes.Include) and not _is_part(node):
        raise NotAllowed("include", node.lineno)
    if isinstance(node, nodes.For):
        depth += 1
        if depth > LOOP_DEPTH or node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            raise NotAllowed("for", node.lineno)
    for child in node.iter_child_nodes():
        _check(child, filters, depth, chain)


def _is_part(node: nodes.Include) -> bool:
    """A constant name, and nothing that would hide that it is missing."""
    if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
        return False
    return PART.fullmatch(node.template.value) is not None and node.with_context and not node.ignore_missing
