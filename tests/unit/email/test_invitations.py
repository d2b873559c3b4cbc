"""Calendars are told as people read them, whatever their programs wrote, and in no time."""

import time

import pytest

from channels.email.icalendar import EVENTS_CAP, calendar_of
from tests.unit.email.letters import codec, mail, message


def calendar(*lines: str, method: str = "REQUEST") -> str:
    """A calendar with one event of these lines."""
    return "\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])


def told(*lines: str, method: str = "REQUEST") -> str:
    """What an agent reads of it."""
    body = f"\r\n{calendar(*lines, method=method)}\r\n".encode()
    return message(mail("Content-Type: text/calendar; charset=utf-8", body=body)).text


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (("DTSTART:20261124T070000Z", "DTEND:20261124T080000Z"), "Tuesday 2026-11-24, 07:00 – 08:00 (UTC)"),
        (("DTSTART;TZID=Asia/Tehran:20261124T103000",), "Tuesday 2026-11-24, 10:30 (Asia/Tehran)"),
        (
            ("DTSTART:20261124T103000", "DURATION:P1DT2H"),
            "Tuesday 2026-11-24, 10:30 – Wednesday 2026-11-25, 12:30 (local time, no zone given)",
        ),
        (("DTSTART;VALUE=DATE:20261124",), "Tuesday 2026-11-24 (all day)"),
        (("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125"), "Tuesday 2026-11-24 (all day)"),
        (
            ("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261127"),
            "Tuesday 2026-11-24 – Thursday 2026-11-26 (all day)",
        ),
        (("DTSTART;VALUE=DATE:20261124", "DURATION:P2D"), "Tuesday 2026-11-24 – Wednesday 2026-11-25 (all day)"),
        (("DTSTART:20261124T103000Z", "DTEND:20261124T093000Z"), "Tuesday 2026-11-24, 10:30 (UTC)"),
    ],
)
def test_when(lines: tuple[str, ...], when: str) -> None:
    assert told("SUMMARY:x", *lines) == f"Invitation: x\nWhen: {when}"


@pytest.mark.parametrize(
    "value", ["20261324T103000Z", "20260230T103000", "00000101T000000Z", "20261124T996060Z", "tomorrow", ""]
)
def test_a_time_that_is_none_is_left_out(value: str) -> None:
    assert told("SUMMARY:x", f"DTSTART:{value}") == "Invitation: x"


@pytest.mark.parametrize(
    ("method", "answer", "heading"),
    [
        ("REQUEST", "", "Invitation"),
        ("CANCEL", "", "Cancelled"),
        ("REPLY", "ACCEPTED", "Accepted"),
        ("REPLY", "DECLINED", "Declined"),
        ("REPLY", "TENTATIVE", "Tentatively accepted"),
        ("REPLY", "X-NONE", "Answer to an invitation"),
        ("REPLY", "when", "Answer to an invitation"),
        ("X-UNKNOWN", "", "Event"),
        ("", "", "Event"),
    ],
)
def test_what_is_meant(method: str, answer: str, heading: str) -> None:
    text = told("SUMMARY:x", f"ATTENDEE;PARTSTAT={answer}:mailto:a@b.test", method=method)
    assert text.splitlines()[0] == f"{heading}: x"


def test_the_method_of_the_mail_counts_where_the_calendar_has_none() -> None:
    raw = mail(
        "Content-Type: text/calendar; method=CANCEL",
        body=("\r\n" + calendar("SUMMARY:x").replace("METHOD:REQUEST\r\n", "")).encode(),
    )
    assert message(raw).text == "Cancelled: x"


def test_folds_escapes_quotes_and_carets_are_undone() -> None:
    text = told(
        "SUMM",
        " ARY:a\\, b\\; c\\\\d",
        'ORGANIZER;CN="Li: Wei; Co";X=^n:MAILTO:Li@B.test',
        "LOCATION:one\\ntwo",
        "DESCRIPTION:first\\Nsecond",
    )
    assert text == "Invitation: a, b; c\\d\nWhere: one two\nOrganizer: Li: Wei; Co <li@b.test>\n\nfirst\nsecond"


def test_alarms_and_zones_within_say_nothing() -> None:
    text = told("SUMMARY:x", "BEGIN:VALARM", "DESCRIPTION:REMINDER", "SUMMARY:no", "END:VALARM", "LOCATION:here")
    assert text == "Invitation: x\nWhere: here"


def test_of_many_people_the_first_are_named() -> None:
    text = told("SUMMARY:x", *(f"ATTENDEE:mailto:a{one}@b.test" for one in range(40)))
    assert text.endswith("a14@b.test; and 25 more")


def test_text_turned_around_is_straightened() -> None:
    assert told("SUMMARY:a\u202eb", "LOCATION:c\u2067d") == "Invitation: ab\nWhere: cd"


def test_the_same_calendar_twice_is_told_once() -> None:
    part = f"--x\r\nContent-Type: text/calendar\r\n\r\n{calendar('SUMMARY:x')}\r\n"
    body = f"\r\n--x\r\n\r\nHello\r\n{part}{part}--x--\r\n".encode()
    found = message(mail("Content-Type: multipart/mixed; boundary=x", body=body))
    assert found.text == found.reply_text == "Hello\n\nInvitation: x"
    assert len(found.attachments) == 2


def test_only_so_many_events_are_read() -> None:
    events = "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 100
    found = calendar_of(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR")
    assert found is not None
    assert len(found.events) == EVENTS_CAP


BOMBS = {
    "begins": "BEGIN:VEVENT\n" * 100_000,
    "nested": "BEGIN:X\n" * 100_000 + "END:Y\n" * 100_000,
    "ends": "END:VEVENT\n" * 100_000,
    "folds": "SUMMARY:a\n" + " a\n" * 300_000,
    "parameters": "BEGIN:VEVENT\nATTENDEE" + ";CN=a" * 100_000 + "\n",
    "commas": "BEGIN:VEVENT\nATTENDEE;CN=" + "a," * 100_000 + "\n",
    "quotes": "BEGIN:VEVENT\nATTENDEE;CN=" + '"' * 100_001 + "\n",
    "escapes": "BEGIN:VEVENT\nDESCRIPTION:" + "\\" * 200_000 + "\n",
    "quoted-printable": "BEGIN:VEVENT\nDESCRIPTION;ENCODING=QUOTED-PRINTABLE:=\n" + "a=\n" * 100_000,
    "attendees": "BEGIN:VEVENT\n" + "ATTENDEE;CN=a:mailto:a@b.test\n" * 100_000,
    "accents": "BEGIN:VEVENT\nSUMMARY:" + "\u0301\u0316" * 100_000,
    "mailto": "BEGIN:VEVENT\nORGANIZER:mailto:" + "mailto: @" * 100_000,
    "numbers": "BEGIN:VEVENT\nDTSTART:20261124T103000\nDURATION:P9999WT99999M999999S\nRRULE:" + "A" * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_calendar_takes_a_second(name: str) -> None:
    raw = mail("Content-Type: text/calendar; charset=utf-8", body=f"\r\nBEGIN:VCALENDAR\n{BOMBS[name]}".encode())
    started = time.process_time()
    codec().parse(raw)
    assert time.process_time() - started < 1  # a tenth of that; the rest is for a busy machine
