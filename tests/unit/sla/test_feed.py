"""Holidays out of iCalendar files: days, half days and what repeats; what cannot be read is told with file and event."""

import tomllib
from datetime import date, datetime, time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.domain.problems import Misconfigured
from inbox.sla.feed import EVENTS, holidays
from inbox.sla.hours import Holiday, Span
from inbox.sla.hours_file import calendar_files, load_hours
from inbox.sla.yearly import read

NINE_TO_FIVE = (Span(540, 1020),)
WEEK = (*(NINE_TO_FIVE,) * 5, (), ())
NIGHTS = ((Span(1320, 1560),),) * 7


def event(*lines: str, summary: str = "Day off") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"SUMMARY:{summary}", *lines, "END:VEVENT", ""))


def calendar(*events: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def read_file(
    *events: str, zone: str = "Europe/Berlin", week: tuple[tuple[Span, ...], ...] = WEEK
) -> dict[date, Holiday]:
    return holidays(calendar(*events), "rules/days.ics", zone, week)


def refused(*events: str) -> Misconfigured:
    with pytest.raises(Misconfigured) as caught:
        read_file(*events)
    return caught.value


def test_a_whole_day_and_several_days_in_a_row() -> None:
    found = read_file(
        event("DTSTART;VALUE=DATE:20260105", summary="One"),
        event("DTSTART;VALUE=DATE:20260107", "DTEND;VALUE=DATE:20260109", summary="نوروز"),
        event("DTSTART;VALUE=DATE:20260112", "DURATION:P2D"),
    )
    names = {5: "One", 7: "نوروز", 8: "نوروز", 12: "Day off", 13: "Day off"}
    assert found == {date(2026, 1, day): Holiday(name) for day, name in names.items()}


def test_hours_of_a_day_make_it_a_half_day_in_the_zone_of_the_hours() -> None:
    lines = ("DTSTART;TZID=America/New_York:20260302T060000", "DTEND;TZID=America/New_York:20260302T080000")
    left = (Span(540, 720), Span(840, 1020))
    assert read_file(event(*lines)) == {date(2026, 3, 2): Holiday("Day off", spans=left)}
    floating = event("DTSTART:20260302T130000", "DTEND:20260302T180000")
    assert read_file(floating) == {date(2026, 3, 2): Holiday("Day off", spans=(Span(540, 780),))}
    assert read_file(event("DTSTART:20260302T180000", "DTEND:20260302T190000")) == {}, "after closing time"
    outlook = event("DTSTART;TZID=Iran Standard Time:20260302T133000", "DTEND;TZID=Iran Standard Time:20260302T153000")
    assert read_file(outlook) == {date(2026, 3, 2): Holiday("Day off", spans=(Span(540, 660), Span(780, 1020)))}


def test_hours_after_midnight_shorten_the_night_that_began_the_day_before() -> None:
    found = read_file(event("DTSTART:20260303T010000", "DTEND:20260303T020000"), zone="UTC", week=NIGHTS)
    assert found == {date(2026, 3, 2): Holiday("Day off", spans=(Span(1320, 1500),))}


def test_a_whole_day_by_the_clock_is_a_whole_day() -> None:
    assert read_file(event("DTSTART:20260301T230000Z", "DTEND:20260302T230000Z")) == {
        date(2026, 3, 2): Holiday("Day off")
    }


def test_what_repeats_every_year_does_so_without_what_was_left_out_and_with_what_was_moved() -> None:
    found = read_file(
        event("UID:1", "DTSTART;VALUE=DATE:19990105", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20280105"),
        event("UID:1", "RECURRENCE-ID;VALUE=DATE:20270105", "DTSTART;VALUE=DATE:20270107", summary="Moved"),
        event("UID:1", "RECURRENCE-ID;VALUE=DATE:20290105", "DTSTART;VALUE=DATE:20290105", "STATUS:CANCELLED"),
    )
    near = {day: found[day].name for day in sorted(found) if 2026 <= day.year <= 2030}
    assert near == {date(2026, 1, 5): "Day off", date(2027, 1, 7): "Moved", date(2030, 1, 5): "Day off"}
    assert {day.year for day in found} <= set(range(2020, 2051))


def test_what_is_tentative_may_still_move_and_what_is_cancelled_is_none() -> None:
    lines = "DTSTART;VALUE=DATE:20260105"
    assert read_file(event(lines, "STATUS:TENTATIVE")) == {date(2026, 1, 5): Holiday("Day off", estimated=True)}
    assert read_file(event(lines, "STATUS:CANCELLED")) == {}


RULES = [
    "FREQ=YEARLY",
    "FREQ=YEARLY;INTERVAL=3",
    "FREQ=YEARLY;COUNT=7",
    "FREQ=YEARLY;UNTIL=20310101",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
    "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTHDAY=-1,13;BYMONTH=2,3",
    "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
    "FREQ=YEARLY;BYMONTH=1,6;BYDAY=SU",
]


@given(st.sampled_from(RULES), st.dates(date(1990, 1, 1), date(2035, 12, 28)))
@settings(max_examples=150, deadline=None)
def test_yearly_rules_come_to_the_dates_of_another_implementation(rule: str, first: date) -> None:
    years = range(2020, 2051)
    parts = {name: values.split(",") for name, _, values in (part.partition("=") for part in rule.split(";"))}
    ends: dict[str, list[object]] = {"UNTIL": [date(2031, 1, 1)]} if "UNTIL" in parts else {}
    mine = list(read({**parts, **ends}).dates(first, years))
    start = datetime.combine(first, time.min)
    found = rrulestr(f"DTSTART:{first:%Y%m%d}\nRRULE:{rule}").between(
        start, datetime.combine(date(2050, 12, 31), time.min), inc=True
    )
    theirs = [at.date() for at in found]
    assert [day for day in mine if day != first] == [day for day in theirs if day.year in years and day != first]


@pytest.mark.parametrize(
    ("lines", "key", "told"),
    [
        (("DTSTART:soon",), "sla.icalendar_event", "soon"),
        (("DTEND;VALUE=DATE:20260105",), "sla.icalendar_event", "DTSTART"),
        (("DTSTART;TZID=Moon/Base:20260105T080000",), "sla.icalendar_event", "Moon/Base"),
        (("DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20290105"), "sla.icalendar_event", "1096 days"),
        (("DTSTART;VALUE=DATE:20260105", "DTEND:20260106T080000"), "sla.icalendar_event", "DTEND"),
        (("DTSTART;VALUE=DATE:18000105",), "sla.icalendar_event", "1800"),
        (("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=SECONDLY"), "sla.icalendar_rule", "FREQ=SECONDLY"),
        (("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=YEARLY;BYSETPOS=1"), "sla.icalendar_rule", "BYSETPOS"),
        (("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=YEARLY;COUNT=99999"), "sla.icalendar_rule", "COUNT=99999"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_with_its_file(lines: tuple[str, ...], key: str, told: str) -> None:
    problem = refused(event(*lines, summary="Broken one"))
    assert (problem.key, problem.facts["where"], problem.facts["event"]) == (key, "rules/days.ics", "Broken one")
    assert told in str(problem.facts.get("reason") or problem.facts.get("rule"))


@pytest.mark.parametrize("text", ["", "no calendar", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", calendar() * 2])
def test_a_file_that_is_no_calendar_is_told(text: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        holidays(text, "rules/days.ics", "UTC", WEEK)
    assert (caught.value.key, caught.value.facts["where"]) == ("sla.icalendar_unread", "rules/days.ics")


def test_files_stay_in_bounds_however_they_are_made() -> None:
    day = "DTSTART;VALUE=DATE:20260105"
    assert refused(*[event(day)] * (EVENTS + 1)).key == "sla.icalendar_events"
    daily = event(day, "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU")
    assert refused(*[daily] * 5).key == "sla.icalendar_days"


HOURS = """
[hours.one]
zone = "Europe/Berlin"
icalendar = ["days.ics", "more/own.ics"]
open.monday = ["09:00-17:00"]
holidays.2026-01-12 = false
holidays.2026-01-19 = "Ours"
"""


def test_hours_take_their_files_and_the_own_list_wins() -> None:
    tables = {"format": 1, **tomllib.loads(HOURS)}
    days = {"days.ics": [5, 12, 19], "more/own.ics": [26]}
    texts = {
        name: (calendar(*(event(f"DTSTART;VALUE=DATE:202601{day:02}") for day in found)), f"rules/{name}")
        for name, found in days.items()
    }
    assert calendar_files(tables) == list(days)
    holidays_of = load_hours(tables, "h", files=texts.get)["one"].holidays
    assert {day.day: one.name for day, one in holidays_of.items()} == {5: "Day off", 19: "Ours", 26: "Day off"}
    assert load_hours(tables, "h")["one"].version != load_hours(tables, "h", files=texts.get)["one"].version


@pytest.mark.parametrize(
    "value", ["days.ics", ["/etc/days.ics"], ["../days.ics"], ["a/../../b.ics"], ["days.txt"], [7], [".x.ics"]]
)
def test_only_files_within_the_folder_are_taken(value: object) -> None:
    tables = {"format": 1, "hours": {"one": {"zone": "UTC", "open": {"monday": ["09:00-17:00"]}, "icalendar": value}}}
    assert calendar_files(tables) == []
    with pytest.raises(ExceptionGroup) as caught:
        load_hours(tables, "h")
    assert [str(one.key) for one in caught.value.exceptions if isinstance(one, Misconfigured)] == [
        "sla.not_calendar_files"
    ]
