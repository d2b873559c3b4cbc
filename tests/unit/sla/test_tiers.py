"""Tiers: the shipped ones say what they seem to say, and what is wrong in a file is told all at once, by its place."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from inbox.domain.contracts import Cadence, CountStep, LateStep, Quota, Takes
from inbox.domain.conversations import Priority
from inbox.domain.problems import Misconfigured
from inbox.sla.durations import parse
from inbox.sla.metrics import Metric, Target
from inbox.sla.policy import Policies, Policy
from inbox.sla.tiers import Site, load_tiers

SHIPPED = Path(__file__).parents[3] / "rules" / "tiers.toml"
THERE = Site(("standard", "vip"), ("support", "always"), ("support", "bot"))


def test_the_shipped_tiers() -> None:
    tiers = load_tiers(tomllib.loads(SHIPPED.read_text(encoding="utf-8")), THERE, "rules/tiers.toml")
    assert list(tiers) == ["base", "bronze", "silver", "gold"]
    assert tiers["base"].agreed.quota == Quota(10, Cadence.MONTH)
    assert tiers["gold"].called("fa") == "طلایی"
    assert tiers["gold"].called("de") == "gold"
    gold = tiers["gold"].agreed
    assert gold.clocked_by == "vip@always"
    assert gold.most == 50
    assert gold.late == (LateStep(Takes(Decimal(3)), ("first_reply", "resolution"), ("high", "urgent")),)
    assert gold.counted == (CountStep(Takes(Decimal(10)), 10, Cadence.YEAR, "outage"),)
    assert [one.later_than for one in tiers["silver"].agreed.late] == ["4 working hours", "2 working days"]


def wrong(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ExceptionGroup) as caught:
        load_tiers(tomllib.loads(text), THERE, "rules/tiers.toml")
    found = [one for one in caught.value.exceptions if isinstance(one, Misconfigured)]
    return [(one.key, str(one.facts["where"]).removeprefix("rules/tiers.toml: tier.a.")) for one in found]


@pytest.mark.parametrize(
    ("line", "key", "place"),
    [
        ('policy = "vpi"', "sla.unknown_near", "policy"),
        ('policy = "vip"\nhours = "nights"', "sla.unknown", "hours"),
        ('policy = "vip"\nchannels = ["support", "fax"]', "sla.unknown", "channels"),
        ('policy = "vip"\ncolour = "red"', "sla.unknown", "rules/tiers.toml: tier.a"),
        ('policy = "vip"\nmost = "120%"', "sla.not_a_share", "most"),
        ('policy = "vip"\nquota = { requests = 0, per = "month" }', "sla.not_whole", "quota.requests"),
        ('policy = "vip"\nquota = { requests = 5, per = "week" }', "sla.unknown", "quota.per"),
        ('policy = "vip"\npenalty = [{ late = "resolution" }]', "sla.not_takes", "penalty[1].takes"),
        ('policy = "vip"\npenalty = [{ takes = "101%" }]', "sla.not_takes", "penalty[1].takes"),
        (
            'policy = "vip"\npenalty = [{ takes = "1%", later_than = "2d" }]',
            "sla.duration_bare",
            "penalty[1].later_than",
        ),
        (
            'policy = "vip"\npenalty = [{ takes = "1%", more_than = 3, within = "year", tag = "a", late = "update" }]',
            "sla.penalty_counts",
            "penalty[1]",
        ),
        ('policy = "vip"\npenalty = [{ takes = "1%", more_than = 3 }]', "sla.unknown", "penalty[1].within"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(line: str, key: str, place: str) -> None:
    assert wrong(f"format = 1\n[tier.a]\n{line}") == [(key, place)]


def test_a_share_and_an_amount_in_either_digits() -> None:
    text = 'format = 1\n[tier.a]\npolicy = "vip"\npenalty = [{ takes = "۱۰٪" }, { takes = "۵۰۰۰۰۰" }, { takes = 12.5 }]'
    (tier,) = load_tiers(tomllib.loads(text), THERE, "x").values()
    assert [step.takes for step in tier.agreed.late] == [
        Takes(percent=Decimal(10)),
        Takes(amount=Decimal(500000)),
        Takes(amount=Decimal("12.5")),
    ]


def test_a_policy_on_other_hours_has_its_targets_counted_on_these() -> None:
    target = Target(parse("4 working hours", "x"), "support")
    known = Policies({"vip": Policy("vip", {(Metric.RESOLUTION, Priority.HIGH): target})}, ("support", "always"))
    assert known["vip@always"].target(Metric.RESOLUTION, Priority.HIGH) == Target(target.duration, "always")
    assert known["vip@always"].name == "vip@always"
    assert known["vip@gone"] == known["vip"]
    assert known.get("gone@always") is None
    assert list(known) == ["vip"]
