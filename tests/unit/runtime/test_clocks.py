"""The clock that all nodes share: the server's time, whatever the machine's own clock says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inbox.domain.problems import Temporary
from inbox.runtime import clocks
from inbox.runtime.clocks import StoreClock, SystemClock, clock_of

SERVER = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class Machine:
    """Its steady clock, and how long the server takes to answer."""

    def __init__(self) -> None:
        self.steady = 1_000.0
        self.takes = 0.0


class Server:
    """As much of a store as a clock asks for."""

    sqlite = False

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.time = SERVER
        self.broken = False

    def read_now(self, *_: Any) -> datetime:
        if self.broken:
            raise Temporary("store.unreachable", detail="")
        self.machine.steady += self.machine.takes
        return self.time


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clocks, "_steady", lambda: made.steady)
    return made


def test_the_time_is_the_servers_and_goes_on_by_the_steady_clock(machine: Machine) -> None:
    clock = StoreClock(Server(machine))  # type: ignore[arg-type]  # a stand-in
    assert clock.now() == SERVER
    machine.steady += 90
    assert clock.now() == SERVER + timedelta(seconds=90)


def test_it_follows_the_server_at_the_next_look(machine: Machine) -> None:
    server = Server(machine)
    clock = StoreClock(server)  # type: ignore[arg-type]  # a stand-in
    machine.steady += 30
    server.time = SERVER + timedelta(seconds=31)
    machine.takes = 0.5
    clock.look()
    assert clock.now() == SERVER + timedelta(seconds=31.25), "the answer was made in the middle of the wait"


def test_an_answer_that_took_long_tells_nothing(machine: Machine) -> None:
    server = Server(machine)
    clock = StoreClock(server)  # type: ignore[arg-type]  # a stand-in
    server.time, machine.takes = SERVER + timedelta(hours=1), 3.0
    clock.look()
    assert clock.now() == SERVER + timedelta(seconds=3)


def test_a_server_that_does_not_answer_stops_no_clock(machine: Machine) -> None:
    server = Server(machine)
    clock = StoreClock(server)  # type: ignore[arg-type]  # a stand-in
    server.broken = True
    with pytest.raises(Temporary):
        clock.look()
    machine.steady += 1
    assert clock.now() == SERVER + timedelta(seconds=1)


def test_one_process_on_a_file_goes_by_its_machine(machine: Machine) -> None:
    server = Server(machine)
    server.sqlite = True
    assert type(clock_of(server)) is SystemClock  # type: ignore[arg-type]  # a stand-in
