"""What the suite consists of: every measurement by its name, in little for `make bench` and at full size for `make bench-full`."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from bench import (
    agents,
    anatomy,
    arrival_to_ack,
    backtest,
    chat,
    flood,
    freshness,
    ingest,
    kb,
    load,
    moving,
    nodes,
    parse,
    reports,
    rules,
    sla,
    starting,
    suggestions,
    web,
)
from bench.figures import Result
from bench.growth import HISTORIES
from bench.quarter import __main__ as quarter
from tests.rig.postgres import Postgres


def on_postgresql(measure: Callable[[str], Result]) -> Result:
    """A measurement that can be made on any database, on a server of its own."""
    with closing(Postgres()) as server:
        server.start()
        found = measure(server.database())
    return replace(found, name=f"{found.name}, PostgreSQL")


Measured = Callable[[Path], Iterable[Result]]
"""Measures; the folder is for sites that take long to be made up: what lies there from before is taken again."""


@dataclass(frozen=True, slots=True)
class Part:
    """One measurement. In little, all of it holds what it counts and what it compares; only at full size are its times and
    its growth those that the budgets are about."""

    short: Measured
    full: Measured


PARTS: Mapping[str, Part] = {
    "parse": Part(lambda _: [parse.measure(1_500)], lambda _: [parse.measure()]),
    "rules": Part(lambda _: [rules.measure(0.5)], lambda _: [rules.measure(2.0)]),
    "backtest": Part(lambda _: [backtest.measure(backtest.ENOUGH)], lambda _: [backtest.measure()]),
    "sla": Part(lambda _: [sla.measure()], lambda _: [sla.measure(sla.CLOCKS)]),
    "ingest": Part(
        lambda _: ingest.measure(2_000), lambda folder: [*ingest.measure(), ingest.over(folder, HISTORIES, 1_000)]
    ),
    "anatomy": Part(
        lambda _: [anatomy.measure(300)], lambda folder: [anatomy.measure(3_000), anatomy.over(folder, HISTORIES)]
    ),
    "arrival_to_ack": Part(lambda _: arrival_to_ack.measure(60, 12), lambda _: arrival_to_ack.measure()),
    "agents": Part(lambda _: agents.measure(30), lambda _: agents.measure()),
    "chat": Part(lambda _: chat.measure(60, 200, 60), lambda _: chat.measure()),
    "kb": Part(
        lambda _: [kb.measure(500, 5)], lambda _: [kb.measure(), on_postgresql(lambda url: kb.measure(url=url))]
    ),
    "suggestions": Part(lambda _: [suggestions.measure(500, 3)], lambda _: [suggestions.measure(10_000, 10)]),
    "freshness": Part(
        lambda _: [freshness.measure(500, 2_000, 5)], lambda _: [freshness.measure(), freshness.over(HISTORIES)]
    ),
    "reports": Part(
        lambda _: [reports.measure()], lambda _: [reports.measure(reports.CONVERSATIONS), reports.over(HISTORIES)]
    ),
    "moving": Part(lambda _: [moving.measure(3_000)], lambda _: [moving.measure()]),
    "nodes": Part(lambda _: [nodes.measure(90)], lambda _: [nodes.measure()]),
    "web": Part(lambda folder: web.measure(folder, (500,), 20), lambda folder: web.over(folder, HISTORIES)),
    "load": Part(lambda _: [load.measure(load.BUSY, 20)], lambda _: [load.measure(), load.measure(50, 300)]),
    "flood": Part(lambda _: [flood.measure(500)], lambda _: [flood.measure()]),
    "starting": Part(lambda folder: starting.measure(folder), lambda folder: starting.measure(folder, 100_000)),
    "quarter": Part(lambda _: [quarter.measure(4, 7)], lambda _: [quarter.measure()]),
}
