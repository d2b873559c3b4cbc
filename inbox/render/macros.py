"""The texts of macros: templates in the same sandbox, in which what is empty leaves a mark where it would have been printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from jinja2 import Template, TemplateSyntaxError

from inbox.domain.macro_facts import MacroFacts
from inbox.domain.problems import Misconfigured
from inbox.render import filters
from inbox.render.blanks import Blanks, MacroSandbox, Named
from inbox.render.macro_checking import findings, misspelt
from inbox.render.running import LOOP_CAP, PARTS, TURNS, run
from inbox.render.shelf import RTL
from inbox.rulebook.macros import Macro

_GAPS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text for one conversation, in `language`. `missing`: what it prints although it is empty; in the text it stands as `⟦name⟧`."""

    language: str
    text: str
    missing: tuple[str, ...] = ()


class Macros:
    """The macros of a site by name. `broken`: those whose file is wrong; only whoever uses one is told."""

    def __init__(self, found: Mapping[str, Macro], broken: Mapping[str, Misconfigured] | None = None) -> None:
        self.found = dict(sorted(found.items()))
        self.broken = broken or {}
        self._sandbox = MacroSandbox(filters.TEXT, autoescape=False)
        self._compiled: dict[tuple[str, str], Template] = {}

    def check(self) -> list[Misconfigured]:
        """Every text, rendered against examples: all that is wrong, each with file and line."""
        return [problem for macro in self.found.values() for problem in findings(macro, self._sandbox.parse, self.fill)]

    def fill(self, macro: Macro, language: str, facts: MacroFacts) -> Filled:
        """The text in a language that the macro has. Raises Misconfigured with file and line."""
        blanks = Blanks()
        values = _values(replace(facts, language=language), blanks)
        text = run(self._template(macro, language), {**values, TURNS: [LOOP_CAP], PARTS: {}})
        told, missing = blanks.told(_tidy(text))
        return Filled(language, told, missing)

    def _template(self, macro: Macro, language: str) -> Template:
        key = (macro.name, language)
        if key not in self._compiled:
            text = macro.texts[language]
            try:
                code = self._sandbox.compile(text.source, None, macro.place)
            except TemplateSyntaxError as error:
                raise misspelt(macro, error) from error
            except (RecursionError, SyntaxError) as error:
                # Python's own limits, reached by what Jinja made of the text.
                where = f"{macro.place}:{text.line}"
                raise Misconfigured("template.syntax", where=where, reason="nested too deeply") from error
            self._compiled[key] = self._sandbox.template_class.from_code(self._sandbox, code, self._sandbox.globals)
        return self._compiled[key]


def _values(facts: MacroFacts, blanks: Blanks) -> dict[str, Any]:
    given: dict[str, Any] = {"direction": "rtl" if facts.language in RTL else "ltr"}
    for one in fields(facts):
        value = getattr(facts, one.name)
        if one.name in ("field", "ask"):
            value = Named(one.name, value, blanks)
        elif isinstance(value, str) and one.name != "language":
            value = blanks.of(one.name, value)
        given[one.name] = value
    return given


def _tidy(text: str) -> str:
    """No empty lines at the ends, never two of them together: conditions leave gaps behind."""
    return _GAPS.sub("\n\n", text).strip()
