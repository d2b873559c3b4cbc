"""Actions that only tell: whose a conversation is and who is at it, and by when it wants an answer."""

from inbox.actions.action import Action, Doing, Done, Nothing, Surface
from inbox.actions.phrases import NOTHING
from inbox.domain.promises import PromiseState
from inbox.store import clocks, conversations, people, presence, promises
from inbox.store.unit import Unit
from inbox.store.watching import watchers


def actions() -> tuple[Action, ...]:
    """What is asked."""
    shown = {
        Surface.WEB: "the page shows it all the time",
        Surface.CLI: "`inbox show` and `inbox sla explain` tell more",
        Surface.API: "reading a conversation tells it",
    }
    return (
        Action("who", Nothing, _who, absent=shown, typed=NOTHING),
        Action("sla", Nothing, _sla, absent=shown, typed=NOTHING),
    )


def _who(unit: Unit, doing: Doing, _: Nothing) -> Done:
    matter, roster = conversations.present(unit, doing.conversation), people.roster(unit)
    names = {agent.id: agent.name or agent.handle for agent in roster.agents}
    team = roster.team_by_id(matter.team) if matter.team else None
    here = {one.agent: one.name for one in presence.here(unit, doing.now) if one.conversation == matter.id}
    facts = {
        "reference": matter.reference,
        "agent": names.get(matter.assignee, "-") if matter.assignee else "-",
        "team": (team.title or team.name) if team else "-",
        "here": ", ".join(here.values()) or "-",
        "watching": ", ".join(names[one] for one in watchers(unit, matter.id) if one in names) or "-",
    }
    return Done("done.who", facts)


def _sla(unit: Unit, doing: Doing, _: Nothing) -> Done:
    """What is due next, and what the customer was told."""
    matter = conversations.present(unit, doing.conversation)
    running = [one.due_at for one in clocks.of(unit, matter.id) if one.open and one.due_at is not None]
    due = min(running, default=None)
    told = [one.due_at for one in promises.of(unit, matter.id) if one.state is PromiseState.OPEN]
    facts: dict[str, object] = {"reference": matter.reference}
    if due is not None:
        facts["by"] = due.isoformat()
    if told:
        facts["until"] = told[-1].isoformat()
    key = {(True, True): "done.sla", (True, False): "done.sla_due", (False, True): "done.sla_told"}
    return Done(key.get((due is not None, bool(told)), "done.sla_none"), facts)
