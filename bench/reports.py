"""How soon each report answers over a million conversations, beside a bare question to the same sums.

    python -m bench.reports [--conversations 1000000]

Three years of conversations on four channels and in five teams, with what is measured of each; the sums are made from it by
the very statement with which `inbox verify --rebuild reports` makes them. Each report is asked for all of the time, and for a
part by team, by channel, by tag and by organization; by the CPU, which others cannot take away. The floor is sqlite3 alone, adding up the sums of the report's main number.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, machine, told
from bench.growth import grows
from inbox.domain.contracts import Agreed, Contract
from inbox.domain.ids import AgentId, ContactId, ContractId, EventId, OrganizationId
from inbox.domain.measures import AGES, Measure, minutes, number_of
from inbox.domain.people import Agent
from inbox.pipeline.measured import DEFINITION
from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked
from inbox.store import contracts, measured, people
from inbox.store import tables as t
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit

CONVERSATIONS, SHORT = 1_000_000, 20_000
BUDGET = 2.0  # seconds
DAYS = 1_096
FIRST = date(2023, 11, 25)
ZONE = ZoneInfo("Asia/Tehran")
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
CHANNELS = ("support", "sales", "bot", "chat")
TEAMS, AGENTS, ORGANIZATIONS, TAGS, ARTICLES = 5, 25, 2_000, 40, 200
CONTRACTS = 400
"""So many organizations have one: a tenth of the conversations stands under them."""
AT_ONCE = 20_000
MAIN = {
    "promise-kept": Measure.PROMISE,
    "first-reply": Measure.FIRST,
    "next-reply": Measure.NEXT,
    "resolution": Measure.RESOLUTION,
    "waiting": Measure.THEIRS,
    "sla": Measure.SLA,
    "contracts": Measure.SLA,
    "backlog": Measure.BACKLOG,
    "flow": Measure.OPENED,
    "hours": Measure.RECEIVED,
    "channels": Measure.OPENED,
    "csat": Measure.RATED,
    "nps": Measure.RATED,
    "teams": Measure.REPLIES,
    "agents": Measure.REPLIES,
    "quality": Measure.QUALITY,
    "rules": Measure.RULE,
    "voice": Measure.TAGGED,
}
"""The measure that a report adds up most of."""


def _hash(number: int, salt: int) -> int:
    """The same for the same: a multiplicative mix, for what has to look drawn by chance."""
    mixed = (number * 2_654_435_761 + salt * 40_503) & 0xFFFFFFFF
    mixed = ((mixed >> 15) ^ mixed) * 2_246_822_519 & 0xFFFFFFFF
    return (mixed >> 13) ^ mixed


def _took(number: int, salt: int, mean: int) -> int:
    """Minutes, most of them short and some very long."""
    drawn = _hash(number, salt) % 1_000
    return minutes(60 * (mean * drawn // 1_000 + mean * drawn * drawn // 150_000))


Row = tuple[int, int, int, int, str, int, int]


def facts(id: int, day: int) -> Iterator[Row]:
    """What is measured of one conversation that began on a day."""
    agent, priority = 1 + _hash(id, 1) % AGENTS, _hash(id, 2) % 4
    done = day + _hash(id, 3) % 9
    over = done < FIRST.toordinal() - 719_163 + DAYS
    reply = day + _hash(id, 4) % 2
    yield (id, Measure.OPENED, day, 0, "", int(_hash(id, 5) % 20 == 0), 1)
    yield (id, Measure.FIRST, day, agent, "", _took(id, 6, 90), 1)
    yield (id, Measure.FIRST_WORKING, day, agent, "", _took(id, 7, 60), 1)
    yield (id, Measure.NEXT, reply, agent, "", _took(id, 8, 120), 1)
    yield (id, Measure.NEXT_WORKING, reply, agent, "", _took(id, 9, 80), 1)
    yield (id, Measure.SLA, day, 0, "first_reply", priority * 2 + int(_hash(id, 10) % 12 > 0), 1)
    yield (id, Measure.PROMISE, day, 0, "", int(_hash(id, 11) % 15 == 0), 1)
    yield (id, Measure.RECEIVED, day, 0, "", 8 + _hash(id, 12) % 11, 2)
    yield (id, Measure.HANDLED, reply, agent, "", 0, 1)
    yield (id, Measure.REPLIES, reply, agent, "", 0, 2)
    yield (id, Measure.QUALITY, day, 0, "", _hash(id, 13) % 128, 1)
    yield (id, Measure.RULE, day, 0, f"rule {_hash(id, 14) % 30}", 1 + 2 * int(_hash(id, 15) % 6 > 0), 1)
    yield (id, Measure.TAGGED, day, 0, f"tag {_hash(id, 16) % TAGS}", 0, 1)
    if _hash(id, 17) % 10 == 0:
        yield (id, Measure.ASKED, day, agent, "csat", 1, 1)
        yield (id, Measure.RATED, done, agent, "csat", 1 + _hash(id, 18) % 5, 1)
    if over:
        yield (id, Measure.DONE, done, 0, "", 0, 1)
        yield (id, Measure.RESOLUTION, day, 0, "", _took(id, 19, 900), 1)
        yield (id, Measure.RESOLUTION_WORKING, day, 0, "", _took(id, 20, 400), 1)
        yield (id, Measure.OURS, day, 0, "", _took(id, 21, 200), 1)
        yield (id, Measure.OURS_WORKING, day, 0, "", _took(id, 22, 100), 1)
        yield (id, Measure.THEIRS, day, 0, "", _took(id, 23, 600), 1)
    for number, age in enumerate(AGES):
        begins, ends = day + age, day + AGES[number + 1] if number + 1 < len(AGES) else None
        if not over or begins < done:
            yield (id, Measure.BACKLOG, begins, 0, "open", number, 1)
            until = done if over and (ends is None or done < ends) else ends
            if until is not None:
                yield (id, Measure.BACKLOG, until, 0, "open", number, -1)


def fill(file: Path, count: int) -> None:
    """Conversations with what is measured of each, by plain SQL; the sums are left to the store."""
    first = number_of(FIRST)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA synchronous=OFF")
        base = "'done', 'normal', '', '[]', '[]', '[]'"
        for begin in range(1, count + 1, AT_ONCE):
            ids = range(begin, min(begin + AT_ONCE, count + 1))
            day_of = {id: first + (id - 1) * DAYS // count for id in ids}
            db.executemany(
                "INSERT INTO conversation (id, reference, channel, contact_id, organization_id, team_id, subject, opened_at, contract_id, request,"
                " version, state, priority, policy, tags, fields, pinned)"
                f" VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, 1, 1, {base})",
                [
                    (
                        id,
                        f"B{id}",
                        CHANNELS[_hash(id, 30) % 4],
                        _organization(id) or None,
                        1 + _hash(id, 32) % TEAMS,
                        f"order {_hash(id, 33) % 50} late",
                        day_of[id] * 86_400_000_000 + 36_000_000_000,
                        _organization(id) if 0 < _organization(id) <= CONTRACTS else None,
                    )
                    for id in ids
                ],
            )
            db.executemany(
                "INSERT INTO measured VALUES (?, 1, ?, ?, ?)",
                [(id, CHANNELS[_hash(id, 30) % 4], 1 + _hash(id, 32) % TEAMS, _organization(id)) for id in ids],
            )
            db.executemany(
                "INSERT INTO measured_tag VALUES (?, ?)",
                [(f"tag {_hash(id, 16) % TAGS}", id) for id in sorted(ids, key=lambda id: _hash(id, 16) % TAGS)],
            )
            rows = (row for id in ids for row in sorted(facts(id, day_of[id])))
            db.executemany("INSERT INTO measured_fact VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            db.commit()
        days = [(FIRST + timedelta(days=n)).isoformat() for n in range(DAYS)]
        counts = (
            (a, day, kind, 1 + a % 7) for a in range(1, ARTICLES + 1) for day in days for kind in ("opened", "shown")
        )
        db.executemany("INSERT INTO article_count (article_id, day, kind, count) VALUES (?, ?, ?, ?)", counts)
        db.commit()


def _organization(id: int) -> int:
    return 1 + _hash(id, 31) % ORGANIZATIONS if _hash(id, 34) % 2 else 0


def _people(unit: Unit) -> None:
    unit.add(t.channel, *({"name": name, "kind": "email"} for name in CHANNELS))
    unit.add(t.organization, *({"name": f"Org {n}"} for n in range(1, ORGANIZATIONS + 1)))
    buyer = ContactId(unit.insert(t.contact, name="Somebody", tags=[], created_at=NOW))
    for n in range(1, CONTRACTS + 1):
        agreed = Agreed("vip")
        contracts.add(
            unit, Contract(ContractId(0), f"C-{n}", buyer, OrganizationId(n), "", agreed, FIRST, None), None, NOW
        )
    ids = [people.put_agent(unit, Agent(AgentId(0), f"agent{n}", f"Agent {n}")) for n in range(1, AGENTS + 1)]
    for n in range(1, TEAMS + 1):
        people.put_team(unit, f"team{n}", f"Team {n}", ids[n - 1 :: TEAMS])
    unit.add(
        t.article,
        *(
            {"slug": f"a{n}", "audience": "public", "tags": [], "created_at": NOW, "changed_at": NOW}
            for n in range(1, ARTICLES + 1)
        ),
    )
    measured.came(unit, measured.Progress(ZONE.key, EventId(0), None, DEFINITION))


def asked() -> dict[str, Asked]:
    """All of the time, and parts of it by what it can be narrowed by."""
    whole = Asked(FIRST, FIRST + timedelta(days=DAYS))
    return {
        "all": whole,
        "30 days": replace(whole, since=FIRST + timedelta(days=DAYS - 30)),
        "team": replace(whole, team="team2"),
        "channel": replace(whole, channel="bot"),
        "tag": replace(whole, tag="tag 7"),
        "organization": replace(whole, organization="Org 12"),
        "working": replace(whole, hours="working"),
    }


def measure(count: int = SHORT) -> Result:
    """Every report by every filter; binding is the slowest of each."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as folder:
        file = Path(folder) / "reports.db"
        store = Store(f"sqlite:///{file}", Path(folder))
        with closing(store):
            migrate(store)
            store.write_now(_people)
            began = time.perf_counter()
            fill(file, count)
            figures.append(told(f"{count:,} conversations made up", time.perf_counter() - began, "s"))
            began = time.perf_counter()
            store.write_now(measured.roll_up)
            figures.append(told("all sums made from what is measured", time.perf_counter() - began, "s"))
            figures.append(told("sums", store.read_now(_cells), ""))
            for name in NAMES:
                figures += _one(store, file, name)
    return Result("reports", datetime.now(UTC), tuple(figures), {**machine(), "conversations": str(count)})


