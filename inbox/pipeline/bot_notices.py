"""Telling by bot: what an agent has not read on the page is told them in their private chat, unless they have quiet hours or do not work."""

from datetime import datetime, timedelta

from inbox.domain.attention import Kind
from inbox.domain.desks import Button, Desk
from inbox.domain.ids import AgentId, ChannelName, NetworkKey
from inbox.domain.people import Agent
from inbox.pipeline.desk_feedback import word
from inbox.pipeline.page import CALLED, HAS_IT
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.tasks_told import todo
from inbox.sla.duty import on_duty
from inbox.store import agent_links, conversations, desks, notifications, people, preferences
from inbox.store.notifications import Letter
from inbox.store.scoped import sees
from inbox.store.unit import Unit

CALLS = (CALLED, HAS_IT)
"""What wakes people up, and what lets them sleep again."""
AGAIN = timedelta(minutes=15)
"""After so long it is looked again whether whoever was not to be disturbed may be."""


def tell_due(unit: Unit, channel: ChannelName, playbook: Playbook, now: datetime) -> int:
    """What is due, to those whom this channel's network knows; how many notices were looked at. To whoever is linked nowhere
    nothing is told by bot; whoever is linked on another network is told there. A call waits for no quiet hours."""
    plan = next((one for one in playbook.desks if one.channel == channel), None)
    kind = playbook.channels[channel].kind
    due = notifications.by_bot(unit, kind, now) if plan is not None else []
    if plan is None or not due:
        return 0
    desk, roster = desks.of_plan(unit, plan), people.roster(unit)
    for one in due:
        agent, again = roster.agent_by_id(one.agent), None
        there = address_on(unit, one.agent, kind)
        seen = sees(unit, roster.scope(one.agent), one.matter)
        if agent is not None and not agent.disabled and there is not None and seen:
            again = now + AGAIN if one.kind not in CALLS and rests(unit, agent, now) else None
            if again is None:
                _tell(unit, desk, agent, there, one, playbook, now)
        notifications.told_by_bot(unit, [one.id], again)
    return len(due)


def address_on(unit: Unit, agent: AgentId, kind: str) -> str | None:
    """Where an agent is told something by bot, on the network of that kind; None where they are not linked there."""
    return next((link.address for link in agent_links.of_agent(unit, agent) if link.kind == kind), None)


def rests(unit: Unit, agent: Agent, now: datetime) -> bool:
    """Whether an agent has quiet hours now, or does not work."""
    quiet = preferences.of(unit, agent.id).quiet
    return not on_duty(people.roster(unit), agent, now) or (quiet is not None and quiet.holds(now))


def _tell(unit: Unit, desk: Desk, agent: Agent, address: str, one: Letter, playbook: Playbook, now: datetime) -> None:
    matter = conversations.peek(unit, one.matter)
    known = Kind(one.kind) if not one.rule and one.kind in set(Kind) else Kind.RULES
    facts: dict[str, object] = {
        "happened": one.kind if one.kind in CALLS else known.value,
        "reference": f"#{matter.reference}",
        "who": people.contact(unit, matter.contact).name or "-",
        "subject": matter.subject or matter.excerpt,
    }
    if known is Kind.TASK:
        facts["subject"] = "، ".join(todo(unit, matter.id, agent.id)) or facts["subject"]
    buttons = [Button("desk.button.acknowledge", f"desk:acknowledge:{matter.id}")] if one.kind == CALLED else []
    if matter.assignee != agent.id and one.kind != HAS_IT:
        buttons.append(Button("desk.button.take", f"desk:take:{matter.id}"))
    if playbook.public_url.startswith("https://"):
        buttons.append(Button("desk.button.open", url=f"{playbook.public_url}/c/{matter.reference}"))
    word(unit, desk, (NetworkKey(""), address), "desk.notice", now, facts=facts, buttons=buttons)
