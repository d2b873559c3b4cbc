"""A month of a contract, from the first day of Azar to its last: what comes of it stands in a statement that adds up."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.cli.context import Context
from inbox.domain.contracts import Contract
from inbox.domain.conversations import Conversation, State
from inbox.pipeline.statements import changed, every, period_on, statement
from inbox.sla.lateness import Verdict
from inbox.sla.statement import Statement
from inbox.store import contracts, statements
from inbox.store import tables as t
from inbox.store.statements import Issued
from tests.cli.talk import Talk
from tests.path.conftest import Houses
from tests.path.house import House

TEHRAN = ZoneInfo("Asia/Tehran")
HOUR = timedelta(hours=1)
AZAR, DEY = date(2026, 11, 22), date(2026, 12, 22)
Commands = Callable[[House], Talk]


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


@pytest.fixture
def commands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The command line of a house, at the house's time."""

    def build(house: House) -> Talk:
        monkeypatch.setattr(Context, "now", lambda _: house.clock.now())
        return Talk(house.folder, capsys)

    return build


async def agreed(house: House, inbox: Talk, *more: str) -> Contract:
    """Sara has written on the last day of Aban; from the first of Azar on there is a contract with her."""
    await house.customer("sara@x", "سارا").writes("Before there is anything.")
    words = ("--with", "memory:sara@x", "--from", "۱۴۰۵/۹/۱", "--pays", "۱۲٬۰۰۰٬۰۰۰", "--currency", "irt")
    said = inbox("contracts", "add", "acme", *words, "--almanac", "jalali", *(more or ("--tier", "silver")))
    assert said.code == 0, said.err
    found = house.store.read_now(contracts.by_name, "acme")
    assert found is not None
    return found


async def asks(house: House, when: datetime) -> Conversation:
    """Sara asks something new at an instant."""
    await house.at(when)
    await house.customer("sara@x").writes("It does not work.")
    return house.conversations()[-1]


def again(house: House, matter: Conversation) -> Conversation:
    return next(one for one in house.conversations() if one.id == matter.id)


async def azar(house: House) -> list[Conversation]:
    """Four matters: one in time, one late, one late and excused, one that was spam."""
    agents = house.agent("reza"), house.agent("sara")
    in_time = await asks(house, at(24, 9))
    await house.at(at(24, 10))
    await agents[0].replies(in_time, "We look at it.")
    await house.at(at(25, 10))
    await agents[0].does(again(house, in_time), "done")
    late = await asks(house, at(28, 9))  # two working days from Saturday 9:00 are Monday 9:00
    await house.at(at(28, 10))
    await agents[0].replies(late, "We look at it.", then="open")
    await house.at(at(2, 15, month=12))
    await agents[0].does(again(house, late), "done")
    excused = await asks(house, at(5, 9, month=12))
    await house.at(at(5, 16, month=12))
    await agents[0].replies(excused, "We look at it.", then="open")
    await agents[0].does(again(house, excused), "done")
    await agents[1].does(again(house, excused), "excuse", reason="Their network was down", clock="first_reply")
    spam = await asks(house, at(7, 9, month=12))
    await agents[0].does(spam, "spam")
    return [in_time, late, excused, spam]


def issued(house: House, contract: Contract) -> list[Issued]:
    return house.store.read_now(statements.issued, contract.id)


