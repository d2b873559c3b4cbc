"""Actions on the ticket side of a conversation: whose it is, how urgent, what state, which tags and fields."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Nothing, Surface
from inbox.actions.limits import MOST_TAGS, Tags
from inbox.actions.persons import block
from inbox.actions.phrases import NOTHING, Typed, pair, tags, whole
from inbox.domain import events as ev
from inbox.domain.conversations import MOVES, Priority, State
from inbox.domain.people import Agent, Team
from inbox.pipeline.promising import withdraw
from inbox.pipeline.react import react
from inbox.pipeline.reply import Refused
from inbox.pipeline.times import instant
from inbox.pipeline.turn import Turn
from inbox.sla.durations import after
from inbox.store import people
from inbox.store.unit import Unit
from inbox.text.durations import NoDuration, read

TEAMS_TOO = "there `assign` takes a team as well"


class Spam(Arguments):
    """`block`: nothing more is taken up from the address with which the conversation began."""

    block: bool = False


class Assign(Arguments):
    """`to`: an agent's handle, `me`, `none`, or `team:<name>`."""

    to: str = Field(min_length=1, max_length=200)


class ToTeam(Arguments):
    """`team`: its name."""

    team: str = Field(min_length=1, max_length=200)


class SetPriority(Arguments):
    """The new priority."""

    priority: Literal["low", "normal", "high", "urgent"]


class Tag(Arguments):
    """Tags to add and to remove."""

    add: Tags = ()
    remove: tuple[str, ...] = Field(default=(), max_length=MOST_TAGS)


class SetField(Arguments):
    """A custom field and its value; an empty one takes it away."""

    name: str = Field(min_length=1, max_length=100)
    value: str = Field(default="", max_length=10_000)


class Snooze(Arguments):
    """`until`: a time as people type it, or a duration with its calendar ("2 working days")."""

    until: str = Field(min_length=1, max_length=100)


def actions() -> tuple[Action, ...]:
    """What is done to the ticket."""
    covered = {Surface.WEB: TEAMS_TOO, Surface.CLI: TEAMS_TOO}
    return (
        Action("assign", Assign, _assign, typed=whole("to", "assignee.me", "assignee.none")),
        Action("team", ToTeam, _to_team, absent=covered, typed=whole("team")),
        Action("take", Nothing, lambda unit, doing, _: _assign(unit, doing, Assign(to="me")), typed=NOTHING),
        Action("done", Nothing, lambda unit, doing, _: _move(unit, doing, State.DONE), typed=NOTHING),
        Action("open", Nothing, lambda unit, doing, _: _move(unit, doing, State.OPEN), typed=NOTHING),
        Action("spam", Spam, _spam, typed=NOTHING),
        Action(
            "priority", SetPriority, _priority, typed=whole("priority", *(f"priority.{level}" for level in Priority))
        ),
        Action("tag", Tag, _tag, typed=Typed(tags, needed=True)),
        Action("field", SetField, _field, typed=Typed(pair("name", "value"), needed=True)),
        Action("snooze", Snooze, _snooze, typed=whole("until")),
    )


def _close(turn: Turn, doing: Doing) -> None:
    """Rules look at what was done before it is written."""
    react(turn, doing.playbook)
    turn.close()


def _assign(unit: Unit, doing: Doing, wanted: Assign) -> Done:
    turn = doing.turn(unit)
    reference = turn.conversation.reference
    if wanted.to.startswith("team:"):
        team = _team(unit, wanted.to.removeprefix("team:"))
        turn.tell(ev.TeamSet("team_set", team.id), doing.actor)
        _close(turn, doing)
        return Done("done.team", {"reference": reference, "team": team.called})
    agent = _agent(unit, doing, wanted.to)
    turn.tell(ev.Assigned("assigned", agent.id if agent else None), doing.actor)
    _close(turn, doing)
    if agent is None:
        return Done("done.unassigned", {"reference": reference})
    return Done("done.assigned", {"reference": reference, "agent": agent.called})


