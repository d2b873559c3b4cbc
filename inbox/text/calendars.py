"""The words that times need in each language: weekdays, the months of both calendars, units, and how they are put together."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language writes times. Weekdays begin with Monday, months with the first; patterns take named parts."""

    jalali: bool  # whether its own calendar is the Jalali one
    week_starts: int  # the weekday with which a week begins where it is printed, 0 for Monday
    weekdays: tuple[str, ...]
    gregorian_months: tuple[str, ...]
    jalali_months: tuple[str, ...]
    day: str
    moment: str
    table_day: str
    zone: str
    utc: str
    now: str
    past: str
    future: str
    joint: str  # between the two parts of a duration
    units: Mapping[str, str]  # in durations
    spans: Mapping[str, tuple[str, str]]  # in relative times: one, many


ENGLISH = Tongue(
    jalali=False,
    week_starts=0,
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    gregorian_months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    jalali_months=(
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ),
    day="{weekday} {day} {month}{year}",
    moment="{day}, {time}",
    table_day="{year:04}-{month:02}-{day:02}",
    zone="{city} time",
    utc="UTC",
    now="just now",
    past="{span} ago",
    future="in {span}",
    joint=" ",
    units={"day": "{n} d", "hour": "{n} h", "minute": "{n} m", "second": "{n} s"},
    spans={
        "year": ("{n} year", "{n} years"),
        "month": ("{n} month", "{n} months"),
        "day": ("{n} day", "{n} days"),
        "hour": ("{n} hour", "{n} hours"),
        "minute": ("{n} minute", "{n} minutes"),
    },
)

PERSIAN = Tongue(
    jalali=True,
    week_starts=5,
    weekdays=("دوشنبه", "سه\u200cشنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    gregorian_months=(
        "ژانویه",
        "فوریه",
        "مارس",
        "آوریل",
        "مه",
        "ژوئن",
        "ژوئیه",
        "اوت",
        "سپتامبر",
        "اکتبر",
        "نوامبر",
        "دسامبر",
    ),
    jalali_months=(
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ),
    day="{weekday} {day} {month}{year}",
    moment="{day} ساعت {time}",
    table_day="{year:04}/{month:02}/{day:02}",
    zone="به وقت {city}",
    utc="به وقت جهانی",
    now="همین حالا",
    past="{span} پیش",
    future="{span} دیگر",
    joint=" و ",
    units={"day": "{n} روز", "hour": "{n} ساعت", "minute": "{n} دقیقه", "second": "{n} ثانیه"},
    spans={
        "year": ("{n} سال", "{n} سال"),
        "month": ("{n} ماه", "{n} ماه"),
        "day": ("{n} روز", "{n} روز"),
        "hour": ("{n} ساعت", "{n} ساعت"),
        "minute": ("{n} دقیقه", "{n} دقیقه"),
    },
)


def tongue(language: str) -> Tongue:
    """The words of a language tag ("fa", "fa-IR", "en"); English where we do not speak it."""
    return PERSIAN if language.lower().replace("_", "-").split("-")[0] == "fa" else ENGLISH
