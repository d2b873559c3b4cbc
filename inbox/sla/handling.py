"""Handling: how much working time one reply takes an agent, read from when replies were written.

Nobody clocks in on a question. But whoever wrote a reply cannot have begun it before the question came, nor before the reply
that they wrote before. Where somebody is kept busy, the time since the later of the two is what the reply took; where they are
not, it is more than that, and the estimate errs towards a later time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from inbox.domain.ids import AgentId, TeamId
from inbox.sla.survival import History, Sample


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's answer `at` an instant, in a conversation of a team, to what waited `since` another."""

    agent: AgentId
    team: TeamId | None
    since: datetime
    at: datetime


def handling(replies: Iterable[Reply], worked: Callable[[datetime, datetime], float]) -> dict[TeamId | None, History]:
    """By team, how long replies took; under None those of all. `replies` from the oldest; `worked`: the working seconds
    between two instants. The first reply of an agent tells nothing: what they did before it is not known."""
    last: dict[AgentId, datetime] = {}
    samples: dict[TeamId | None, list[Sample]] = {None: []}
    for reply in replies:
        before = last.get(reply.agent)
        last[reply.agent] = reply.at
        seconds = worked(max(reply.since, before), reply.at) if before is not None else 0.0
        if seconds > 0:
            for team in {None, reply.team}:
                samples.setdefault(team, []).append(Sample(seconds))
    return {team: History.of(each) for team, each in samples.items()}
