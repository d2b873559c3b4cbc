"""What a page says each time alike is written into it when it is compiled: sentences without facts, and icons.

A catalogue never changes while we run, so `say("web.done")` can have one outcome only in a language. Each language has its own
compiled pages, in which the sentence stands as text; what depends on facts is looked up as the page is made.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from inbox.text.wording import Wording

SAY, ICON = "say", "icon"
"""Names that mean the same in every page of the house: the words of the language, and the macro of the file of that name."""
ICONS = "icons.html.j2"


class Folded(Environment):
    """An environment of one language. A key that the catalogue lacks is a KeyError when the page is compiled."""

    def __init__(self, wording: Wording, language: str, **options: Any) -> None:
        super().__init__(**options)
        self.language = language
        say = partial(wording.say, language)
        self._folding = _Folding({SAY: lambda key: nodes.Const(say(key)), ICON: self._icon})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = self._folding.visit(super()._parse(source, name, filename))
        return parsed

    def _icon(self, name: str) -> nodes.Expr:
        macro: Any = getattr(self.get_template(ICONS).module, ICON)
        return nodes.MarkSafe(nodes.Const(str(macro(name))))


class _Folding(NodeTransformer):
    """Puts the outcome in place of a call by one of these names with one constant and nothing else."""

    def __init__(self, known: dict[str, Callable[[str], nodes.Expr]]) -> None:
        self._known = known

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """One node, after what is in it."""
        found = super().visit(node, *args, **kwargs)
        if (
            not isinstance(found, nodes.Call)
            or not isinstance(found.node, nodes.Name)
            or found.node.name not in self._known
        ):
            return found
        if found.kwargs or found.dyn_args or found.dyn_kwargs or len(found.args) != 1:
            return found
        (only,) = found.args
        return self._known[found.node.name](only.value) if isinstance(only, nodes.Const) else found
