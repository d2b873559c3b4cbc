"""Mailing: what an agent has not read on the page is told them by mail, unless they have quiet hours or do not work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from inbox.domain.attention import URGENT, Kind
from inbox.domain.facts import AgentNoticeFacts, TranscriptLine, happened
from inbox.domain.messages import Direction
from inbox.domain.people import Agent
from inbox.domain.promises import PromiseState
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.tasks_told import todo
from inbox.pipeline.tell_agent import Carried, carrier, tell_agent
from inbox.pipeline.turn import Turn
from inbox.sla.duty import on_duty
from inbox.store import digests, edits, messages, notifications, people, preferences, promises
from inbox.store.notifications import Letter
from inbox.store.scoped import sees
from inbox.store.unit import Unit
from inbox.text.excerpts import cut

LINES, LONGEST = 4, 4_000
"""So much of what was said last stands in a letter: messages, and characters of each."""
AGAIN = timedelta(minutes=15)
"""After so long it is looked again whether whoever was not to be disturbed may be."""


def mail_due(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """One letter for all that an agent is to be told of one conversation; how many notices were looked at. Who has a letter of
    the day is told by that, but for what is urgent."""
    due = sorted(notifications.letters(unit, now), key=lambda one: (one.agent, one.matter, one.id))
    roster = people.roster(unit)
    for (id, matter), found in groupby(due, key=lambda one: (one.agent, one.matter)):
        agent, letters = roster.agent_by_id(id), list(found)
        likes = preferences.of(unit, id)
        quiet = likes.quiet
        if (agent is not None and not agent.disabled and not on_duty(roster, agent, now)) or (
            quiet is not None and quiet.holds(now)
        ):
            _put_off(unit, letters, now + AGAIN)
        elif likes.digest is not None and agent is not None and agent.address and not _urgent(letters):
            _put_off(unit, letters, max(digests.of(unit, id) or now, now + AGAIN))
        else:
            there = agent is not None and agent.address and not agent.disabled
            if agent is not None and there and sees(unit, roster.scope(id), matter):
                _mail(unit, agent, letters, playbook, now)
            notifications.mailed(unit, [one.id for one in letters])
    return len(due)


def _put_off(unit: Unit, letters: Sequence[Letter], until: datetime) -> None:
    notifications.mailed(unit, [one.id for one in letters], until)


def _urgent(letters: Sequence[Letter]) -> bool:
    return any(one.kind in URGENT for one in letters)


def _mail(unit: Unit, agent: Agent, letters: Sequence[Letter], playbook: Playbook, now: datetime) -> None:
    """Nothing where no channel carries mail: the page tells it all the same."""
    turn = Turn.of(unit, letters[0].matter, "house", playbook.terms, now)
    carried = carrier(turn, playbook)
    if carried is None:
        return
    facts = _facts(turn, agent, letters[-1], carried, playbook)
    cause = f"agent notice {letters[-1].id}"
    tell_agent(turn, agent, "agent-notice", facts, carried, cause, playbook, name=facts.contact_name)
    turn.close()


def _facts(turn: Turn, agent: Agent, last: Letter, carried: Carried, playbook: Playbook) -> AgentNoticeFacts:
    told = [one.due_at for one in promises.of(turn.unit, turn.conversation.id) if one.state is PromiseState.OPEN]
    return AgentNoticeFacts(
        language=playbook.speaks(agent.language),
        zone=ZoneInfo(playbook.zone),
        brand=carried.over.brand.name,
        reference=turn.conversation.reference,
        happened=happened(last.kind, last.rule),
        subject=turn.conversation.subject,
        contact_name=people.contact(turn.unit, turn.conversation.contact).name,
        lines=said_last(turn),
        promised_at=told[-1] if told else None,
        todo=todo(turn.unit, turn.conversation.id, agent.id) if last.kind == Kind.TASK else (),
        answerable=carried.answerable,
        link=f"{playbook.public_url}/c/{turn.conversation.reference}" if playbook.public_url else "",
    )


def said_last(turn: Turn) -> tuple[TranscriptLine, ...]:
    """What was said last, the newest first; what agents were told of it is no part of it."""
    names = {one.id: one.name or one.handle for one in people.roster(turn.unit).agents}
    lines: list[TranscriptLine] = []
    for message in reversed(messages.of(turn.unit, turn.conversation.id)):
        if len(lines) == LINES:
            break
        if message.direction is Direction.NOTE and message.agent is None:
            continue
        said = edits.standing(turn.unit, message)
        ours = message.direction is not Direction.INBOUND
        name = names.get(message.agent, "") if message.agent else "" if ours else message.sender.name
        text = (said.reply_text or said.text).strip()
        text = text if len(text) <= LONGEST else text[: cut(text, LONGEST)] + "…"
        lines.append(TranscriptLine(at=message.at, ours=ours, name=name, text=text, files=()))
    return tuple(lines)
