"""A plan: what it proposes, that it reads back as it was written, and what it may not say."""

from dataclasses import replace
from pathlib import Path

import pytest

from inbox.domain.problems import Problem
from inbox.elsewhere.census import census
from inbox.elsewhere.plan import Here, Plan, check, complete, field_name, proposed, read, written
from tests.unit.elsewhere.exports import Opened

HERE = Here(
    {"support": ("support@inbox.example",), "sales": ("sales@inbox.example",)},
    {"sara": ("Sara@shop.example", "Sara Ahmadi"), "reza": ("", "Somebody Gone")},
    {"help": "Support", "billing": ""},
)


@pytest.fixture
def plan(opened: Opened) -> Plan:
    export, _ = opened("zendesk")
    return proposed(export, census(export, lambda _: None), HERE, "Asia/Tehran")


def test_what_can_be_known_is_proposed_and_nothing_is_guessed(plan: Plan) -> None:
    assert plan.channels == {"": "", "support@inbox.example": "support"}
    assert plan.agents == {"old@shop.example": "", "sara@shop.example": "sara"}
    assert plan.teams == {"Billing": "billing", "Support": "help"}
    assert plan.states == {"closed": "done", "deleted": "leave", "open": "open", "pending": "waiting", "solved": "done"}
    assert plan.fields == {"Order number": "order_number", "شهر": "شهر"}


def test_it_reads_back_as_it_was_written(plan: Plan, opened: Opened, tmp_path: Path) -> None:
    export, _ = opened("zendesk")
    odd = replace(plan, tags={'a "b"\\': "c\x7f\n", "ش": ""})
    path = tmp_path / "plan.toml"
    path.write_text(written(odd, census(export, lambda _: None), lambda key, **_: key), "utf-8")
    assert read(path) == odd


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"source": "zammad"}, "elsewhere.plan_other"),
        ({"zone": "Nowhere/Town"}, "elsewhere.plan_zone"),
        ({"zone": "../etc/passwd"}, "elsewhere.plan_zone"),
        ({"channels": {"": ""}}, "elsewhere.plan_value"),
        ({"channels": {"": "widget"}}, "elsewhere.plan_value"),
        ({"agents": {"sara@shop.example": "nobody"}}, "elsewhere.plan_value"),
        ({"teams": {"Support": "unknown"}}, "elsewhere.plan_value"),
        ({"states": {"open": "snoozed"}}, "elsewhere.plan_value"),
        ({"priorities": {"p1": "huge"}}, "elsewhere.plan_value"),
    ],
)
def test_what_is_not_there_is_refused(plan: Plan, change: dict[str, object], key: str) -> None:
    good = replace(plan, channels={"": "support"})
    check(good, "zendesk", HERE)
    with pytest.raises(Problem) as told:
        check(replace(good, **change), "zendesk", HERE)  # type: ignore[arg-type]  # fields by name
    assert told.value.key == key


def test_an_export_that_names_more_than_the_plan_is_refused(plan: Plan, opened: Opened) -> None:
    export, _ = opened("zendesk")
    found = census(export, lambda _: None)
    complete(plan, found, HERE)
    found.states["on leave"] += 1
    with pytest.raises(Problem, match="plan_lacks"):
        complete(plan, found, HERE)


@pytest.mark.parametrize("text", ["[agents", "agents = 1", "[agents]\na = 1", "[agent]\n", "source = []"])
def test_what_is_no_plan_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    with pytest.raises(Problem):
        read(tmp_path / "plan.toml")
    with pytest.raises(Problem):
        read(tmp_path / "missing.toml")


def test_a_field_gets_a_name_that_rules_can_write() -> None:
    assert [field_name(one) for one in ("Order number", "شماره سفارش", "A/B  (c)")] == [
        "order_number",
        "شماره_سفارش",
        "a_b_c",
    ]
