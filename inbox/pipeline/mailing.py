"""Mailing: what an agent has not read on the page is told them by mail, unless they have quiet hours or do not work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from inbox.domain.attention import Kind
from inbox.domain.events import Noticed
from inbox.domain.facts import AgentNoticeFacts
from inbox.domain.happenings import Address
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent
from inbox.pipeline.budget import budget
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.sla.duty import on_duty
from inbox.store import notifications, people, preferences
from inbox.store.notifications import Letter
from inbox.store.unit import Unit

AGAIN = timedelta(minutes=15)
"""After so long it is looked again whether whoever was not to be disturbed may be."""


def mail_due(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """One letter for all that an agent is to be told of one conversation; how many notices were looked at."""
    due = sorted(notifications.letters(unit, now), key=lambda one: (one.agent, one.matter, one.id))
    roster = people.roster(unit)
    for (id, _), found in groupby(due, key=lambda one: (one.agent, one.matter)):
        agent, letters = roster.agent_by_id(id), list(found)
        quiet = preferences.of(unit, id).quiet
        if (agent is not None and not agent.disabled and not on_duty(roster, agent, now)) or (
            quiet is not None and quiet.holds(now)
        ):
            _put_off(unit, letters, now)
        else:
            if agent is not None and agent.address and not agent.disabled:
                _mail(unit, agent, letters, playbook, now)
            notifications.mailed(unit, [one.id for one in letters])
    return len(due)


def _put_off(unit: Unit, letters: Sequence[Letter], now: datetime) -> None:
    notifications.mailed(unit, [one.id for one in letters], now + AGAIN)


def _mail(unit: Unit, agent: Agent, letters: Sequence[Letter], playbook: Playbook, now: datetime) -> None:
    """Nothing where no channel carries mail, or enough was said by itself: the page tells it all the same."""
    turn = Turn.of(unit, letters[0].matter, "house", playbook.terms, now)
    over, to = _carrier(turn, playbook), Address(agent.address, agent.name)
    if over is None:
        return
    left = budget(turn, to, over, playbook)
    if left.reason:
        return
    words = _words(turn, agent, letters, over, playbook, left.wait)
    message = say(turn, words, Answered(NetworkKey(""), None, to, ()), over)
    turn.tell(Noticed("noticed", message, "agent", agent.address))
    turn.close()


def _carrier(turn: Turn, playbook: Playbook) -> Speaker | None:
    """The channel of the conversation where it carries mail, else one of the same brand, else any."""
    home = playbook.channels.get(turn.conversation.channel)
    able = [one for one in playbook.channels.values() if one.codec.traits.subject]
    able.sort(key=lambda one: (one is not home, home is None or one.brand.key != home.brand.key))
    return able[0] if able else None


def _words(
    turn: Turn, agent: Agent, letters: Sequence[Letter], over: Speaker, playbook: Playbook, wait: timedelta
) -> Words:
    last, language = letters[-1], playbook.speaks(agent.language)
    known = Kind(last.kind) if not last.rule and last.kind in set(Kind) else Kind.RULES
    facts = AgentNoticeFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=over.brand.name,
        reference=turn.conversation.reference,
        happened=known.value,
        subject=turn.conversation.subject,
        contact_name=people.contact(turn.unit, turn.conversation.contact).name,
    )
    rendered = playbook.templates.message("agent-notice", language, facts, variants=(over.name,))
    return Words(
        purpose=Purpose.NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=rendered.language,
        cause=f"agent notice {last.id}",
        wait=wait,
        kept=rendered.subject,
        among_us=True,
        leads_back=False,
    )
