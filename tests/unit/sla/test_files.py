"""The shipped hours and policies load, and every slip in such a file is named with its place, all of them at once."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.conversations import Priority
from inbox.domain.problems import Misconfigured
from inbox.sla.durations import Counting, Duration, Unit
from inbox.sla.hours import Calendar, Holiday, Hours, Span
from inbox.sla.hours_file import load_hours
from inbox.sla.policy import Metric, Policy, Target, load_policies
from inbox.sla.suggested import suggested

RULES = Path(__file__).parents[3] / "rules"


def hours_of(text: str, place: str = "hours.toml") -> dict[str, Hours]:
    return load_hours(tomllib.loads("format = 1\n" + text), place, lambda _place, _where: SUGGESTED)


SUGGESTED = {date(2026, 11, 13): Holiday("mourning"), date(2026, 12, 23): Holiday("birthday", estimated=True)}


def policies_of(text: str) -> dict[str, Policy]:
    return load_policies(tomllib.loads("format = 1\n" + text), ["support", "always"], "policies.toml")


def problems(load: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(ExceptionGroup) as caught:
        load()
    found = [p for p in caught.value.exceptions if isinstance(p, Misconfigured)]
    assert len(found) == len(caught.value.exceptions)
    return [(p.key, str(p.facts["where"])) for p in found]


def test_the_shipped_files_load() -> None:
    hours = load_hours(tomllib.loads((RULES / "hours.toml").read_text("utf-8")), "rules/hours.toml")
    assert set(hours) == {"support", "always"}
    policies = load_policies(tomllib.loads((RULES / "policies.toml").read_text("utf-8")), hours, "rules/policies.toml")
    assert set(policies) == {"standard", "vip"}
    for policy in policies.values():
        assert {priority for _, priority in policy.targets} == set(Priority)
        assert all(policy.target(Metric.FIRST_REPLY, priority) for priority in Priority)
        for metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.RESOLUTION):
            urgent = policy.target(metric, Priority.URGENT)
            assert urgent is not None
            assert urgent.duration.counting is Counting.ALWAYS


def test_every_key_of_the_shipped_files_is_told_in_a_sentence() -> None:
    for name in ("hours.toml", "policies.toml"):
        lines = [line for line in (RULES / name).read_text("utf-8").splitlines() if " = " in line and line[0] != "#"]
        told = {line.split(" = ")[0] for line in lines if " # " in line}
        days = {"sunday", "monday", "tuesday", "wednesday"}  # said once, for saturday
        assert {line.split(" = ")[0] for line in lines} - told <= days | {"format"}


def test_the_support_calendar_knows_thursday_friday_and_ashura() -> None:
    hours = load_hours(tomllib.loads((RULES / "hours.toml").read_text("utf-8")), "rules/hours.toml")
    calendar = Calendar(hours["support"])
    tehran = ZoneInfo("Asia/Tehran")
    assert calendar.is_open(datetime(2026, 11, 26, 12, 59, tzinfo=tehran))
    assert not calendar.is_open(datetime(2026, 11, 26, 13, tzinfo=tehran))
    assert not calendar.is_open(datetime(2026, 11, 27, 11, tzinfo=tehran))
    assert not calendar.is_open(datetime(2026, 6, 25, 11, tzinfo=tehran))


def test_suggested_lunar_holidays_of_later_years_are_marked_estimated_and_told_plainly() -> None:
    found = suggested("IR", "here")
    assert found[date(2026, 6, 25)] == Holiday("عاشورای حسینی")
    assert found[date(2027, 6, 16)] == Holiday("عاشورای حسینی", estimated=True)
    assert found[date(2027, 3, 21)] == Holiday("جشن نوروز")
    assert not any("تخمینی" in holiday.name for holiday in found.values())


def test_a_day_with_a_certain_and_an_estimated_name_is_estimated_for_the_moon_may_take_the_next_day() -> None:
    both = suggested("IR", "here")[date(2028, 6, 4)]
    assert both == Holiday("عاشورای حسینی; قیام 15 خرداد", estimated=True)


def test_suggestions_do_not_depend_on_the_language_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for language in ("en_US", "fa_IR"):
        for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.setenv(variable, language)
        found.append(suggested("IR", "here", range(2026, 2029)))
    assert found[0] == found[1]


def test_parts_of_a_country_and_unknown_ones() -> None:
    assert date(2026, 1, 6) in suggested("DE-BY", "here")
    assert date(2026, 1, 6) not in suggested("DE-BE", "here")
    for place in ("XX", "DE-XX"):
        with pytest.raises(Misconfigured) as caught:
            suggested(place, "here")
        assert caught.value.facts["place"] == place


def test_own_list_wins_over_suggestions_in_either_calendar() -> None:
    text = """
    [hours.support]
    zone = "Asia/Tehran"
    holidays_from = "IR"
    open.monday = ["۰۸:۳۰–۱۲:۰۰", "13:00-24:00"]
    open.tuesday = ["22:00-02:00"]
    [hours.support.holidays]
    2026-11-13 = false
    1405-10-02 = { name = "half", open = ["09:00-11:00"] }
    2026-12-30 = "ours"
    2027-01-01 = { name = "maybe", estimated = true }
    [hours.support.closures]
    1405-09-12 = "آلودگی هوا"
    """
    support = hours_of(text)["support"]
    assert support.week[0] == (Span(510, 720), Span(780, 1440))
    assert support.week[1] == (Span(1320, 1560),)
    assert support.holidays == {
        date(2026, 12, 23): Holiday("half", spans=(Span(540, 660),)),
        date(2026, 12, 30): Holiday("ours"),
        date(2027, 1, 1): Holiday("maybe", estimated=True),
    }
    assert support.closures == {date(2026, 12, 3): "آلودگی هوا"}


def test_all_slips_of_an_hours_file_are_told_at_once() -> None:
    text = """
    colour = "red"
    [hours.one]
    zonne = "Asia/Tehran"
    icalendar = ["../feed.ics"]
    open.mondey = ["08:30-17:00"]
    open.monday = ["25:00-26:00", "08:00-12:00", "11:00-13:00"]
    open.tuesday = "08:30-17:00"
    holidays = { 2026-13-40 = "x", 2026-11-11 = 5, 2026-11-12 = { nam = "y", open = ["8-9"], estimated = "no" } }
    closures.2026-12-03 = ""
    always = "yes"
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
    assert problems(lambda: hours_of(text)) == [
        ("sla.unknown", "hours.toml"),
        ("sla.unknown_near", "hours.toml: hours.one"),
        ("sla.not_text", "hours.toml: hours.one.zone"),
        ("sla.not_truth", "hours.toml: hours.one.always"),
        ("sla.unknown_near", "hours.toml: hours.one.open"),
        ("sla.not_span", "hours.toml: hours.one.open.monday"),
        ("sla.spans_overlap", "hours.toml: hours.one.open.monday"),
        ("sla.not_spans", "hours.toml: hours.one.open.tuesday"),
        ("sla.not_calendar_files", "hours.toml: hours.one.icalendar"),
        ("sla.not_a_day", "hours.toml: hours.one.holidays"),
        ("sla.not_text", "hours.toml: hours.one.holidays.2026-11-11"),
        ("sla.unknown_near", "hours.toml: hours.one.holidays.2026-11-12"),
        ("sla.not_text", "hours.toml: hours.one.holidays.2026-11-12.name"),
        ("sla.not_truth", "hours.toml: hours.one.holidays.2026-11-12.estimated"),
        ("sla.not_span", "hours.toml: hours.one.holidays.2026-11-12.open"),
        ("sla.not_text", "hours.toml: hours.one.closures.2026-12-03"),
        ("sla.unknown_zone", "hours.toml: hours.two.zone"),
        ("sla.no_opening", "hours.toml: hours.three"),
        ("sla.always_and_open", "hours.toml: hours.four"),
    ]


