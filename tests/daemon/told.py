"""The time that an acknowledgement tells, read from its words as a customer reads them: in both calendars, without a year."""

import re
from calendar import day_name, month_name
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from tests.daemon.post import read, words

TEHRAN = ZoneInfo("Asia/Tehran")
ENGLISH_DAY = r"(?P<weekday>\w+day) (?P<day>\d+) (?P<month>\w+), "
PERSIAN_DAY = r"(?P<weekday>\S+) (?P<day>\d+) (?P<month>\S+) "
BY = {
    "en": re.compile(rf"\b[Bb]y (?:{ENGLISH_DAY})?(?P<time>\d\d:\d\d) \(Tehran time\)"),
    "fa": re.compile(rf"تا (?:{PERSIAN_DAY})?ساعت (?P<time>\d\d:\d\d) \(به وقت تهران\)"),
}
OPENS = {
    "en": re.compile(rf"start again {ENGLISH_DAY}(?P<time>\d\d:\d\d)"),
    "fa": re.compile(rf"ساعت کاری ما نیست(?:؛| و) {PERSIAN_DAY}از ساعت (?P<time>\d\d:\d\d)"),
}
MONTHS = {
    "en": list(month_name[1:]),
    "fa": ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"],
}
WEEKDAYS = {
    "en": list(day_name),
    "fa": ["دوشنبه", "سه\u200cشنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"],
}
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


def told(raw: bytes) -> tuple[str, datetime]:
    """Language and instant (UTC) of an acknowledgement. AssertionError where it names no time, or a weekday that is wrong."""
    mail = read(raw)
    language = str(mail["Content-Language"])
    text = words(mail).translate(DIGITS)
    found = BY[language].search(text)
    assert found, text
    opens = OPENS[language].search(text)
    on = _day(found if found["day"] else opens, language, mail["Date"].datetime.astimezone(TEHRAN).date(), text)
    hour, minute = map(int, found["time"].split(":"))
    return language, datetime.combine(on, time(hour, minute), TEHRAN).astimezone(UTC)


def _day(named: "re.Match[str] | None", language: str, written: date, words: str) -> date:
    """The named day that comes next, on or after the one on which it was written."""
    assert named, f"a time without a day: {words}"
    month = MONTHS[language].index(named["month"]) + 1
    ahead = (written + timedelta(days=n) for n in range(366))
    on = next(one for one in ahead if _parts(one, language) == (month, int(named["day"])))
    assert named["weekday"] == WEEKDAYS[language][on.weekday()], words
    return on


def _parts(on: date, language: str) -> tuple[int, int]:
    if language == "en":
        return on.month, on.day
    jalali = JalaliDate(on)
    return jalali.month, jalali.day
