"""Telling by bot: what an agent has not read on the page is told them in their private chat, unless they have quiet hours or do not work."""

from datetime import datetime, timedelta

from inbox.domain.attention import Kind
from inbox.domain.desks import Button, Desk
from inbox.domain.ids import ChannelName, NetworkKey
from inbox.domain.people import Agent
from inbox.pipeline.desk_feedback import word
from inbox.pipeline.playbook import Playbook
from inbox.sla.duty import on_duty
from inbox.store import agent_links, conversations, desks, notifications, people, preferences
from inbox.store.notifications import Letter
from inbox.store.unit import Unit

AGAIN = timedelta(minutes=15)
"""After so long it is looked again whether whoever was not to be disturbed may be."""


def tell_due(unit: Unit, channel: ChannelName, playbook: Playbook, now: datetime) -> int:
    """What is due, to those whom this channel's network knows; how many notices were looked at. To whoever is linked nowhere
    nothing is told by bot."""
    plan = next((one for one in playbook.desks if one.channel == channel), None)
    due = notifications.by_bot(unit, now) if plan is not None else []
    if plan is None or not due:
        return 0
    desk, roster = desks.of_plan(unit, plan), people.roster(unit)
    for one in due:
        agent, again = roster.agent_by_id(one.agent), None
        if agent is not None and not agent.disabled:
            quiet = preferences.of(unit, agent.id).quiet
            rests = not on_duty(roster, agent, now) or (quiet is not None and quiet.holds(now))
            again = now + AGAIN if rests else None
            if not rests:
                _tell(unit, desk, agent, one, playbook, now)
        notifications.told_by_bot(unit, [one.id], again)
    return len(due)


def _tell(unit: Unit, desk: Desk, agent: Agent, one: Letter, playbook: Playbook, now: datetime) -> None:
    linked = agent_links.of_agent(unit, agent.id)
    mine = next((link for link in linked if link.kind == playbook.channels[desk.channel].kind), None)
    if mine is None:
        return
    matter = conversations.peek(unit, one.matter)
    known = Kind(one.kind) if not one.rule and one.kind in set(Kind) else Kind.RULES
    facts: dict[str, object] = {
        "happened": known.value,
        "reference": f"#{matter.reference}",
        "who": people.contact(unit, matter.contact).name or "-",
        "subject": matter.subject or matter.excerpt,
    }
    buttons = [Button("desk.button.take", f"desk:take:{matter.id}")] if matter.assignee != agent.id else []
    if playbook.public_url.startswith("https://"):
        buttons.append(Button("desk.button.open", url=f"{playbook.public_url}/c/{matter.reference}"))
    word(unit, desk, (NetworkKey(""), mine.address), "desk.notice", now, facts=facts, buttons=buttons)