def _to_team(unit: Unit, doing: Doing, wanted: ToTeam) -> Done:
    return _assign(unit, doing, Assign(to=f"team:{wanted.team}"))


def _team(unit: Unit, name: str) -> Team:
    roster = people.roster(unit)
    team = roster.team(name)
    if team is None:
        known = ", ".join(t.name for t in roster.teams) or "-"
        raise Refused("action.unknown_team", name=name, known=known)
    return team


def _agent(unit: Unit, doing: Doing, to: str) -> Agent | None:
    if to == "none":
        return None
    if to == "me":
        return doing.agent
    roster = people.roster(unit)
    agent = roster.agent(to)
    if agent is None:
        known = ", ".join(a.handle for a in roster.agents if not a.disabled) or "-"
        raise Refused("action.unknown_agent", name=to, known=known)
    if agent.disabled:
        raise Refused("reply.agent_disabled", agent=agent.handle)
    return agent


def _spam(unit: Unit, doing: Doing, wanted: Spam) -> Done:
    """With or without its sender blocked, told together."""
    done = _move(unit, doing, State.SPAM)
    if not wanted.block:
        return done
    turn = doing.turn(unit)
    blocked = block(unit, doing, turn, "")
    turn.close()
    return blocked


def _move(unit: Unit, doing: Doing, to: State) -> Done:
    turn = doing.turn(unit)
    facts = {"reference": turn.conversation.reference, "state": to.value}
    if turn.conversation.state is to:
        return Done("done.already", facts)
    if to not in MOVES[turn.conversation.state]:
        raise Refused("action.no_such_move", **facts, now=turn.conversation.state.value)
    turn.tell(ev.StateSet("state_set", to.value), doing.actor)
    if to in (State.DONE, State.SPAM):
        withdraw(turn)
    _close(turn, doing)
    return Done("done.state", facts)


def _priority(unit: Unit, doing: Doing, wanted: SetPriority) -> Done:
    turn = doing.turn(unit)
    turn.tell(ev.PrioritySet("priority_set", wanted.priority), doing.actor)
    _close(turn, doing)
    return Done("done.priority", {"reference": turn.conversation.reference, "priority": wanted.priority})


def _tag(unit: Unit, doing: Doing, wanted: Tag) -> Done:
    turn = doing.turn(unit)
    turn.tell(ev.Tagged("tagged", wanted.add, wanted.remove), doing.actor)
    _close(turn, doing)
    tags = ", ".join(turn.conversation.tags) or "-"
    return Done("done.tags", {"reference": turn.conversation.reference, "tags": tags})


def _field(unit: Unit, doing: Doing, wanted: SetField) -> Done:
    turn = doing.turn(unit)
    turn.tell(ev.FieldSet("field_set", wanted.name, wanted.value.strip() or None), doing.actor)
    _close(turn, doing)
    facts = {"reference": turn.conversation.reference, "name": wanted.name, "value": wanted.value.strip() or "-"}
    return Done("done.field", facts)


def _snooze(unit: Unit, doing: Doing, wanted: Snooze) -> Done:
    turn = doing.turn(unit)
    facts = {"reference": turn.conversation.reference, "state": State.SNOOZED.value}
    if State.SNOOZED not in MOVES[turn.conversation.state]:
        raise Refused("action.no_such_move", **facts, now=turn.conversation.state.value)
    until = _until(turn, doing, wanted.until)
    if until <= doing.now:
        raise Refused("snooze.not_ahead", until=wanted.until)
    turn.tell(ev.StateSet("state_set", State.SNOOZED.value, until), doing.actor)
    _close(turn, doing)
    return Done("done.snoozed", {"reference": turn.conversation.reference, "until": until.isoformat()})


def _until(turn: Turn, doing: Doing, typed: str) -> datetime:
    """A duration counts on the calendar of the conversation's channel."""
    calendar = doing.playbook.terms.calendar(turn.conversation.channel)
    try:
        duration = read(typed)
    except NoDuration:
        return instant(typed, doing.playbook, doing.now)
    if calendar is None:
        raise Refused("snooze.no_hours", until=typed)
    return after(calendar, doing.now, duration)
