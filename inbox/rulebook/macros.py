"""One macro file read: a title, texts by language, what the agent is asked, and what is done besides, in the words of rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from inbox.domain.conversations import State
from inbox.domain.problems import Misconfigured
from inbox.rulebook import values
from inbox.rulebook.decision import Assign
from inbox.rulebook.effects import Effect, then
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page, whole
from inbox.rulebook.vocabulary import Key

KEYS = (
    Key("format", "number"),
    Key("title", "text"),
    Key("teams", "teams"),
    Key("text", "texts by language"),
    Key("ask", "questions"),
    Key("then", "effects"),
    Key("disabled", "yes or no"),
)
DONE = ("priority", "assign", "team", "tag", "untag", "field.<name>", "note", "state", "snooze")
"""The effects of rules that a macro may have as well: what an agent could do by hand."""
FREE = "field."
LONGEST = 64 * 1024
"""Characters of one text."""
_LONG = ('"""', "'''")
_NAME = re.compile(r"\w[\w-]{0,63}")

Worded = Mapping[str, str]
"""Words by language; under the empty one those that stand for every language."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was written, a template, and the line of the file on which it begins."""

    template: str
    line: int

    @property
    def source(self) -> str:
        """The template on its lines of the file, so that whatever is wrong is told with them."""
        return "\n" * (self.line - 1) + self.template


@dataclass(frozen=True, slots=True)
class Macro:
    """A saved reply. `teams`: whose members may use it, none for everybody; `asks`: what the agent must give, and how it is asked."""

    name: str
    place: str
    title: Worded
    teams: tuple[str, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)
    asks: Mapping[str, Worded] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    """On which line each question stands."""

    def language(self, wanted: str, otherwise: str) -> str:
        """The language in which it is said to somebody who reads `wanted`; empty where it says nothing."""
        return next((one for one in (wanted, otherwise, *self.texts) if one in self.texts), "")


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a file: a macro, or none where it is switched off or wrong."""

    macro: Macro | None = None
    problems: tuple[Misconfigured, ...] = ()


def said(words: Worded, language: str) -> str:
    """The words in that language, else in the one there is."""
    return words.get(language) or words.get("") or next(iter(words.values()), "")


def read(name: str, file: str, text: str, names: Names) -> Read:
    """The macro of one file, which is told of as `file`. An empty one, or one with `disabled = true`, is none and not wrong."""
    page, kept = whole(file, text, names, KEYS)
    if kept is None:
        return Read(problems=tuple(page.problems))
    if (not kept and not page.problems) or page.read((), kept, "disabled", values.truth, False):
        return Read(problems=tuple(page.problems))
    if not _NAME.fullmatch(name):
        page.wrong((), "macros.bad_name", name=name)
    effects, asks = _effects(page, kept), _asks(page, kept)
    macro = Macro(
        name=name,
        place=file,
        title=_worded(page, kept, "title"),
        teams=page.read((), kept, "teams", lambda value: values.names(value, names.teams, "rules.unknown_team"), ()),
        texts=_texts(page, kept, text),
        asks=asks,
        effects=effects,
        lines={name: page.line(("ask", name)) for name in asks},
    )
    _check_whole(page, kept, macro)
    return Read(None if page.problems else macro, tuple(page.problems))


def _check_whole(page: Page, kept: Mapping[str, object], macro: Macro) -> None:
    if "title" not in kept:
        page.wrong((), "macros.no_title")
    if not kept.get("text") and not kept.get("then"):
        page.wrong((), "macros.nothing_to_do")
    states = [effect.value for effect in macro.effects if effect.name == "state"]
    if State.WAITING in states and "text" not in kept:
        page.wrong(("then", "state"), "macros.waits_for_nothing")
    if "ask" in kept and "text" not in kept:
        page.wrong(("ask",), "macros.asks_for_nothing")


def _effects(page: Page, kept: Mapping[str, object]) -> tuple[Effect, ...]:
    found = then(page, ("then",), page.read((), kept, "then", values.table, {}))
    for one in (*(effect.name for effect in found.effects), *(["override"] if found.override else [])):
        if one not in DONE and not one.startswith(FREE):
            page.wrong(("then", one), "macros.not_by_hand", key=one, known=", ".join(DONE))
    for effect in found.effects:
        if isinstance(effect.value, Assign) and effect.value.by:
            page.wrong(("then", "assign"), "macros.not_by_hand", key="assign.by", known=", ".join(DONE))
    return found.effects


def _texts(page: Page, kept: Mapping[str, object], source: str) -> dict[str, Text]:
    lines = source.split("\n")
    found = {}
    for language, template in _by_language(page, kept, "text").items():
        line = page.line(("text", language))
        below = any(lines[line - 1].count(mark) == 1 and lines[line - 1].rstrip().endswith(mark) for mark in _LONG)
        found[language] = Text(template, line + 1 if below else line)
        if len(template) > LONGEST:
            page.wrong(("text", language), "macros.too_long", limit=str(LONGEST // 1024))
    return found


def _by_language(page: Page, kept: Mapping[str, object], key: str) -> dict[str, str]:
    """`key.fa` and `key.en`, each a text that is not blank."""
    nothing: dict[str, object] = {}
    found = {}
    for language, value in page.read((), kept, key, values.table, nothing).items():
        if language not in page.names.languages:
            page.unknown_key((key, language), f"{key}.{language}", [f"{key}.{one}" for one in page.names.languages])
            continue
        try:
            found[language] = values.text(value)
        except values.Unfit as unfit:
            page.unfit((key, language), f"{key}.{language}", unfit)
    return found


def _worded(page: Page, kept: Mapping[str, object], key: str) -> Worded:
    """One text, or one by language."""
    if isinstance(kept.get(key), dict):
        return _by_language(page, kept, key)
    return {"": page.read((), kept, key, values.text, "")}


def _asks(page: Page, kept: Mapping[str, object]) -> dict[str, Worded]:
    nothing: dict[str, object] = {}
    found: dict[str, Worded] = {}
    for name, value in page.read((), kept, "ask", values.table, nothing).items():
        told = value.values() if isinstance(value, dict) else [value]
        strange = set(value) - set(page.names.languages) if isinstance(value, dict) else set()
        if not name.isidentifier():
            page.wrong(("ask", name), "macros.bad_question", name=name)
        elif strange or not told or not all(isinstance(one, str) and one.strip() for one in told):
            page.unfit(("ask", name), f"ask.{name}", values.wrong_type("text", value))
        else:
            found[name] = dict(value) if isinstance(value, dict) else {"": str(value)}
    return found
