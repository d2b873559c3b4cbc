"""The sandbox of message templates: what may be written in one, and how much a rendering may cost.

Jinja's own sandbox forbids what is dangerous to touch, not what is dangerous to compute: `{{ 'a' * 300000000 }}` takes
a gigabyte. Here a template is read against a list of what is allowed: values, tests, filters of our own, and loops over
lists that it was given. What is left costs no more than the facts and the file are long.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context

OUTPUT_CAP = 256 * 1024
"""Characters that one file of a template may render."""
LOOP_CAP = 10_000
"""Turns of all loops of one rendering together."""
LOOP_DEPTH = 2
TURNS = " turns"  # no template can spell a name with a space

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
    """An environment that compiles only what is on the list, and lets a template reach only fields of facts."""

    def __init__(self, filters: Mapping[str, Any], *, autoescape: bool) -> None:
        super().__init__(
            autoescape=autoescape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_plain
        )
        self.globals.clear()
        self.filters = {**filters, "listed": _listed}
        self._own = frozenset(filters)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
            _check(tree, self._own, 0)
        except RecursionError:
            raise NotAllowed("nested too deeply", 1, name, filename) from None
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "listed", [], [], None, None, lineno=loop.lineno)
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
    names = list(tree.find_all(nodes.Name))
    stored = {name.name for name in names if name.ctx == "store"}
    for name in names:
        if name.ctx == "load" and name.name not in known | stored | {"loop"}:
            yield name.name, name.lineno


def _check(node: nodes.Node, filters: frozenset[str], depth: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise NotAllowed(type(node).__name__.lower(), node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in filters:
        raise NotAllowed(f"|{node.name}", node.lineno)
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        raise NotAllowed(f"is {node.name}", node.lineno)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise NotAllowed(f".{node.attr}", node.lineno)
    if isinstance(node, nodes.For):
        depth += 1
        if depth > LOOP_DEPTH or node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            raise NotAllowed("for", node.lineno)
    for child in node.iter_child_nodes():
        _check(child, filters, depth)


def _plain(value: Any) -> Any:
    """What a template prints must be words: an instant or a yes/no printed as it is would be a computer's word."""
    if isinstance(value, str | Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a value of kind {type(value).__name__} needs a filter that puts it into words")


@pass_context
def _listed(context: Context, value: Any) -> tuple[Any, ...]:
    """What a loop runs over: a list that was handed in (never a text), as long as the turns last."""
    if not isinstance(value, tuple):
        raise TypeError("a loop runs over a list that the template was given")
    turns = context[TURNS]
    turns[0] -= len(value)
    if turns[0] < 0:
        raise TypeError(f"more than {LOOP_CAP} turns of its loops")
    return value