def over(histories: Sequence[int]) -> Result:
    """What all reports together cost, over ever more conversations of the same three years."""
    cpu = {history: _all(measure(history)) for history in histories}
    figures = [told(f"{history:,} conversations: all reports", took, "s of CPU") for history, took in cpu.items()]
    why = "a report adds up one row a day, value and place that something happened in, until there is one of each"
    figures.append(grows("all reports", cpu))
    return Result("reports over histories", datetime.now(UTC), tuple(figures), {**machine(), "why they grow": why})


def _all(found: Result) -> float:
    return sum(figure.value for figure in found.figures if figure.what.endswith("all of the time"))


def _cells(unit: Unit) -> int:
    return len(unit.execute(t.rolled.select().with_only_columns(t.rolled.c.n)).all())


def _one(store: Store, file: Path, name: str) -> list[Figure]:
    took = {}
    for what, one in asked().items():
        began = time.process_time()
        store.read_now(report, name, one, ZONE, NOW)
        took[what] = time.process_time() - began
    slowest = max(took, key=lambda what: took[what])
    found = [at_most(f"{name}, slowest ({slowest})", took[slowest], "s of CPU", BUDGET, binding=True)]
    if name in MAIN:
        found.append(told(f"{name}, all of the time", took["all"], "s of CPU", floor=_floor(file, MAIN[name])))
    return found


def _floor(file: Path, measure: Measure) -> float:
    """sqlite3 alone: the sums of one measure, added up by value."""
    with closing(sqlite3.connect(file)) as db:
        began = time.process_time()
        db.execute(
            "SELECT name, value, sum(n) FROM rolled WHERE measure = ? GROUP BY name, value", (measure,)
        ).fetchall()
        return time.process_time() - began


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a report takes longer than two seconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__.splitlines()[0])
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    sys.exit(conclude([measure(parser.parse_args().conversations)], Console()))


if __name__ == "__main__":
    main()