async def test_every_line_is_what_sla_explain_says(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    inbox = commands(house)
    contract = await agreed(house, inbox)
    matters = await azar(house)
    await house.at(at(24, 0, month=12))
    (one,) = issued(house, contract)
    told = one.statement
    assert (told.period.since, told.period.until) == (AZAR, DEY)
    explained = {}
    for matter in matters:
        for clock in inbox("sla", "explain", matter.reference, "--format", "json").json()["clocks"]:
            explained[matter.reference, clock["metric"], clock["cycle"]] = clock
    lines = {(line.reference, line.metric, line.cycle): line for line in told.lines}
    due = {key for key, clock in explained.items() if clock["due_at"] is not None}
    assert set(lines) == due, "each clock with a target is a line, and nothing else is"
    assert len(due) == 8
    for key, line in lines.items():
        clock = explained[key]
        assert line.due == datetime.fromisoformat(clock["due_at"])
        assert line.started == datetime.fromisoformat(clock["started_at"])
        assert line.stopped == (clock["stopped_at"] and datetime.fromisoformat(clock["stopped_at"]))
        missed = line.verdict in (Verdict.MISSED, Verdict.EXCUSED)
        assert missed == (clock["breached_at"] is not None)
        assert line.due == datetime.fromisoformat(clock["walk"][-1]["until"]) or clock["pauses"]
    assert sum(line.takes for line in told.lines) == told.sum == told.cost


async def test_the_numbers_of_the_month(houses: Houses, commands: Commands) -> None:
    """The late one was due on Monday 30 November at 9:00. Tuesday 1 December is a working day like all, so until Wednesday 15:00 it is
    late by 8 + 8.5 + 6.5 working hours where we work 8:30 to 17:00; silver takes 5 % for two working days or more, which are reached on
    Wednesday at 9:00: 600,000 tomans of 12,000,000."""
    house = houses()
    await house.settle()
    inbox = commands(house)
    contract = await agreed(house, inbox)
    _, late, excused, _ = await azar(house)
    await house.at(at(24, 0, month=12))
    told = issued(house, contract)[0].statement
    by = {(line.reference, line.metric): line for line in told.lines}
    assert by[late.reference, "resolution"].due == at(30, 9)
    assert by[late.reference, "resolution"].takes == 600_000
    assert by[excused.reference, "first_reply"].verdict is Verdict.EXCUSED
    assert by[excused.reference, "first_reply"].late == 5 * HOUR  # due at 11:00, answered at 16:00
    assert (told.of(Verdict.MET), told.of(Verdict.MISSED), told.of(Verdict.WITHDRAWN)) == (4, 1, 2)
    assert (int(told.cost), int(told.payment)) == (600_000, 12_000_000)
    assert told.off is not None
    assert told.off.since == DEY
    (used,) = told.quota
    assert (used.agreed, used.used) == (1000, 3)
    shown = inbox("contracts", "statement", "acme", "--period", "1", "--lang", "fa").out
    assert "۶۰۰٬۰۰۰ تومان" in shown
    assert "۱ آذر ۱۴۰۵" in shown


async def test_a_statement_is_issued_once_and_stays_as_it_was(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    inbox = commands(house)
    contract = await agreed(house, inbox)
    _, late, _, _ = await azar(house)
    await house.at(at(23, 23, 59, month=12))
    assert issued(house, contract) == []
    await house.later(minutes=1)
    (was,) = issued(house, contract)
    await house.settle()
    await house.agent("sara").does(again(house, late), "excuse", reason="Agreed on the phone")
    await house.later(days=3)
    assert issued(house, contract) == [was]
    shown = dict(_every(house, contract))
    fresh = _fresh(house, contract)
    assert [(line.reference, line.verdict) for line in changed(was.statement, fresh)] == [
        (late.reference, Verdict.EXCUSED)
    ]
    assert AZAR in shown
    assert "Agreed on the phone" in inbox("contracts", "statement", "acme", "--period", "1").out


def _every(house: House, contract: Contract) -> list[tuple[date, Statement]]:
    found = house.store.read_now(every, contract, house.playbook(), house.clock.now())
    return [(one.period.since, one) for one, _ in found]


def _fresh(house: House, contract: Contract) -> Statement:
    period = period_on(contract, AZAR)
    assert period is not None
    return house.store.read_now(statement, contract, period, house.playbook(), house.clock.now())


async def test_those_who_lead_are_told_of_it_and_the_customer_is_not(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    await agreed(house, commands(house))
    await house.at(at(24, 0, month=12))
    matter = house.conversations()[-1]
    assert (matter.state, matter.subject[:21]) == (State.DONE, "Statement of the cont")
    assert "No penalty" in house.said(matter)[0].text
    assert [one for one in house.customer("sara@x").mails if "Statement" in one["subject"]] == []
    who = house.agent("sara").who.id
    rows = house.store.read_now(lambda u: list(u.execute(t.notification.select())))
    assert [(row.agent_id, row.kind) for row in rows] == [(who, "statement-issued")]


async def test_a_contact_who_is_to_have_it_gets_paper_and_table(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    contract = await agreed(house, commands(house), "--tier", "silver", "--send-to", "contact")
    await azar(house)
    await house.at(at(24, 0, month=12))
    mail = house.customer("sara@x").mails[-1]
    assert "acme" in mail["subject"]
    assert [one["filename"] for one in mail["attachments"]] == ["statement-2026-11-22.pdf", "statement-2026-11-22.csv"]
    assert issued(house, contract)[0].conversation == house.conversations()[-1].id


async def test_the_table_adds_up_to_what_is_taken(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    inbox = commands(house)
    await agreed(house, inbox)
    await azar(house)
    await house.at(at(24, 0, month=12))
    rows = list(csv.DictReader(io.StringIO(inbox("contracts", "statement", "acme", "--format", "csv").out)))
    total = rows.pop()
    assert (total["kind"], Decimal(total["takes"])) == ("total", sum(Decimal(row["takes"]) for row in rows))
    told: dict[str, Any] = inbox("contracts", "statement", "acme", "--format", "json").json()
    assert [row["reference"] for row in rows] == [row["reference"] for row in told["lines"]]
    assert Decimal(told["cost"]) == Decimal(total["takes"]) == 600_000


async def test_a_contract_made_late_has_no_statements_of_what_was_before_it(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    inbox = commands(house)
    await house.customer("sara@x").writes("Before there is anything.")
    await house.at(at(24, 9, month=12))
    words = ("--with", "memory:sara@x", "--from", "1405/7/1", "--tier", "gold", "--almanac", "jalali")
    assert inbox("contracts", "add", "acme", *words).code == 0
    await house.later(days=40)
    found = house.store.read_now(contracts.by_name, "acme")
    assert found is not None
    assert [one.statement.number for one in issued(house, found)] == [4]


async def test_what_cannot_be_agreed_is_told_with_what_to_do(houses: Houses, commands: Commands) -> None:
    house = houses()
    await house.settle()
    inbox = commands(house)
    await agreed(house, inbox)
    with_sara = ("--with", "memory:sara@x")
    tries = {
        ("add", "acme", *with_sara, "--from", "2030-01-01", "--tier", "gold"): "holds for the same customer",
        ("add", "other", *with_sara, "--from", "2026-13-01", "--tier", "gold"): "is no day",
        (
            "add",
            "other",
            *with_sara,
            "--from",
            "2020-01-01",
            "--until",
            "2019-01-01",
            "--tier",
            "gold",
        ): "before the first",
        ("add", "other", *with_sara, "--from", "2020-01-01", "--until", "2020-02-01", "--tier", "tin"): "no tier",
        ("add", "other", *with_sara, "--from", "2020-01-01", "--tier", "gold", "--currency", "XYZ1"): "no currency",
        ("add", "other", *with_sara, "--from", "2020-01-01", "--tier", "gold", "--pays", "5"): "In which currency",
        ("add", "a/b", *with_sara, "--from", "2020-01-01", "--tier", "gold"): "no name for a contract",
        ("end", "nobody"): "There is no contract",
        ("end", "acme", "2026-11-01"): "before it began",
        ("statement", "acme", "--period", "7"): "no such period",
    }
    for words, sentence in tries.items():
        said = inbox("contracts", *words)
        assert said.code != 0, words
        assert sentence in said.err + said.out, words
    assert [one.name for one in house.store.read_now(contracts.listing)] == ["acme"]
    assert inbox("contracts", "end", "acme", "۱۴۰۵/۹/۱۵").code == 0
    assert inbox("contracts", "renew", "acme", "--name", "acme 1406").code == 0
    follows = house.store.read_now(contracts.by_name, "acme 1406")
    assert follows is not None
    assert follows.first == date(2026, 12, 7)
    assert inbox("contracts", "check").code == 0