def test_a_slip_names_what_was_probably_meant() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        hours_of('[hours.one]\nzone = "Asia/Teheran"\nopen.mondey = []\nopen.monday = ["08:30-17:00"]')
    first = caught.value.exceptions[0]
    assert isinstance(first, Misconfigured)
    assert (first.facts["name"], first.facts["near"]) == ("mondey", "monday")
    with pytest.raises(ExceptionGroup) as caught:
        hours_of('[hours.one]\nzone = "Asia/Teheran"\nopen.monday = ["08:30-17:00"]')
    zone = caught.value.exceptions[0]
    assert isinstance(zone, Misconfigured)
    assert zone.facts["near"] == "Asia/Tehran"


@pytest.mark.parametrize("text", ["8:30-17", "08:30", "08:30-08:30", "24:00-25:00", "08:60-09:00", "-1:00-02:00", 7])
def test_a_stretch_of_the_day_that_is_none_is_refused(text: object) -> None:
    tables = {"format": 1, "hours": {"one": {"zone": "UTC", "open": {"monday": [text]}}}}
    assert problems(lambda: load_hours(tables, "h")) == [("sla.not_span", "h: hours.one.open.monday")]


def test_another_format_is_refused() -> None:
    for tables in ({}, {"format": 2}):
        assert problems(partial(load_hours, tables, "h")) == [("sla.format", "h: format")]
        assert problems(partial(load_policies, tables, [], "p")) == [("sla.format", "p: format")]


