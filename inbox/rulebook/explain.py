"""A stored decision in words: which rules matched and why, what they did, and what was left undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from inbox.domain.assigning import Choice
from inbox.rulebook.chosen import because
from inbox.rulebook.decision import Checked, Decision, Left, Traced
from inbox.text.wording import Wording

LONGEST = 80
"""Characters of a condition's value that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in an explanation; `because`, `left` and `stops` are sentences, `did` is as the rule language writes it."""

    rule: str
    place: str
    matched: bool
    because: tuple[str, ...]
    did: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    stops: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`summary` is a sentence about what the lines do not show, empty when they show everything; `choice` one about whom the
    assignment came to and why not to the others, empty where nobody was to be chosen."""

    revision: str
    lines: tuple[Line, ...]
    summary: str = ""
    choice: str = ""


def explain(decision: Decision, wording: Wording, language: str, *, everything: bool = False) -> Explanation:
    """Why it was decided so, in `language`: the rules that matched, and with `everything` those that did not as well."""
    words = _Words(wording, language)
    shown = [one for one in decision.trace if one.matched or everything]
    hidden = len(decision.trace) - len(shown) + decision.passed
    lines = tuple(words.line(one) for one in shown)
    return Explanation(decision.revision, lines, words.summary(len(shown), hidden), words.choice(decision.choice))


@dataclass(frozen=True, slots=True)
class _Words:
    wording: Wording
    language: str

    def say(self, key: str, /, **facts: object) -> str:
        return self.wording.say(self.language, f"rules.explain.{key}", **facts)

    def summary(self, shown: int, hidden: int) -> str:
        if hidden:
            return self.wording.plural(self.language, "rules.explain.hidden", hidden)
        return "" if shown else self.say("nothing")

    def choice(self, made: Choice | None) -> str:
        if made is None:
            return ""
        why = because(made.reason, made.considered, partial(self.wording.say, self.language))
        return self.say("chosen", agent=made.agent, why=why) if made.agent else self.say("chosen_nobody", why=why)

    def line(self, one: Traced) -> Line:
        because = [self.result(result) for result in one.conditions]
        if one.unread:
            because.append(self.wording.plural(self.language, "rules.explain.unread", one.unread))
        did = tuple(f"{effect}={value}" for effect, value in one.did)
        left = tuple(self.left(obstacle) for obstacle in one.left)
        stops = self.say("final") if one.final else ""
        return Line(one.rule, one.place, one.matched, tuple(because) or (self.say("unconditional"),), did, left, stops)

    def left(self, obstacle: Left) -> str:
        if obstacle.by:
            return self.say("left_rule", effect=obstacle.effect, rule=obstacle.by)
        return self.say("left_pinned", effect=obstacle.effect, field=obstacle.field)

    def result(self, one: Checked) -> str:
        answer = "yes" if one.held else "no"
        if one.key in ("any", "all", "not"):
            return self.say(f"{one.key}_{answer}", parts=self.together(one.parts))
        wanted, seen = _short(one.wanted), _short(one.seen)
        if one.held and one.seen in one.wanted.split(", "):
            # Of a long list, the word that was found says it all.
            return self.say("yes", key=one.key, wanted=seen)
        if one.key.endswith(".mentions_all") and not one.held:
            return self.say("no_missing", key=one.key, wanted=wanted, seen=seen)
        return self.say(f"{answer}_seen" if seen else answer, key=one.key, wanted=wanted, seen=seen)

    def together(self, parts: Iterable[Checked]) -> str:
        return " · ".join(self.result(part) for part in parts)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
