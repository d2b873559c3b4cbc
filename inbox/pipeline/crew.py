"""The crew of a rehearsal: who works and when, and how long each of their answers really took."""

from array import array
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median

from inbox.domain.ids import AgentId
from inbox.domain.people import Roster
from inbox.pipeline.duties import duty
from inbox.pipeline.floor import Hand
from inbox.pipeline.queue import UNTOLD
from inbox.pipeline.waits import NOBODY, NOT_YET, Waits, instant, seconds
from inbox.sla.hours import Calendar

UNKNOWN = timedelta(minutes=10)
"""What an answer takes while nobody has given any."""
LONGEST = 3
"""How many of an agent's usual times one answer takes at most: a pause is no work."""
AHEAD = timedelta(days=14)
"""How far behind the window duty is laid out, for what is not done within it."""


def crew(
    waits: Waits, roster: Roster, usual: Calendar | None, until: datetime
) -> tuple[dict[str, Hand], "array[float]"]:
    """Everybody by handle, and the working seconds of each answer by the number of its wait, UNTOLD where there is none.

    There is at least one wait.
    """
    since = instant(min(waits.started))
    duties = {agent.id: duty(roster, agent, usual, since, until + AHEAD) for agent in roster.agents}
    took, times = _took(waits, lambda id, at: duties[id].worked(at) if id in duties else 0.0)
    known = array("d", (one for each in times.values() for one in each))
    otherwise = median(known) if known else UNKNOWN.total_seconds()
    hands = {}
    for agent in roster.agents:
        teams = frozenset(team.name for team in roster.teams if agent.id in team.members)
        own = median(times[agent.id]) if times.get(agent.id) else otherwise
        hands[agent.handle] = Hand(duties[agent.id], teams, agent.capacity, own)
    return hands, took


def _took(
    waits: Waits, worked: Callable[[AgentId, float], float]
) -> tuple["array[float]", dict[AgentId, "array[float]"]]:
    """The working seconds of each answer by its number, and all those of each agent."""
    answers: dict[AgentId, array[int]] = defaultdict(lambda: array("l"))
    for number, by in enumerate(waits.answered_by):
        if by != NOBODY and waits.stopped[number] != NOT_YET:
            answers[AgentId(by)].append(number)
    found = array("d", [UNTOLD]) * len(waits)
    times: dict[AgentId, array[float]] = {}
    for agent, given in answers.items():
        mine, last = array("d"), 0.0
        for number in sorted(given, key=lambda one: (waits.stopped[one], waits.started[one])):
            started, stopped = seconds(waits.started[number]), seconds(waits.stopped[number])
            took = worked(agent, stopped) - worked(agent, max(started, last))
            if took > 0:
                found[number] = took
                mine.append(took)
            last = stopped
        if mine:
            times[agent] = mine
            most = LONGEST * median(mine)
            for number in given:
                found[number] = min(found[number], most)
    return found, times
