"""The check of a macro's texts at load: what each names, and each against example facts."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from zoneinfo import ZoneInfo

from jinja2 import TemplateSyntaxError, nodes

from inbox.domain.macro_facts import MacroFacts
from inbox.domain.problems import Misconfigured
from inbox.render.sandbox import NotAllowed, unknown_names
from inbox.rulebook.macros import Macro

_NAMES = frozenset(one.name for one in fields(MacroFacts))
_SUGGESTED = _NAMES - {"zone"}


def findings(
    macro: Macro, parse: Callable[[str], nodes.Template], fill: Callable[[Macro, str, MacroFacts], object]
) -> Iterator[Misconfigured]:
    """All that is wrong with its texts, each with file and line."""
    asked: set[str] = set()
    readable = True
    for language, text in macro.texts.items():
        try:
            tree = parse(text.source)
        except TemplateSyntaxError as error:
            readable = False
            yield misspelt(macro, error)
            continue
        asked |= set(_asked(tree))
        wrong = list(_unknown(macro, tree))
        yield from wrong or _failures(macro, language, fill)
    for name in macro.asks:
        if readable and name not in asked:
            yield Misconfigured("macros.unused_question", where=f"{macro.place}:{macro.lines[name]}", name=name)


def misspelt(macro: Macro, error: TemplateSyntaxError) -> Misconfigured:
    """What is wrong with the template itself."""
    key = "template.not_allowed" if isinstance(error, NotAllowed) else "template.syntax"
    return Misconfigured(key, where=f"{macro.place}:{error.lineno}", reason=error.message or "")


def _failures(macro: Macro, language: str, fill: Callable[[Macro, str, MacroFacts], object]) -> Iterator[Misconfigured]:
    try:
        for facts in _examples(macro, language):
            fill(macro, language, facts)
    except Misconfigured as problem:
        yield problem


def _examples(macro: Macro, language: str) -> Iterator[MacroFacts]:
    """From the fullest to the emptiest."""
    persian = language == "fa"
    least = MacroFacts(language=language, zone=ZoneInfo("Asia/Tehran"), reference="K7Q2")
    yield replace(
        least,
        brand="فروشگاه نمونه" if persian else "Example Store",
        subject="سفارشم نرسیده است" if persian else "My order has not arrived",
        contact_name="نگار سهرابی" if persian else "Lena Fischer",
        agent_name="سارا محمدی" if persian else "Sara Mohammadi",
        team="پشتیبانی" if persian else "Support",
        asset_product="آسیاب قهوه" if persian else "Coffee grinder",
        asset_model="PX-200",
        asset_serial="SN-12345678",
        warranty_until="دوشنبه ۱ شهریور ۱۴۰۶" if persian else "Monday 23 August 2027",
        organization="بازرگانی نمونه" if persian else "Example Trading",
        ask=dict.fromkeys(macro.asks, "A-10027"),
    )
    yield least


def _unknown(macro: Macro, tree: nodes.Template) -> Iterator[Misconfigured]:
    for name, line in unknown_names(tree, _NAMES | {"direction"}):
        yield _suggested("template.unknown_variable", macro, line, name, _SUGGESTED)
    for name, line in _asked(tree).items():
        if name not in macro.asks:
            yield _suggested("macros.unknown_question", macro, line, name, macro.asks)


def _suggested(
    key: str, macro: Macro, line: int, name: str, known: Mapping[str, object] | frozenset[str]
) -> Misconfigured:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    suggestion = near[0] if near else ", ".join(sorted(known)) or "-"
    return Misconfigured(key, where=f"{macro.place}:{line}", name=name, suggestion=suggestion)


def _asked(tree: nodes.Template) -> dict[str, int]:
    """The questions whose answers a text uses, each with the line of its first use."""
    found: dict[str, int] = {}
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "ask":
            found.setdefault(node.attr, node.lineno)
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.node, nodes.Name) and item.node.name == "ask" and isinstance(item.arg, nodes.Const):
            found.setdefault(str(item.arg.value), item.lineno)
    return found
