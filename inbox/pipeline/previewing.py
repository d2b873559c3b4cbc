"""The facts that a template would be given of a stored conversation now. Nothing is stored, and nobody is told.

What a conversation does not tell (an agent's words that nobody wrote yet, a code) stays as in the examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.facts import Facts, NeutralFacts
from inbox.domain.people import Agent
from inbox.pipeline.acknowledge import how_it_stands
from inbox.pipeline.known_facts import known_facts
from inbox.pipeline.outages import during
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import outlook
from inbox.pipeline.turn import Turn
from inbox.render.examples import examples
from inbox.store import edits, messages, people
from inbox.store.shown import Shown
from inbox.store.unit import Unit
from inbox.text.subjects import plain_subject
from inbox.text.titles import title_of


@dataclass(frozen=True, slots=True)
class Given:
    """The facts, and the names of channel, team and policy under which a template is looked for."""

    facts: Facts
    variants: tuple[str, ...]


def facts_now(
    unit: Unit,
    template: str,
    language: str,
    whole: Shown,
    playbook: Playbook,
    now: datetime,
    agent: Agent | None = None,
) -> Given:
    """Of that conversation. `agent`: who would answer; None: the one of the example."""
    conversation, example = whole.conversation, examples(template, language)[0]
    speaker = playbook.channels.get(conversation.channel)
    said: dict[str, object] = {
        "language": language,
        "zone": ZoneInfo(playbook.zone),
        "reference": conversation.reference,
        "contact_name": whole.contact.name,
        "contact_title": title_of(whole.contact.name),
        "subject": plain_subject(conversation.subject) if isinstance(example, NeutralFacts) else conversation.subject,
        "team": whole.team,
        **known_facts(unit, whole.contact, playbook, language),
        **_question(unit, whole),
        **_of_us(speaker, agent),
    }
    if speaker is not None and isinstance(example, NeutralFacts):
        turn = Turn(unit, conversation, speaker.name, playbook.terms, now)
        said |= {**how_it_stands(turn, playbook, whole.contact), **_promised(turn, language, speaker, playbook)}
    known = {field.name for field in fields(example)}
    facts = replace(example, **{n: v for n, v in said.items() if n in known})  # type: ignore[arg-type]  # each by the name of its field
    team = people.roster(unit).team_by_id(conversation.team) if conversation.team else None
    return Given(facts, tuple(filter(None, (conversation.channel, team.name if team else "", conversation.policy))))


def _question(unit: Unit, whole: Shown) -> Mapping[str, object]:
    """The message that an answer would quote."""
    last = messages.last_inbound(unit, whole.conversation.id)
    if last is None:
        return {"quoted_text": "", "quoted_name": "", "quoted_at": None}
    question = edits.standing(unit, last)
    name = question.sender.name or question.sender.address
    return {"quoted_text": question.reply_text or question.text, "quoted_name": name, "quoted_at": question.at}


def _of_us(speaker: Speaker | None, agent: Agent | None) -> Mapping[str, object]:
    ours = {"brand": speaker.brand.name, "signature": speaker.brand.signature} if speaker else {}
    return ours if agent is None else {**ours, "agent_name": agent.called}


def _promised(turn: Turn, language: str, speaker: Speaker, playbook: Playbook) -> Mapping[str, object]:
    seen = during(turn, outlook(turn, speaker, playbook))
    told = seen.announcement
    return {
        "promise_kind": told.kind.value if told.kind else "none",
        "due_at": told.at,
        "open_now": seen.open_now,
        "opens_at": seen.opens_at,
        "known": seen.known.told(language) if seen.known else "",
        "ask": "",
    }
