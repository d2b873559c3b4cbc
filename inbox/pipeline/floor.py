"""The floor: a queue of waiting customers and the agents who work on it, as a discrete-event simulation.

An agent who is free takes the most urgent of what they may take, of equals what is due first, then what has waited longest; works on
it as long as it takes, in times of duty only; and then takes the next. Nothing is drawn by chance: the same work for the
same crew ends the same way. Instants are seconds since 1970.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from inbox.pipeline.duties import NEVER, Duty


@dataclass(frozen=True, slots=True)
class Work:
    """One waiting customer. `gone`: when they waited no more without an answer of ours; `takes`: seconds of work, None where
    nobody knows; `assignee`: a handle, `by <strategy>` or empty; `team` may be empty: then anybody takes it."""

    at: float
    gone: float = NEVER
    weight: int = 1
    due: float = NEVER
    team: str = ""
    assignee: str = ""
    takes: float | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """One who works: when, in which teams, how much at most at once, and seconds that a piece of work usually takes them."""

    duty: Duty
    teams: frozenset[str] = frozenset()
    capacity: int | None = None
    usual: float = 600.0


@dataclass(frozen=True, slots=True)
class End:
    """How one piece of work ended: when, by whom; NEVER and nobody where it was not done."""

    at: float = NEVER
    by: str = ""


_NOT = End()
ARRIVES, FREE, BEGINS = 0, 1, 2


def play(work: Sequence[Work], crew: Mapping[str, Hand], until: float) -> list[End]:
    """The end of each piece of work, in the order in which they are given. What is not done by `until` is not done."""
    return _Floor(work, crew, until).run()


@dataclass(slots=True)
class _Floor:
    work: Sequence[Work]
    crew: Mapping[str, Hand]
    until: float
    ends: list[End] = field(init=False)
    events: list[tuple[float, int, int, str]] = field(init=False)
    piles: dict[str, list[tuple[int, float, float, int]]] = field(default_factory=dict)
    piles_of: dict[str, tuple[str, ...]] = field(init=False)
    hands_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    idle: dict[str, float] = field(init=False)
    waking: set[str] = field(default_factory=set)
    load: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.ends = [_NOT] * len(self.work)
        self.events = [(one.at, ARRIVES, number, "") for number, one in enumerate(self.work)]
        heapify(self.events)
        self.idle = dict.fromkeys(self.crew, 0.0)
        self.load = dict.fromkeys(self.crew, 0)
        self.piles_of = {
            name: (f"agent {name}", *(f"team {team}" for team in sorted(hand.teams)), "anybody")
            for name, hand in self.crew.items()
        }
        for name, piles in self.piles_of.items():
            for pile in piles:
                self.hands_of[pile] = (*self.hands_of.get(pile, ()), name)

    def run(self) -> list[End]:
        while self.events and self.events[0][0] < self.until:
            at, kind, number, name = heappop(self.events)
            if kind == ARRIVES:
                self.arrive(number, at)
            else:
                self.waking.discard(name)
                if kind == FREE:
                    self.idle[name] = at
                    self.load[name] -= 1
                if name in self.idle:
                    self.begin(name, at)
        return self.ends

    def arrive(self, number: int, at: float) -> None:
        """Onto the pile of an agent, of a team, or of everybody; whoever is free looks at it."""
        one = self.work[number]
        pile = self.pile(one, at)
        heappush(self.piles.setdefault(pile, []), (-one.weight, one.due, one.at, number))
        free = [name for name in self.hands_of.get(pile, ()) if name in self.idle]
        here = [name for name in free if self.crew[name].duty.from_(at) == at]
        if here:
            self.begin(min(here, key=lambda name: self.idle[name]), at)
        for name in free if not here else ():
            self.wake(name, at)

    def pile(self, one: Work, at: float) -> str:
        agent = self.chosen(one, at) if one.assignee.startswith("by ") else one.assignee
        if agent in self.crew and self.crew[agent].duty.spans:
            self.load[agent] += 1
            return f"agent {agent}"
        return f"team {one.team}" if one.team else "anybody"

    def chosen(self, one: Work, at: float) -> str:
        """Whom a strategy comes to: of the team, on duty and below their capacity, who has the least."""
        members = (name for name in self.hands_of.get(f"team {one.team}", ()) if self.fits(name, at))
        return min(members, key=lambda name: self.load[name], default="")

    def fits(self, name: str, at: float) -> bool:
        hand = self.crew[name]
        return hand.duty.from_(at) == at and (hand.capacity is None or self.load[name] < hand.capacity)

    def begin(self, name: str, at: float) -> None:
        """Take the next piece of work, now or at the next beginning of duty; without any there is nothing to do."""
        hand = self.crew[name]
        if hand.duty.from_(at) > at:
            self.wake(name, at)
            return
        found = self.next(name, at)
        if found is None:
            return
        number, pile = found
        takes = self.work[number].takes
        end = hand.duty.after(at, hand.usual if takes is None else takes)
        del self.idle[name]
        if not pile.startswith("agent "):
            self.load[name] += 1
        if end < self.until:
            self.ends[number] = End(end, name)
        heappush(self.events, (end, FREE, number, name))

    def wake(self, name: str, at: float) -> None:
        begins = self.crew[name].duty.from_(at)
        if begins < NEVER and name not in self.waking:
            self.waking.add(name)
            heappush(self.events, (begins, BEGINS, 0, name))

    def next(self, name: str, at: float) -> tuple[int, str] | None:
        """The first of all that this agent may take, off its pile."""
        tops = [(top, pile) for pile, top in self.tops(name, at)]
        if not tops:
            return None
        (*_, number), pile = min(tops)
        heappop(self.piles[pile])
        return number, pile

    def tops(self, name: str, at: float) -> Iterator[tuple[str, tuple[int, float, float, int]]]:
        for pile in self.piles_of[name]:
            waiting = self.piles.get(pile, [])
            while waiting and self.work[waiting[0][3]].gone <= at:
                heappop(waiting)
                if pile.startswith("agent "):
                    self.load[name] -= 1
            if waiting:
                yield pile, waiting[0]