SECTIONS = "".join(f'[policy.p.{p}]\nfirst_reply = "4 working hours"\n' for p in ("low", "high", "urgent"))


def test_calendars_belong_to_priorities() -> None:
    text = f'[policy.p]\nhours = "support"\n{SECTIONS}[policy.p.normal]\nhours = "always"\nupdate = "1 day (24x7)"'
    policy = policies_of(text)["p"]
    four_hours = Duration(4, Unit.HOURS, Counting.WORKING)
    assert policy.target(Metric.FIRST_REPLY, Priority.LOW) == Target(four_hours, "support")
    assert policy.target(Metric.UPDATE, Priority.NORMAL) == Target(Duration(1, Unit.DAYS, Counting.ALWAYS), "always")
    assert policy.target(Metric.FIRST_REPLY, Priority.NORMAL) is None
    assert policy.version != policies_of(text.replace("4 working", "5 working"))["p"].version
    assert policy.version == policies_of(text)["p"].version


def test_all_slips_of_a_policies_file_are_told_at_once() -> None:
    text = f"""
    [policy.p]
    hours = "suport"
    escalate = [{{ at = "80%", after = "1 working hour", than = 1 }}, {{ at = "over", then.tag = "" }}]
    {SECTIONS}
    [policy.p.normal]
    hours = "night"
    first_repply = "4 working hours"
    first_reply = "4h"
    next_reply = 4
    resolution = "soon"
    [policy.q]
    hours = "support"
    low = "2 working days"
    """
    assert problems(lambda: policies_of(text)) == [
        ("sla.unknown_near", "policies.toml: policy.p.hours"),
        ("sla.unknown_near", "policies.toml: policy.p.normal"),
        ("sla.unknown", "policies.toml: policy.p.normal.hours"),
        ("sla.duration_bare", "policies.toml: policy.p.normal.first_reply"),
        ("sla.not_text", "policies.toml: policy.p.normal.next_reply"),
        ("sla.duration_unread", "policies.toml: policy.p.normal.resolution"),
        ("sla.unknown_near", "policies.toml: policy.p.escalate[1]"),
        ("sla.step_when", "policies.toml: policy.p.escalate[1]"),
        ("sla.step_does_nothing", "policies.toml: policy.p.escalate[1]"),
        ("sla.not_a_share", "policies.toml: policy.p.escalate[2].at"),
        ("sla.not_text", "policies.toml: policy.p.escalate[2].then.tag"),
        ("sla.not_a_table", "policies.toml: policy.q.low"),
        ("sla.priority_missing", "policies.toml: policy.q"),
        ("sla.priority_missing", "policies.toml: policy.q"),
        ("sla.priority_missing", "policies.toml: policy.q"),
    ]


def test_reading_twice_gives_the_same_version() -> None:
    tables = tomllib.loads((RULES / "hours.toml").read_text("utf-8"))
    assert load_hours(tables, "a")["support"].version == load_hours(tables, "b")["support"].version
