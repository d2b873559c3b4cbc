"""The action `macro`: a saved text and what is done with it, in one unit, each as the agent's own act."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Literal

from pydantic import Field

from inbox.actions.action import Action, Doing, Done
from inbox.actions.phrases import whole
from inbox.actions.speaking import Answer
from inbox.domain.conversations import State
from inbox.pipeline import macros as verbs
from inbox.pipeline.reply import Refused
from inbox.render.blanks import unfilled
from inbox.render.macros import Filled
from inbox.rulebook.decision import Assign
from inbox.rulebook.macros import Macro, said
from inbox.store import conversations, macro_uses
from inbox.store.unit import Unit

Act = Callable[[Unit, str, Mapping[str, object], Doing], Done]
"""How another action is done: by its name, checked as if the agent had chosen it."""
ByHand = tuple[str, Mapping[str, object]]
"""An action and its arguments."""
ANSWERED = (State.OPEN, State.WAITING, State.DONE)
"""States into which an answer itself puts a conversation."""


class Use(Answer):
    """`values`: the answers to the macro's questions. `text`: what the agent made of its words, said in their place.
    `only`: one half of it. `language`: another one than the customer's. The rest as with a reply."""

    name: str = Field(min_length=1, max_length=200)
    values: dict[str, str] = Field(default_factory=dict, max_length=50)
    only: Literal["", "text", "actions"] = ""
    language: Literal["", "fa", "en"] = ""


def actions(act: Act) -> tuple[Action, ...]:
    """What is done with macros; `act` does each thing that one consists of."""
    return (Action("macro", Use, partial(_use, act), typed=whole("name")),)


def _use(act: Act, unit: Unit, doing: Doing, wanted: Use) -> Done:
    """What is missing is told before anything is done; what is refused later ends the unit, with all that was done in it."""
    macro = verbs.chosen(unit, wanted.name, doing.agent, doing.playbook)
    speaks = bool(macro.texts or wanted.text.strip()) and wanted.only != "actions"
    effects = wanted.only != "text"
    if not speaks and not (effects and macro.effects):
        raise Refused("macros.no_such_half", name=macro.name)
    text = _words(unit, doing, macro, wanted) if speaks else None
    state = next((State(str(one.value)) for one in macro.effects if one.name == "state" and effects), None)
    for name, arguments in _before(macro) if effects else ():
        act(unit, name, arguments, doing)
    message = None
    if text is not None:
        then = state if state in ANSWERED else State.WAITING
        how = {
            "seen": wanted.seen,
            "anyway": wanted.anyway,
            "over": wanted.over,
            "cc": wanted.cc,
            "files": wanted.files,
        }
        message = act(unit, "reply", {"text": text.text, "then": then.value, **how}, doing).message
        state = None if state in ANSWERED else state
    for name, arguments in _after(macro, state) if effects else ():
        act(unit, name, arguments, doing)
    macro_uses.add(unit, macro.name, doing.agent.id, doing.conversation, doing.now)
    return _done(unit, doing, macro, text, message)


def _words(unit: Unit, doing: Doing, macro: Macro, wanted: Use) -> Filled:
    """The text to send. Raises Unfilled where something is missing, also in what the agent made of it."""
    strange = [name for name in wanted.values if name not in macro.asks]
    if strange:
        known = ", ".join(macro.asks) or "-"
        raise Refused("macros.no_such_question", name=macro.name, question=strange[0], known=known)
    matter = conversations.peek(unit, doing.conversation)
    if wanted.text.strip():
        language = wanted.language or verbs.reads(unit, matter, doing.playbook)
        text = Filled(language, wanted.text, unfilled(wanted.text))
    else:
        given = {"language": wanted.language, "values": wanted.values}
        text = verbs.filled(unit, macro, matter, doing.agent, doing.playbook, **given)  # type: ignore[arg-type]  # by name
    if text.missing:
        facts = {"reference": matter.reference, "name": macro.name, "missing": _asked(macro, text, doing)}
        raise verbs.Unfilled("macros.unfilled", text=text.text, **facts)
    return text


def _asked(macro: Macro, text: Filled, doing: Doing) -> str:
    """What is missing, a question with its words."""
    worded = {f"ask.{name}": said(words, doing.agent.language) for name, words in macro.asks.items()}
    return ", ".join(f"{name} ({worded[name]})" if name in worded else name for name in text.missing)


def _before(macro: Macro) -> Iterator[ByHand]:
    """What is done before the answer: whose it is decides who takes it."""
    tags: dict[str, list[str]] = {"add": [], "remove": []}
    for effect in macro.effects:
        match effect.name, effect.value:
            case "assign", Assign(agent=agent, team=team):
                yield "assign", {"to": agent or f"team:{team}"}
            case "team", str() as team:
                yield "assign", {"to": f"team:{team}"}
            case "priority", str() as priority:
                yield "priority", {"priority": priority}
            case "tag", str() as tag:
                tags["add"].append(tag)
            case "untag", str() as tag:
                tags["remove"].append(tag)
            case "note", str() as text:
                yield "note", {"text": text}
            case name, str() as value if name.startswith("field."):
                yield "field", {"name": name.removeprefix("field."), "value": value}
    if any(tags.values()):
        yield "tag", {name: tuple(found) for name, found in tags.items()}


def _after(macro: Macro, state: State | None) -> Iterator[ByHand]:
    """What the answer would undo if it came before."""
    for effect in macro.effects:
        if effect.name == "snooze":
            yield "snooze", {"until": str(effect.value)}
    if state is not None:
        yield state.value, {}


def _done(unit: Unit, doing: Doing, macro: Macro, text: Filled | None, message: int | None) -> Done:
    matter = conversations.peek(unit, doing.conversation)
    facts = {"reference": matter.reference, "macro": said(macro.title, doing.agent.language)}
    if text is None:
        return Done("done.macro_silent", facts)
    reads = verbs.reads(unit, matter, doing.playbook)
    key = "done.macro" if text.language == reads else "done.macro_other_language"
    return Done(key, {**facts, "language": text.language, "reads": reads}, message)  # type: ignore[arg-type]  # the reply's own
