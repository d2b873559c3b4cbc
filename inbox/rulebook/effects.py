"""The `then` of a rule: its effects, each with the fields that it sets, in the order of the language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inbox.domain.conversations import Priority, State
from inbox.domain.facts import ReplyFacts, chosen_by_rules, facts_of
from inbox.rulebook import values
from inbox.rulebook.decision import Assign
from inbox.rulebook.keys import Entry, entries
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page
from inbox.rulebook.places import Path
from inbox.rulebook.vocabulary import ASSIGN_KEYS, EFFECTS, STRATEGIES
from inbox.text.fold import fold

PINNABLE = ("priority", "assignee", "team", "policy")
"""What a person's hand holds against rules, custom fields (`field.<name>`) apart."""


ASSIGNEE = "assignee"
RECIPIENTS = (ASSIGNEE, "agent:<handle>", "team:<name>")
"""Who can be told of something: whoever has the conversation in the end, one agent, everybody of a team."""


@dataclass(frozen=True, slots=True)
class Later:
    """What is to be done, and after how long."""

    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.after}: {self.text}"


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect. `sets`: the fields that only the first rule gets to set; empty for what adds up (tags, notes)."""

    name: str
    value: str | Assign | Later
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Then:
    """All effects of a rule, and the fields that it may set although a person pinned them."""

    effects: tuple[Effect, ...] = ()
    override: frozenset[str] = frozenset()


def then(page: Page, path: Path, table: Mapping[str, object]) -> Then:
    """The effects of one `then` table; what is wrong is noted on the page and left out."""
    found: list[Effect] = []
    override: frozenset[str] = frozenset()
    order = {key.name: place for place, key in enumerate(EFFECTS)}
    for entry in sorted(entries(page, path, table, EFFECTS), key=lambda entry: order[entry.key.name]):
        try:
            if entry.written == "override":
                override = _override(entry)
            else:
                _add(page, found, entry)
        except values.Unfit as unfit:
            page.unfit(entry.path, entry.written, unfit)
    return Then(tuple(found), override)


def assignment(value: object, known: Names) -> Assign:
    """`"agent:sara"`, `"team:support"` or `{ team = "support", by = "least-busy" }`; raises Unfit, also for unknown names."""
    if isinstance(value, dict):
        return _strategy(value, known)
    kind, _, name = values.text(value).partition(":")
    if kind == "agent" and name:
        return Assign(agent=_known(name, known.agents, "rules.unknown_agent"))
    if kind == "team" and name:
        return Assign(team=_known(name, known.teams, "rules.unknown_team"))
    raise values.wrong_type("assignment", value)


def recipient(value: str, known: Names) -> str:
    """`agent:sara`, `team:support` or `assignee`; raises Unfit, also for unknown names."""
    kind, _, name = value.partition(":")
    if kind == "agent" and name:
        return f"agent:{_known(name, known.agents, 'rules.unknown_agent')}"
    if kind == "team" and name:
        return f"team:{_known(name, known.teams, 'rules.unknown_team')}"
    if value != ASSIGNEE:
        raise values.Unfit(values.unknown("rules.unknown_word", value, RECIPIENTS))
    return value


def _add(page: Page, found: list[Effect], entry: Entry) -> None:
    """Two effects of one rule must not set one field, nor add and remove one tag: which of them wins would be a riddle."""
    for effect in _BUILD[entry.key.name](entry, page.names):
        rival = next((one for one in found if set(one.sets) & set(effect.sets)), None)
        if rival is not None:
            page.wrong(entry.path, "rules.same_field", key=entry.written, other=rival.name)
        elif any(_contrary(one, effect) for one in found):
            page.wrong(entry.path, "rules.same_tag", tag=str(effect.value))
        else:
            found.append(effect)


def _contrary(one: Effect, other: Effect) -> bool:
    return {one.name, other.name} == {"tag", "untag"} and fold(str(one.value)) == fold(str(other.value))


def _strategy(table: Mapping[str, object], known: Names) -> Assign:
    """A strategy among a team; both must be named."""
    known_keys = [key.name for key in ASSIGN_KEYS]
    strange = [name for name in table if name not in known_keys]
    if strange:
        raise values.Unfit(*(values.unknown("rules.unknown_word", name, known_keys) for name in strange))
    switches = [table.get(name, False) for name in ("language", "keep")]
    if not {"team", "by"} <= set(table) or not all(isinstance(switch, bool) for switch in switches):
        raise values.wrong_type("assignment", table)
    return Assign(
        team=_known(values.text(table["team"]), known.teams, "rules.unknown_team"),
        by=_known(values.text(table["by"]), [one.name for one in STRATEGIES], "rules.unknown_word"),
        skills=values.texts(table["skills"]) if "skills" in table else (),
        language=switches[0] is True,
        keep=switches[1] is True,
    )


def _known(name: str, known: "frozenset[str] | list[str] | tuple[str, ...]", message: str) -> str:
    (found,) = values.names(name, known, message)
    return found


def _override(entry: Entry) -> frozenset[str]:
    found = values.texts(entry.value)
    strange = [one for one in found if one not in PINNABLE and not one.startswith("field.")]
    if strange:
        raise values.Unfit(*(values.unknown("rules.unknown_word", one, [*PINNABLE, "field.<name>"]) for one in strange))
    return frozenset(found)


def _word(name: str, *words: str) -> "Build":
    def build(entry: Entry, _names: Names) -> list[Effect]:
        return [Effect(name, _known(values.text(entry.value), words, "rules.unknown_word"), (entry.key.name,))]

    return build


def _raise(entry: Entry, _names: Names) -> list[Effect]:
    wanted = _known(values.text(entry.value), tuple(Priority), "rules.unknown_word")
    return [Effect("raise_priority_to", wanted, ("priority",))]


def _assign(entry: Entry, names: Names) -> list[Effect]:
    made = assignment(entry.value, names)
    return [Effect("assign", made, ("assignee", "team") if made.team else ("assignee",))]


def _team(entry: Entry, names: Names) -> list[Effect]:
    return [Effect("team", _known(values.text(entry.value), names.teams, "rules.unknown_team"), ("team",))]


def _policy(entry: Entry, names: Names) -> list[Effect]:
    return [Effect("policy", _known(values.text(entry.value), names.policies, "rules.unknown_policy"), ("policy",))]


def _acknowledgement(entry: Entry, names: Names) -> list[Effect]:
    known = [*(name for name in names.templates if facts_of(name) is not ReplyFacts), values.NONE]
    name = _known(values.text(entry.value), known, "rules.unknown_template")
    return [Effect("acknowledgement", name, ("acknowledgement",))]


def _reply(entry: Entry, names: Names) -> list[Effect]:
    """Only what a rule can fill with facts; one answer a run is enough for anybody, so that of the first rule."""
    known = [name for name in names.templates if chosen_by_rules(name)]
    return [Effect("reply", _known(values.text(entry.value), known, "rules.unknown_template"), ("reply",))]


def _tag(entry: Entry, _names: Names) -> list[Effect]:
    return [Effect("tag", tag.strip()) for tag in values.texts(entry.value)]


def _untag(entry: Entry, _names: Names) -> list[Effect]:
    return [Effect("untag", tag.strip()) for tag in values.texts(entry.value)]


def _snooze(entry: Entry, _names: Names) -> list[Effect]:
    return [Effect("snooze", str(values.duration(entry.value)), ("state",))]


def _follow_up(entry: Entry, _names: Names) -> list[Effect]:
    table = values.table(entry.value)
    if set(table) != {"in", "text"}:
        raise values.wrong_type("follow_up", table)
    return [Effect("follow_up", Later(str(values.duration(table["in"])), values.text(table["text"])))]


def _note(entry: Entry, _names: Names) -> list[Effect]:
    return [Effect("note", values.text(entry.value))]


def _notify(entry: Entry, names: Names) -> list[Effect]:
    return [Effect("notify", recipient(one, names)) for one in values.texts(entry.value)]


def _webhook(entry: Entry, names: Names) -> list[Effect]:
    return [Effect("webhook", _known(values.text(entry.value), names.webhooks, "rules.unknown_webhook"))]


def _page(entry: Entry, names: Names) -> list[Effect]:
    return [Effect("page", recipient(one, names)) for one in values.texts(entry.value)]


def _field(entry: Entry, _names: Names) -> list[Effect]:
    return [Effect(entry.written, values.text(entry.value), (entry.written,))]


Build = Callable[[Entry, Names], list[Effect]]
_BUILD: Mapping[str, Build] = {
    "priority": _word("priority", *Priority),
    "raise_priority_to": _raise,
    "assign": _assign,
    "team": _team,
    "tag": _tag,
    "field.<name>": _field,
    "policy": _policy,
    "acknowledgement": _acknowledgement,
    "reply": _reply,
    "note": _note,
    "notify": _notify,
    "page": _page,
    "state": _word("state", State.OPEN, State.WAITING, State.DONE, State.SPAM),
    "untag": _untag,
    "snooze": _snooze,
    "follow_up": _follow_up,
    "webhook": _webhook,
}
