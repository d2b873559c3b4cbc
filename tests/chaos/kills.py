"""Kills at random instants while customers write and agents answer, and what must be true when it has become quiet."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from tests.chaos.fork_server import ForkServer
from tests.chaos.load import Agents, Load, Offer, Offering, answer_in
from tests.chaos.points import DATABASES
from tests.chaos.stage import Stage
from tests.daemon.balance import mail_violations
from tests.daemon.books import Books
from tests.daemon.post import read
from tests.daemon.sites import ENVIRONMENT
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.wait import until

SERIES = 25
"""Kills on one site."""
BLIND = 0.6
"""The share of kills at a moment drawn by the clock alone; the others come soon after something has happened."""
SPAN = 1.25
"""Until when a blind kill comes, in units of what a start takes on this machine: four of five come before the daemon is ready."""
SOON = 0.05
"""Seconds after an event."""
AT_LAST = 3.0
"""Starts after which a kill comes though nothing has happened."""
SETTLED = 180.0
"""Seconds until everything is done: some ten on a quiet machine."""


def series(kills: int, first: int) -> list[tuple[str, int, int]]:
    """Database, seed and number of kills of each series: so many kills in all, half of them on each database."""
    each = kills // len(DATABASES)
    sizes = [SERIES] * (each // SERIES) + [each % SERIES] * (each % SERIES > 0)
    return [(name, first * 1000 + number, size) for name in DATABASES for number, size in enumerate(sizes)]


@dataclass(slots=True)
class Killing:
    """One site under load, and its daemon that is killed again and again."""

    stage: Stage
    books: Books
    daemon: Daemon
    """The last one, which is left in peace."""
    fork_server: ForkServer
    load: Load
    offer: Offering
    chance: random.Random
    start_takes: float = 0.0
    told: list[str] = field(default_factory=list)
    """Each kill: how long after the start, at which moment, and what was in hand."""
    in_hand: int = 0
    """Kills at which something was."""
    groups: list[int] = field(default_factory=list)
    """The process groups of those that were killed."""

    # -- what happens --------------------------------------------------------------------------------------------------
    def play(self) -> None:
        """A kill for each round of the load; then a start of the command that is left in peace, and an end that is asked for."""
        begun = time.monotonic()
        victim = self._begin()
        until(self.daemon.ready, within=SETTLED, what="the first one is ready")
        self.start_takes = time.monotonic() - begun
        for number, offers in enumerate(self.load.rounds):
            self._round(victim if not number else self._begin(), offers)
        killing = time.monotonic() - begun
        self.daemon.start(within=SETTLED)
        until(self._quiet, within=SETTLED, every=0.1, what="everything is settled")
        assert self.daemon.stop(30) == 0
        until(lambda: not any(map(_lives, self.groups)), what="no child of a killed daemon lives on")
        whole, kills = time.monotonic() - begun, len(self.groups)
        print(
            f"{kills} kills, {killing / kills:.2f} s each, {whole / kills:.2f} s with the end; in hand: {self.in_hand}"
        )

    def _round(self, victim: int, offers: tuple[Offer, ...]) -> None:
        begun, span = time.monotonic(), SPAN * self.start_takes
        times = sorted(self.chance.uniform(0, span) for _ in offers)
        due = [(begun + after, one) for after, one in zip(times, offers, strict=True)]
        name, moment = self._moment(begun)
        until(
            lambda: self._hand_out(due) or moment(), within=SETTLED, every=0.02, what=f"the moment to kill it: {name}"
        )
        self._kill(victim)
        after, work = time.monotonic() - begun, self._work()
        self.in_hand += work.total() > 0
        self.told.append(f"{after:.2f} s, {name}: {dict(work)}")
        for _, one in due:  # what happens while nobody is there
            self.offer(one)

    def _begin(self) -> int:
        self.groups.append(self.fork_server.begin(self.stage.root, self.daemon.log))
        return self.groups[-1]

    def _kill(self, victim: int) -> None:
        os.kill(victim, signal.SIGKILL)  # one that has ended by itself is a finding
        until(lambda: not Path(f"/proc/{victim}").exists(), what="the killed one is gone")
        self._free_leases()

    def _hand_out(self, due: list[tuple[float, Offer]]) -> bool:
        while due and due[0][0] <= time.monotonic():
            self.offer(due.pop(0)[1])
        return False

    def _moment(self, begun: float) -> tuple[str, Callable[[], bool]]:
        """When to kill it: by the clock, or soon after the next event of some kind."""
        if self.chance.random() < BLIND:
            return "blindly", partial(_past, begun + self.chance.uniform(0, SPAN * self.start_takes))
        name, count = self.chance.choice(list(self._events().items()))
        return name, _After(count, self.chance.uniform(0, SOON), begun + AT_LAST * self.start_takes)

    def _events(self) -> dict[str, Callable[[], int]]:
        sink, bot = self.stage.sink, self.stage.bot
        return {
            "stored": lambda: self.books.count("SELECT count(*) FROM arrival"),
            "judged": self.books.judged,
            "mailed": lambda: len(sink.accepted),
            "called": lambda: len(bot.lines),
            "answered": lambda: self.offer.agents.given,
        }

    def _work(self) -> Counter[str]:
        """What the killed daemon had in hand, or left for the next."""
        left = Counter({"pending": self.books.verdicts()["pending"], "sending": self.books.busy()})
        left["unconfirmed"] = len(self.stage.bot.kept)
        return +left

    def _free_leases(self) -> None:
        """A lease outlives its killed holder by a quarter of a minute in which nothing happens: here time is put forward. On a file
        the daemon does it itself, since nobody else can hold one."""
        if not self.stage.database:
            return
        with self.books.engine.begin() as connection:
            connection.execute(sa.text("UPDATE lease SET expires_at = 0"))

    def _quiet(self) -> bool:
        offered = len(self.load.mails) + len(self.load.words)
        answered = self.offer.agents.given == len(self.load.replies)
        return answered and self.books.judged() == offered and not self.books.busy() and not self.stage.bot.kept

    # -- the checker ---------------------------------------------------------------------------------------------------
    def violations(self) -> list[str]:
        """What is not as it must be, by the store and by the ledgers of those around it."""
        found = mail_violations(self.load.mails, self.books, self.stage.sink.accepted)
        found += self._chats()
        found += self._replies()
        found += self._unproven()
        if "Traceback" in self.stage.log:
            found.append("a traceback of our own")
        return found

    def _chats(self) -> list[str]:
        """Every word is stored once and in its order, each chat is one conversation, and nobody is told anything twice."""
        rows = self.books.rows(
            "SELECT text, conversation_id FROM message WHERE channel = 'bot' AND direction = 'inbound' ORDER BY id"
        )
        stored, places = [text for text, _ in rows], dict(rows)
        found: list[str] = []
        for chat in {one.chat for one in self.load.words}:
            words = [one.text for one in self.load.words if one.chat == chat]
            kept = [text for text in stored if text in words]
            if kept != words:
                found.append(f"I1/I2 chat {chat} wrote {words}, and stored is {kept}")
            if len({places.get(text) for text in words}) != 1:
                found.append(f"I2 chat {chat} is more than one conversation")
        if len(stored) != len(self.load.words):
            found.append(f"I2 {len(self.load.words)} words were written, and {len(stored)} are stored")
        told = list(self._told())
        found += [f"I3 told twice: {one}" for one, times in Counter(told).items() if times > 1]
        return found + self._chats_told(told)

    def _told(self) -> Iterator[tuple[str, str]]:
        """What customers were told in chats, in its order."""
        for line in self.stage.bot.calls("sendMessage"):
            if int(line.parameters["chat_id"]) > 0:
                yield line.parameters["chat_id"], line.parameters["text"]

    def _chats_told(self, told: list[tuple[str, str]]) -> list[str]:
        """As often as the store says, or somebody is told that nobody knows."""
        found: list[str] = []
        rows = self.books.rows(
            "SELECT lane, state, purpose FROM delivery WHERE channel = 'bot' AND conversation_id IS NOT NULL"
        )
        for lane in {lane for lane, _, _ in rows}:
            states = Counter(state for at, state, _ in rows if at == lane)
            times = sum(chat == lane for chat, _ in told)
            if not states["sent"] <= times <= states["sent"] + states["unknown"]:
                found.append(f"I3 chat {lane} was told {times} times, and stored is {dict(states)}")
            greeted = sum(at == lane and purpose == "acknowledgement" for at, _, purpose in rows)
            if greeted != 1:
                found.append(f"I1/I2 chat {lane} is owed one acknowledgement, and there are {greeted}")
        if not {chat for chat, _ in told} <= {lane for lane, _, _ in rows}:
            found.append("I3 somebody was told without a delivery")
        return found

    def _replies(self) -> list[str]:
        """Each is stored once, and was handed over once or nobody knows; what one customer gets comes in its order."""
        rows = self.books.rows(
            "SELECT m.text, d.state, d.lane FROM message m JOIN delivery d ON d.message_id = m.id "
            "WHERE m.purpose = 'reply' ORDER BY m.id"
        )
        stored = [(answer_in(text), state, lane) for text, state, lane in rows]
        handed = self._handed()
        found: list[str] = []
        if sorted(number for number, _, _ in stored) != [one.number for one in self.load.replies]:
            found.append(f"I1/I2 {len(self.load.replies)} answers were given, and stored are {stored}")
        for number, state, _ in stored:
            times = handed.count(number)
            if state not in ("sent", "unknown") or times > 1 or (state == "sent" and not times):
                found.append(f"I3 answer {number} is {state}, and was handed over {times} times")
        for lane in {lane for _, _, lane in stored}:
            given = [number for number, _, at in stored if at == lane]
            came = [number for number in handed if number in given]
            if came != sorted(came) or given != sorted(given):
                found.append(f"I2 to {lane} {given} were answered, and came as {came}")
        return found

    def _handed(self) -> list[int]:
        """The answers that networks took, in the order in which they did; each customer is on one of them."""
        mailed = [_plain(one.raw) for one in self.stage.sink.accepted if b"\r\nAuto-Submitted:" not in one.raw]
        chatted = [text for _, text in self._told()]
        return [number for text in [*mailed, *chatted] if (number := answer_in(text)) >= 0]

    def _unproven(self) -> list[str]:
        """Whoever looks is told of every delivery of which nobody knows, and the store is whole."""
        commands, unknown = self.stage.commands, self.books.deliveries()["unknown"]
        verified = commands("verify", "--format", "json")
        if verified.code:
            return [f"I10 {verified.out}{verified.err}"]
        told = verified.json()
        found = [f"I10 {one}" for one in [*told["differences"], *(one for one in told["invariants"] if one["broken"])]]
        shown = (len(commands.json("outbox", "--state", "unknown")), told["deliveries"].get("unknown", 0))
        if shown != (unknown, unknown):
            found.append(f"I4 {unknown} deliveries are unknown, and the outbox and verify tell of {shown}")
        return found


@dataclass(slots=True)
class _After:
    """True some time after a count has risen, or when it is too late for that."""

    count: Callable[[], int]
    later: float
    at_last: float
    before: int = -1
    at: float = 0.0

    def __call__(self) -> bool:
        if self.before < 0:
            self.before = self.count()
        if not self.at and self.count() > self.before:
            self.at = time.monotonic() + self.later
        return _past(self.at or self.at_last)


def _past(instant: float) -> bool:
    return time.monotonic() >= instant


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _plain(raw: bytes) -> str:
    part = read(raw).get_body(("plain",))
    return "" if part is None else str(part.get_content())


@contextmanager
def killing(stage: Stage, dovecot: Dovecot, mailbox: str, seed: int, kills: int) -> Iterator[Killing]:
    """A series that is about to begin."""
    daemon = Daemon(stage.root, stage.web, ENVIRONMENT)
    stage.runs.append(daemon)
    with stage.books() as books, closing(ForkServer(ENVIRONMENT)) as fork_server:
        agents = Agents(stage, books)
        made = Killing(
            stage,
            books,
            daemon,
            fork_server,
            Load.of(seed, kills),
            Offering(stage, dovecot, mailbox, agents),
            random.Random(f"kills {seed}"),
        )
        try:
            yield made
        finally:
            agents.close()
            for group in made.groups:
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
            print("\n".join(made.told))
