"""Everything that this room tells people has its sentence in both languages."""

import tomllib
from enum import StrEnum
from functools import partial
from pathlib import Path

import pytest

from inbox.domain.problems import Misconfigured
from inbox.sla.durations import parse
from inbox.sla.hours_file import load_hours
from inbox.sla.policy import load_policies
from inbox.sla.promise import Basis, Unsure
from inbox.sla.walk import Note
from inbox.text.wording import Wording, load

LOCALE = Path(__file__).parents[3] / "inbox" / "locale"

HOURS = """
[hours.one]
zonne = "x"
icalendar = 1
strange = 2
open.monday = ["8", "08:00-12:00", "11:00-13:00"]
open.tuesday = 1
holidays = { x = 1, 2026-11-11 = 5 }
holidays_from = "XX"
always = "yes"
closures = 3
[hours.two]
zone = "Asia/Teheran"
open.monday = ["08:30-17:00"]
[hours.three]
zone = "UTC"
[hours.four]
zone = "UTC"
always = true
holidays_from = "IR"
"""
POLICIES = """
[policy.p]
hours = "suport"
[policy.p.low]
first_reply = "4h"
next_reply = "soon"
resolution = "0 working days"
update = "400 working days"
"""


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load(LOCALE)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(("group", "kinds"), [("sla_unsure", Unsure), ("sla_basis", Basis), ("sla_day", Note)])
def test_every_kind_has_its_words(wording: Wording, language: str, group: str, kinds: type[StrEnum]) -> None:
    assert all(wording.say(language, f"{group}.{kind}", name="Nowruz") for kind in kinds)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_slip_has_a_sentence_that_names_its_place(wording: Wording, language: str) -> None:
    keys = set()
    for load_file in (
        partial(load_hours, tomllib.loads(HOURS), "hours.toml"),
        partial(load_policies, tomllib.loads(POLICIES), ["support"], "policies.toml"),
    ):
        with pytest.raises(ExceptionGroup) as caught:
            load_file()
        for problem in caught.value.exceptions:
            assert isinstance(problem, Misconfigured)
            keys.add(problem.key)
            assert str(problem.facts["where"]) in wording.say(language, problem.key, **problem.facts)
    assert len(keys) == 20


def test_a_bare_duration_is_answered_with_what_to_write(wording: Wording) -> None:
    with pytest.raises(Misconfigured) as caught:
        parse("4h", "policies.toml: policy.p.low.update")
    assert wording.say("en", caught.value.key, **caught.value.facts) == (
        "policies.toml: policy.p.low.update: “4h” does not say on which calendar it is counted. "
        "Write “4 working hours” or “4 hours (24x7)”."
    )
