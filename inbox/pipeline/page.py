"""Paging: agents are called to a conversation until somebody has it: those on call, once more, their leads, every lead."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.events import Actor
from inbox.domain.facts import AgentPageFacts, Called
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent, Roster, Team
from inbox.domain.rule_events import CallStep, Paged, PageGivenUp
from inbox.pipeline.mailing import said_last
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.tell_agent import carrier, tell_agent
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Decision
from inbox.sla.duty import gone, on_duty
from inbox.store import notifications, pages, people
from inbox.store.pages import Page
from inbox.store.unit import Unit

CALLED, HAS_IT = "paged", "page-acknowledged"
"""As what agents are told of it."""


def page(turn: Turn, decision: Decision) -> None:
    """Begin to call whom a decision names, each rule for itself; where it calls already, that goes on."""
    rules = dict.fromkeys(one.rule for one in decision.effects.page)
    for rule in rules:
        whom = [one.to for one in decision.effects.page if one.rule == rule]
        pages.begin(turn.unit, turn.conversation.id, rule, whom, turn.now)


def page_due(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Every step that has come; how many. Neither quiet hours nor an absence delay it."""
    due = pages.due(unit, now)
    for one in due:
        turn = Turn.of(unit, one.conversation, "time", playbook.terms, now)
        if one.acknowledged_at is not None:
            _say_who_has_it(turn, one, playbook)
        else:
            _step(turn, one, playbook)
        turn.close()
    return len(due)


def steps(playbook: Playbook) -> tuple[CallStep, ...]:
    """Whom a page calls, step after step."""
    again: CallStep = "again"
    return ("first", *(again for _ in range(playbook.paging.steps - 1)), "team_leads", "leads")


def whom(roster: Roster, turn: Turn, call: Page, step: CallStep) -> list[Agent]:
    """Who that is now; nobody of whom nobody knows, and nobody who is disabled."""
    teams = list(_teams(roster, turn, call))
    match step:
        case "team_leads":
            found = [one for team in teams for one in _leads(_members(roster, team))]
        case "leads":
            found = _there(roster, _leads(roster.agents), turn.now)
        case _:
            found = [one for to in call.whom for one in _on_call(roster, turn, to)]
    return list(dict.fromkeys(one for one in found if not one.disabled))


def _step(turn: Turn, call: Page, playbook: Playbook) -> None:
    """The next step in which there is somebody to call; where there is none, it is given up, where people see it."""
    roster, rule = people.roster(turn.unit), Actor("rule", name=call.rule)
    for number, step in enumerate(steps(playbook)[call.step :], start=call.step):
        if agents := whom(roster, turn, call, step):
            ids = tuple(one.id for one in agents)
            pages.call(turn.unit, call.id, ids, number + 1, turn.now + playbook.paging.again)
            turn.tell(Paged("paged", ids, step), rule)
            happened: Called = step if step in ("first", "again") else "escalated"
            _tell(turn, agents, call, CALLED, happened, f"{number}", playbook)
            return
    pages.give_up(turn.unit, call.id, turn.now)
    turn.tell(PageGivenUp("page_given_up", call.rule), rule)


def _say_who_has_it(turn: Turn, call: Page, playbook: Playbook) -> None:
    """To those who were called, and not to whoever has it."""
    roster = people.roster(turn.unit)
    called = set(pages.called(turn.unit, call.id)) - {call.acknowledged_by}
    notifications.called_off(turn.unit, turn.conversation.id, CALLED, turn.now)
    agents = [one for one in roster.agents if one.id in called and not one.disabled]
    by = roster.called(call.acknowledged_by) if call.acknowledged_by else ""
    _tell(turn, agents, call, HAS_IT, "acknowledged" if by else "over", "end", playbook, by)
    pages.rest(turn.unit, call.id)


def _tell(
    turn: Turn,
    agents: Sequence[Agent],
    call: Page,
    kind: str,
    happened: Called,
    step: str,
    playbook: Playbook,
    by: str = "",
) -> None:
    """On the page and, where a channel carries mail, by mail at once."""
    ids: list[AgentId] = [one.id for one in agents]
    notifications.call(turn.unit, ids, turn.conversation.id, kind, call.rule, turn.now)
    carried = carrier(turn, playbook)
    for agent in agents:
        if carried is None or not agent.address:
            continue
        reference, url = turn.conversation.reference, playbook.public_url
        facts = AgentPageFacts(
            language=playbook.speaks(agent.language),
            zone=ZoneInfo(playbook.zone),
            brand=carried.over.brand.name,
            reference=reference,
            happened=happened,
            rule=call.rule,
            by=by,
            subject=turn.conversation.subject,
            contact_name=people.contact(turn.unit, turn.conversation.contact).name,
            lines=said_last(turn),
            answerable=carried.answerable,
            link=f"{url}/c/{reference}" if url else "",
        )
        cause = f"page {call.id} {call.at.isoformat()} {step} {agent.id}"  # what was given up may begin anew
        tell_agent(turn, agent, "agent-page", facts, carried, cause, playbook, name=facts.contact_name)


def _on_call(roster: Roster, turn: Turn, to: str) -> list[Agent]:
    """Of a team those on duty now, else its leads, else all of it: somebody has to wake up."""
    kind, _, name = to.partition(":")
    if kind == "team":
        team = roster.team(name)
        members = _members(roster, team) if team else []
        return [one for one in members if on_duty(roster, one, turn.now)] or _leads(members) or members
    mine = turn.conversation.assignee
    found = roster.agent(name) if kind == "agent" else roster.agent_by_id(mine) if mine else None
    return [] if found is None else [found]


def _teams(roster: Roster, turn: Turn, call: Page) -> Iterator[Team]:
    """The teams that the rule names, else the one in whose queue it stands."""
    named = [roster.team(to.removeprefix("team:")) for to in call.whom if to.startswith("team:")]
    queue = turn.conversation.team
    yield from (one for one in named or [roster.team_by_id(queue) if queue else None] if one is not None)


def _members(roster: Roster, team: Team) -> list[Agent]:
    return [one for one in roster.agents if one.id in team.members and not one.disabled]


def _leads(agents: Sequence[Agent]) -> list[Agent]:
    return [one for one in agents if one.lead]


def _there(roster: Roster, agents: Sequence[Agent], now: datetime) -> list[Agent]:
    """Those who are not away; all, where everybody is."""
    return [one for one in agents if not gone(roster, one, now)] or list(agents)
