"""Macros in a conversation: which an agent may use, found by a word, and what one says to this customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.conversations import Conversation
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.macro_facts import MacroFacts
from inbox.domain.people import Agent, Roster
from inbox.domain.problems import Misconfigured
from inbox.pipeline import assets_named
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Refused
from inbox.render.macros import Filled
from inbox.rulebook.macros import Macro, said
from inbox.store import conversations, edits, macro_uses, messages, people, persons
from inbox.store.macro_uses import Uses
from inbox.store.unit import Unit
from inbox.text.dates import day_of
from inbox.text.fold import words
from inbox.text.mentions import Searchable, searchable


class Unfilled(Refused):
    """A text prints what is empty. Nothing was done; `text` is what was made so far, to be completed by the agent.

    It is no fact: facts go to logs, and what is said to customers does not.
    """

    def __init__(self, key: str, /, *, text: str = "", **facts: object) -> None:
        super().__init__(key, **facts)
        self.text = text


@dataclass(frozen=True, slots=True)
class Offered:
    """A macro in a list. `uses`: how often, by agent; `filled`: what it says in the conversation that the list is for."""

    macro: Macro
    title: str
    uses: Mapping[AgentId, Uses]
    filled: Filled | None = None

    @property
    def used(self) -> Uses:
        """By all of us."""
        return sum(self.uses.values(), Uses())


def offered(
    unit: Unit,
    agent: Agent | None,
    playbook: Playbook,
    now: datetime,
    *,
    word: str = "",
    conversation: ConversationId | None = None,
    language: str = "",
) -> list[Offered]:
    """What the agent may use (None: all there is), titles in `language`: what stands in the title or name before what stands
    in the text, then what is used most. Every word of `word` must be found, however it is spelled."""
    roster, counts = people.roster(unit), macro_uses.counted(unit, now)
    matter = None if conversation is None else conversations.peek(unit, conversation)
    spoken = language or playbook.language
    found = []
    for macro in playbook.macros.found.values():
        place = _place(macro, word)
        if place is None or not may(agent, macro, roster):
            continue
        text = _preview(unit, macro, matter, agent, playbook) if matter and macro.texts else None
        found.append((place, Offered(macro, said(macro.title, spoken), counts.get(macro.name, {}), text)))
    found.sort(key=lambda one: (one[0], -one[1].used.month, -one[1].used.total, one[1].macro.name))
    return [one for _, one in found]


def _preview(unit: Unit, macro: Macro, matter: Conversation, agent: Agent | None, playbook: Playbook) -> Filled | None:
    """What it says; None where its text is wrong, which hinders the others no more than it does elsewhere."""
    try:
        return filled(unit, macro, matter, agent, playbook)
    except Misconfigured:
        return None


def chosen(unit: Unit, name: str, agent: Agent | None, playbook: Playbook) -> Macro:
    """The macro of that name. Raises Refused where the agent may not use it, or there is none, and what is wrong with its file."""
    if name in playbook.macros.broken:
        raise playbook.macros.broken[name]
    macro, roster = playbook.macros.found.get(name), people.roster(unit)
    if macro is None:
        known = ", ".join(one.name for one in playbook.macros.found.values() if may(agent, one, roster)) or "-"
        raise Refused("macros.unknown", name=name, known=known)
    if not may(agent, macro, roster):
        raise Refused("macros.not_yours", name=name, teams=", ".join(macro.teams))
    return macro


def may(agent: Agent | None, macro: Macro, roster: Roster) -> bool:
    """Members of its teams, and leads; everybody where it names none."""
    if agent is None or agent.leads or not macro.teams:
        return True
    return any(agent.id in team.members for team in roster.teams if team.name in macro.teams)


def filled(
    unit: Unit,
    macro: Macro,
    matter: Conversation,
    agent: Agent | None,
    playbook: Playbook,
    *,
    language: str = "",
    values: Mapping[str, str] | None = None,
) -> Filled:
    """What it says in this conversation: in `language`, or in the customer's, or in the one there is."""
    spoken = macro.language(language or reads(unit, matter, playbook), playbook.language)
    facts = _facts(unit, matter, agent, playbook, spoken, values or {})
    return playbook.macros.fill(macro, spoken, facts)


def reads(unit: Unit, matter: Conversation, playbook: Playbook) -> str:
    """The language in which the customer is answered."""
    question = messages.last_inbound(unit, matter.id)
    wrote = edits.standing(unit, question).language if question is not None else None
    return playbook.speaks(wrote or people.contact(unit, matter.contact).language)


def _facts(
    unit: Unit, matter: Conversation, agent: Agent | None, playbook: Playbook, language: str, values: Mapping[str, str]
) -> MacroFacts:
    speaker, roster = playbook.channels.get(matter.channel), people.roster(unit)
    team = roster.team_by_id(matter.team) if matter.team else None
    who = people.contact(unit, matter.contact)
    asset = assets_named.theirs(unit, matter.id, who)
    about, until = asset.about if asset else None, asset.until("warranty") if asset else None
    return MacroFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name if speaker else "",
        reference=matter.reference,
        subject=matter.subject,
        contact_name=who.name,
        agent_name=agent.called if agent else "",
        team=team.called if team else "",
        asset_product=about.product if about else "",
        asset_model=about.model if about else "",
        asset_serial=about.serial if about else "",
        warranty_until=day_of(until, language) if until else "",
        organization=persons.organization_name(unit, people.contact(unit, matter.contact).organization),
        field=dict(matter.fields),
        ask=dict(values),
    )


def _place(macro: Macro, sought: str) -> int | None:
    """0 where it stands in title or name, 1 where it takes the texts to find it; None where it is not found."""
    headed = " ".join((*macro.title.values(), macro.name))
    if _found(sought, headed):
        return 0
    whole = " ".join((headed, *(text.template for text in macro.texts.values())))
    return 1 if _found(sought, whole) else None


def _found(sought: str, text: str) -> bool:
    """All of it as one phrase, or each of its words: the beginning of a word is enough."""
    there = searchable(text)
    return _begins(sought, there) or all(_begins(part, there) for part in words(sought))


def _begins(phrase: str, text: Searchable) -> bool:
    run = "".join(words(phrase))
    at = text.run.find(run)
    while at >= 0 and at not in text.borders:
        at = text.run.find(run, at + 1)
    return at >= 0
