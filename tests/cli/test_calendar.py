"""`inbox calendar`: a month as people read it, and days that are closed all of a sudden."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.cli.context import Context
from tests.cli.talk import Talk

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Tuesday in Azar."""
    monkeypatch.setattr(Context, "now", lambda _: NOW)


def days(inbox: Talk, *words: str) -> dict[str, dict[str, object]]:
    return {day["date"]: day for day in inbox("calendar", "show", *words, "--format", "json").json()["days"]}


def plain(text: str) -> str:
    """Without the marks that keep foreign words together."""
    return re.sub("[\u2066-\u2069]", "", text)


def add(file: Path, table: str, line: str) -> None:
    """A line at the top of a table of the hours."""
    text = file.read_text("utf-8")
    file.write_text(re.sub(rf"(?m)^(\[hours\.support\.{table}\].*)$", rf"\1\n{line}", text), "utf-8")


def test_a_month_is_printed_by_days_with_its_weeks_apart(inbox: Talk) -> None:
    said = inbox("calendar", "show", "--month", "1405-09", "--lang", "fa").out
    title, head, *rows = said.splitlines()
    assert plain(title) == "support · آذر ۱۴۰۵ · Asia/Tehran"
    assert head.split()[:2] == ["روز", "گاه‌شماری"]
    assert rows[0].startswith("یکشنبه ۱ آذر")
    assert "۰۸:۳۰-۱۷:۰۰" in rows[0]
    assert "2026-11-22" in rows[0]
    weeks = [row for row, before in zip(rows[1:], rows, strict=False) if not before.strip()]
    assert all(row.startswith("شنبه") for row in weeks)
    assert len(weeks) == 4
    assert len([row for row in rows if row.strip()]) == 30


def test_in_english_weeks_begin_on_monday_and_the_month_may_be_of_either_calendar(inbox: Talk) -> None:
    rows = inbox("calendar", "show", "support", "--month", "2026-12").out.splitlines()
    assert rows[0] == "support · December 2026 · Asia/Tehran"
    assert rows[2].startswith("Tuesday 1 December")
    assert "1405-09-10" in rows[2]
    weeks = [row for row, before in zip(rows[3:], rows[2:], strict=False) if not before.strip()]
    assert all(row.startswith("Monday") for row in weeks)
    assert inbox("calendar", "show").out.splitlines()[0].startswith("support · November 2026")
    assert set(days(inbox, "--month", "۱۴۰۵/۹")) == {f"2026-11-{n}" for n in range(22, 31)} | {
        f"2026-12-{n:02}" for n in range(1, 22)
    }


def test_what_kind_of_day_it_is_stands_beside_it(inbox: Talk, site: Path) -> None:
    file = site / "rules" / "hours.toml"
    add(file, "holidays", '1405-09-20 = { name = "نیم‌روز", open = ["08:30-12:00"], estimated = true }')
    found = days(inbox, "--month", "1405-09")
    friday, thursday, half = found["2026-11-27"], found["2026-11-26"], found["2026-12-11"]
    assert (friday["kind"], friday["open"], friday["minutes"]) == ("closed", [], 0)
    assert (thursday["open"], thursday["minutes"]) == (["08:30-13:00"], 270)
    assert (half["kind"], half["name"], half["estimated"], half["minutes"]) == ("half_day", "نیم‌روز", True, 210)
    assert "date not certain" in inbox("calendar", "show", "--month", "1405-09").out


def test_a_day_is_closed_and_taken_back(inbox: Talk) -> None:
    done = inbox("calendar", "close", "1405-09-12", "--reason", "آلودگی هوا")
    assert (done.code, "Thursday 3 December 2026: آلودگی هوا" in plain(done.out)) == (0, True)
    closed = days(inbox, "--month", "1405-09")["2026-12-03"]
    assert (closed["kind"], closed["name"], closed["open"]) == ("closure", "آلودگی هوا", [])
    assert "آلودگی هوا" in inbox("calendar", "show", "--month", "1405-09").out
    assert days(inbox, "always", "--month", "1405-09")["2026-12-03"]["minutes"] == 1440
    inbox("calendar", "close", "1405-09-12", "--reason", "برف")
    assert days(inbox, "--month", "1405-09")["2026-12-03"]["name"] == "برف"
    assert inbox("calendar", "open", "2026-12-03").code == 0
    assert days(inbox, "--month", "1405-09")["2026-12-03"]["kind"] == "open"
    assert inbox("calendar", "close", "1405-09-12", "--reason", "again", "--hours", "support").code == 0
    assert days(inbox, "--month", "1405-09")["2026-12-03"]["name"] == "again"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("close", "soon", "--reason", "x"), "“soon” is no day"),
        (("close", "1409-09-12", "--reason", "x"), "more than 366 days away"),
        (("close", "1405-09-12", "--reason", " "), "Say why"),
        (
            ("close", "1405-09-12", "--reason", "x", "--hours", "nights"),
            "There are no hours “nights”. Known: always, support.",
        ),
        (("close", "1405-09-12", "--reason", "x", "--hours", "always"), "never close"),
        (("open", "1405-09-12"), "Nobody closed Thursday 3 December 2026."),
        (("show", "nights"), "There are no hours “nights”"),
        (("show", "--month", "1405-13"), "“1405-13” is no month"),
    ],
)
def test_what_cannot_be_is_told(inbox: Talk, words: tuple[str, ...], told: str) -> None:
    said = inbox("calendar", *words)
    assert said.code != 0
    assert told in said.err


def test_a_closure_of_the_file_is_taken_back_in_the_file_and_one_for_all_not_for_some(inbox: Talk, site: Path) -> None:
    inbox("calendar", "close", "1405-09-12", "--reason", "x")
    assert "closed for all hours" in inbox("calendar", "open", "1405-09-12", "--hours", "support").err
    inbox("calendar", "open", "1405-09-12")
    file = site / "rules" / "hours.toml"
    add(file, "closures", '1405-09-12 = "برف"')
    assert "closed by rules/hours.toml" in inbox("calendar", "open", "1405-09-12").err


def test_a_calendar_file_that_is_missing_broken_or_too_large_is_told_by_check(inbox: Talk, site: Path) -> None:
    file, days_file = site / "rules" / "hours.toml", site / "rules" / "days.ics"
    text = file.read_text("utf-8").replace('holidays_from = "IR"', 'holidays_from = "IR"\nicalendar = ["days.ics"]')
    file.write_text(text, "utf-8")
    assert "rules/days.ics" in inbox("check").out
    days_file.write_bytes(b"\xff\xfe")
    assert "rules/days.ics" in inbox("check").out
    days_file.write_text("BEGIN:VCALENDAR\n", "utf-8")
    assert "rules/days.ics cannot be read as an iCalendar file" in inbox("check").out
    days_file.write_text("X" * (256 * 1024 + 1), "utf-8")
    assert "rules/days.ics is larger than 256 KB" in inbox("check").out
    day = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261203\nSUMMARY:Our day\nEND:VEVENT\n"
    days_file.write_text(f"\ufeffBEGIN:VCALENDAR\nVERSION:2.0\n{day}END:VCALENDAR\n", "utf-8")
    assert inbox("check").code == 0
    assert days(inbox, "--month", "1405-09")["2026-12-03"]["name"] == "Our day"
