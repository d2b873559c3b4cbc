"""The floor: a queue of waiting customers and the agents who work on it, as a discrete-event simulation.

An agent who is free takes the most urgent of what they may take, of equals what is due first, then what has waited longest; works on
it as long as it takes, in times of duty only; and then takes the next. Nothing is drawn by chance: the same work for the
same crew ends the same way. Instants are seconds since 1970.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from inbox.pipeline.duties import NEVER, Duty
from inbox.pipeline.queue import UNTOLD, Ends, Queue, open_ends


@dataclass(frozen=True, slots=True)
class Hand:
    """One who works: when, in which teams, how much at most at once, and seconds that a piece of work usually takes them."""

    duty: Duty
    teams: frozenset[str] = frozenset()
    capacity: int | None = None
    usual: float = 600.0


FREE, BEGINS = 1, 2


def play(work: Queue, crew: Mapping[str, Hand], until: float) -> Ends:
    """The end of each piece of work, in the order in which they are given. What is not done by `until` is not done."""
    return _Floor(work, crew, until).run()


@dataclass(slots=True)
class _Floor:
    work: Queue
    crew: Mapping[str, Hand]
    until: float
    ends: Ends = field(init=False)
    events: list[tuple[float, int, int, str]] = field(default_factory=list)
    """When somebody is free again, or on duty again; what arrives stands in an order of its own."""
    piles: dict[str, list[tuple[int, float, float, int]]] = field(default_factory=dict)
    piles_of: dict[str, tuple[str, ...]] = field(init=False)
    hands_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    idle: dict[str, float] = field(init=False)
    waking: set[str] = field(default_factory=set)
    load: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.ends = open_ends(self.crew, len(self.work))
        self.idle = dict.fromkeys(self.crew, 0.0)
        self.load = dict.fromkeys(self.crew, 0)
        self.piles_of = {
            name: (f"agent {name}", *(f"team {team}" for team in sorted(hand.teams)), "anybody")
            for name, hand in self.crew.items()
        }
        for name, piles in self.piles_of.items():
            for pile in piles:
                self.hands_of[pile] = (*self.hands_of.get(pile, ()), name)

    def run(self) -> Ends:
        for number in self.work.arriving():
            at = self.work.at[number]
            self.happen(at)
            if at >= self.until:
                break
            self.arrive(number, at)  # before what else happens at that instant
        self.happen(self.until)
        return self.ends

    def happen(self, until: float) -> None:
        """What happens before an instant, the end of the whole at the latest."""
        while self.events and self.events[0][0] < min(until, self.until):
            at, kind, _, name = heappop(self.events)
            self.waking.discard(name)
            if kind == FREE:
                self.idle[name] = at
                self.load[name] -= 1
            if name in self.idle:
                self.begin(name, at)

    def arrive(self, number: int, at: float) -> None:
        """Onto the pile of an agent, of a team, or of everybody; whoever is free looks at it."""
        work, pile = self.work, self.pile(number, at)
        heappush(self.piles.setdefault(pile, []), (-work.weight[number], work.due[number], at, number))
        free = [name for name in self.hands_of.get(pile, ()) if name in self.idle]
        here = [name for name in free if self.crew[name].duty.from_(at) == at]
        if here:
            self.begin(min(here, key=lambda name: self.idle[name]), at)
        for name in free if not here else ():
            self.wake(name, at)

    def pile(self, number: int, at: float) -> str:
        team, agent = (self.work.names[column[number]] for column in (self.work.team, self.work.assignee))
        if agent.startswith("by "):
            agent = self.chosen(team, at)
        if agent in self.crew and self.crew[agent].duty.spans:
            self.load[agent] += 1
            return f"agent {agent}"
        return f"team {team}" if team else "anybody"

    def chosen(self, team: str, at: float) -> str:
        """Whom a strategy comes to: of the team, on duty and below their capacity, who has the least."""
        members = (name for name in self.hands_of.get(f"team {team}", ()) if self.fits(name, at))
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
        takes = self.work.takes[number]
        end = hand.duty.after(at, hand.usual if takes == UNTOLD else takes)
        del self.idle[name]
        if not pile.startswith("agent "):
            self.load[name] += 1
        if end < self.until:
            self.ends.put(number, end, name)
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
            while waiting and self.work.gone[waiting[0][3]] <= at:
                heappop(waiting)
                if pile.startswith("agent "):
                    self.load[name] -= 1
            if waiting:
                yield pile, waiting[0]
