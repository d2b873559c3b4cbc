"""Turning to a lead: an agent hands a conversation up, and the lead is told its history in short, wherever they are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain import events as ev
from inbox.domain.attention import Kind
from inbox.domain.facts import AgentHandedUpFacts, PromiseLine
from inbox.domain.people import Agent, Roster
from inbox.domain.promises import PromiseState
from inbox.domain.rule_events import Notified
from inbox.pipeline.mailing import said_last
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Refused
from inbox.pipeline.tell_agent import carrier, tell_agent
from inbox.pipeline.turn import Turn
from inbox.sla.duty import gone, on_duty
from inbox.store import conversations, notifications, people, promises, watching

PROMISES = 10
"""So many promises are told, the latest."""


@dataclass(frozen=True, slots=True)
class HandingUp:
    """Why, and whether the conversation stays with whoever has it; `to`: a lead by name, None: one of its team."""

    reason: str = ""
    keep: bool = False
    to: Agent | None = None


def hand_up(turn: Turn, agent: Agent, wanted: HandingUp, playbook: Playbook) -> Agent:
    """The lead to whom it went, told in this turn. Raises Refused where nobody leads."""
    roster, actor = people.roster(turn.unit), ev.Actor("agent", agent.id, agent.name)
    lead = wanted.to or _lead(turn, agent, roster)
    if lead is None or lead.disabled:
        raise Refused("escalate.nobody", reference=turn.conversation.reference)
    if not lead.leads:
        raise Refused("escalate.no_lead", agent=lead.called)
    had = turn.conversation.assignee
    turn.tell(ev.HandedUp("handed_up", lead.id, wanted.reason, kept=wanted.keep), actor)
    if wanted.keep:
        watching.watch(turn.unit, turn.conversation.id, lead.id, turn.now)
    elif had != lead.id:
        turn.tell(ev.Assigned("assigned", lead.id), actor)
    turn.tell(Notified("notified", (lead.id,)))  # by this alone, and not once more because it is theirs now
    notifications.call(turn.unit, [lead.id], turn.conversation.id, Kind.HANDED_UP.value, "", turn.now)
    _write(turn, lead, agent, wanted.reason, "" if had is None else roster.called(had), playbook)
    return lead


def _lead(turn: Turn, agent: Agent, roster: Roster) -> Agent | None:
    """Of the team in whose queue it stands, else of those the agent is in, else any: who is there before who is away, and among
    them whoever has the least open."""
    queue = roster.team_by_id(turn.conversation.team) if turn.conversation.team else None
    teams = [queue] if queue else [team for team in roster.teams if agent.id in team.members]
    members = {id for team in teams for id in team.members}
    leads = [one for one in roster.agents if one.lead and not one.disabled and one.id != agent.id]
    able = [one for one in leads if one.id in members] or leads
    work = conversations.open_work(turn.unit, tuple(one.id for one in able), turn.conversation.id) if able else {}
    able.sort(key=lambda one: (*_away(roster, one, turn.now), sum(work.get(one.id, {}).values()), one.handle))
    return able[0] if able else None


def _away(roster: Roster, agent: Agent, now: datetime) -> tuple[bool, bool]:
    return gone(roster, agent, now), not on_duty(roster, agent, now)


def _write(turn: Turn, lead: Agent, agent: Agent, reason: str, had: str, playbook: Playbook) -> None:
    """By mail at once, where a channel carries it; the page and the bot tell it besides."""
    carried = carrier(turn, playbook)
    if carried is None or not lead.address:
        return
    now, url = turn.conversation, playbook.public_url
    facts = AgentHandedUpFacts(
        language=playbook.speaks(lead.language),
        zone=ZoneInfo(playbook.zone),
        brand=carried.over.brand.name,
        reference=now.reference,
        by=agent.called,
        reason=reason,
        had=had,
        subject=now.subject,
        contact_name=people.contact(turn.unit, now.contact).name,
        opened_at=now.opened_at or turn.now,
        waiting_since=now.waiting_since,
        promises=_promised(turn),
        lines=said_last(turn),
        answerable=carried.answerable,
        link=f"{url}/c/{now.reference}" if url else "",
    )
    cause = f"handed up {now.id} {now.version} {lead.id}"
    tell_agent(turn, lead, "agent-handed-up", facts, carried, cause, playbook, name=agent.called)


def _promised(turn: Turn) -> tuple[PromiseLine, ...]:
    """What the customer was told, and what became of it."""
    told = promises.of(turn.unit, turn.conversation.id)[-PROMISES:]
    return tuple(
        PromiseLine(due_at=one.due_at, missed=one.state is PromiseState.LATE, kept=one.state is PromiseState.KEPT)
        for one in told
    )
