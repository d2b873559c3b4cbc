"""What a past of waits came to as work: who was to take each, how urgent it was and when it was due, as the conversation stood."""

from array import array

from inbox.domain.conversations import Priority
from inbox.pipeline.duties import NEVER
from inbox.pipeline.queue import UNTOLD, Queue, Work
from inbox.pipeline.standings import Standing
from inbox.pipeline.waits import NOBODY, NOT_YET, Waits, instant, seconds
from inbox.rulebook.values import NONE
from inbox.sla.board import Terms
from inbox.sla.durations import after
from inbox.sla.policy import Metric, Target

CLOSED = ("spam", "done")


class Dues:
    """When a wait is due, in seconds since 1970; the targets and weights are looked up once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._targets: dict[tuple[Metric, str, str], Target | None] = {}
        self._weights: dict[str, int] = {}

    def of(self, metric: Metric, stand: Standing, at: int) -> float:
        """The due instant of a wait that began at `at`, in microseconds since 1970; NEVER where nothing is owed."""
        known = (metric, stand.policy, stand.priority)
        if known not in self._targets:
            self._targets[known] = self._target(*known)
        target = self._targets[known]
        if target is None:
            return NEVER
        return after(self._terms.calendars[target.hours], instant(at), target.duration).timestamp()

    def weight(self, priority: str) -> int:
        """How much a priority weighs."""
        if priority not in self._weights:
            self._weights[priority] = Priority(priority).weight
        return self._weights[priority]

    def _target(self, metric: Metric, policy: str, priority: str) -> Target | None:
        found = self._terms.policies.get(policy)
        target = found.target(metric, Priority(priority)) if found is not None else None
        return target if target is not None and target.hours in self._terms.calendars else None


def owed(waits: Waits, stands: "array[int]", took: "array[float]", dues: Dues, like: Queue | None = None) -> Queue:
    """The waits as work, by how each conversation stood; `like`: the same by `waits.before`, for what stands alike is due alike."""
    made, standings = Queue(), list(waits.standings)
    for number, place in enumerate(stands):
        stand, due = standings[place], NEVER
        if stand is not None and stand.state not in CLOSED:
            if like is not None and place == waits.before[number]:
                due = like.due[number]
            else:
                due = dues.of(waits.metric(number), stand, waits.started[number])
        made.add(_work(waits, number, stand, due, took[number], dues))
    return made


def _work(waits: Waits, number: int, stand: Standing | None, due: float, took: float, dues: Dues) -> Work | None:
    """The wait as a piece of work; None where the rules had closed the matter."""
    if stand is not None and stand.state in CLOSED:
        return None
    stopped = waits.stopped[number]
    left = seconds(stopped) if stopped != NOT_YET and waits.answered_by[number] == NOBODY else NEVER
    at, takes = seconds(waits.started[number]), None if took == UNTOLD else took
    if stand is None:
        return Work(at, left, takes=takes)
    team, assignee = (_name(name) for name in (stand.team, stand.assignee))
    return Work(at, left, dues.weight(stand.priority), due, team, assignee, takes)


def _name(name: str) -> str:
    return "" if name == NONE else name
