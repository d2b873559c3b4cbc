"""The filters of the templates: values put into the words of the language and the zone that the facts name."""

import re
from collections.abc import Callable, Mapping, Sized
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from jinja2.runtime import Context
from jinja2.utils import pass_context
from markupsafe import Markup, escape

from inbox.text import dates, titles
from inbox.text import money as amounts
from inbox.text.bidi import direction, direction_within, isolate, isolate_foreign
from inbox.text.cleaning import strip_controls
from inbox.text.fold import persian_digits
from inbox.text.handles import pieces
from inbox.text.subjects import reply_subject


@pass_context
def moment(context: Context, instant: datetime, year: bool = True) -> str:
    """«سه‌شنبه ۳ آذر ۱۴۰۵ ساعت ۱۰:۳۰» or "Tuesday 24 November 2026, 10:30"; `moment(year=false)` leaves the year out."""
    return dates.moment(instant, context["language"], context["zone"], year=year)


@pass_context
def day(context: Context, instant: datetime, year: bool = True) -> str:
    """«سه‌شنبه ۳ آذر ۱۴۰۵» or "Tuesday 24 November 2026"."""
    return dates.day(instant, context["language"], context["zone"], year=year)


@pass_context
def clock_time(context: Context, instant: datetime) -> str:
    """«۱۰:۳۰» or "10:30"."""
    return dates.clock_time(instant, context["language"], context["zone"])


@pass_context
def same_day(context: Context, instant: datetime, other: datetime) -> bool:
    """Whether both fall on one local day."""
    zone: ZoneInfo = context["zone"]
    return instant.astimezone(zone).date() == other.astimezone(zone).date()


@pass_context
def spoken(context: Context, zone: ZoneInfo) -> str:
    """A zone as people say it: «به وقت تهران» or "Tehran time"."""
    return dates.spoken_zone(zone, context["language"])


@pass_context
def digits(context: Context, value: object) -> str:
    """A number in the digits of the language; never for references, codes or addresses."""
    return persian_digits(str(value)) if context["language"] == "fa" else str(value)


@pass_context
def relative(context: Context, instant: datetime) -> str:
    """«۵ دقیقه پیش», "in 2 hours"; for pages only: customers are told absolute times."""
    return dates.relative(instant, context["now"], context["language"])


@pass_context
def duration(context: Context, seconds: float) -> str:
    """«۱ ساعت و ۲۰ دقیقه» or "1 h 20 m"."""
    return dates.duration(seconds, context["language"])


@pass_context
def number(context: Context, value: int | float | Decimal) -> str:
    """A number with its thousands parted: «۱٬۲۵۰» or "1,250"; never for references, codes or years."""
    return amounts.number(value, context["language"])


@pass_context
def money(context: Context, amount: int | float | Decimal | str, currency: str, toman: bool = False) -> str:
    """An amount: «۱٬۲۵۰٬۰۰۰ ریال», "€12.50"; `money("IRR", toman=true)` tells rials in tomans."""
    return amounts.money(amount, currency, context["language"], toman=toman)


@pass_context
def titled(context: Context, name: str, title: str = "") -> str:
    """A name with «خانم» or «آقای», "Ms" or "Mr" before it where that is known, and alone where it is not."""
    return titles.titled(name, title, context["language"])


@pass_context
def on_day(context: Context, on: date) -> str:
    """A date as numbers: «۱۴۰۵/۰۹/۰۳» or "2026-11-24"; for pages."""
    persian = context["language"] == "fa"
    shown = dates.day_table(on, jalali=persian)
    return persian_digits(shown.replace("-", "/")) if persian else shown


@pass_context
def other_calendar(context: Context, instant: datetime) -> str:
    """The moment in the same language by the other calendar: Gregorian in Persian, Jalali in English."""
    return dates.other_calendar(instant, context["language"], context["zone"])


@pass_context
def table(context: Context, instant: datetime) -> str:
    """Numbers only: «۱۴۰۵/۰۹/۰۳ ۱۰:۳۰» or "2026-11-24 10:30"."""
    return dates.table(instant, context["language"], context["zone"])


@pass_context
def both_calendars(context: Context, instant: datetime) -> str:
    """The moment in the calendar of the language and in the other one: for `title`."""
    return dates.both_calendars(instant, context["language"], context["zone"])


def default(value: object, otherwise: object) -> object:
    """`otherwise` where the value is empty."""
    return value or otherwise


def length(value: Sized) -> int:
    """How many, or how long."""
    return len(value)


@pass_context
def text_bdi(context: Context, value: str) -> str:
    """A value (a name, a reference, an address) that keeps its order inside the sentence; left bare where it does anyway."""
    return isolate_foreign(strip_controls(value), context["direction"])


def html_bdi(value: str) -> Markup:
    """The same for HTML."""
    return Markup("<bdi>{}</bdi>").format(strip_controls(value))


def quoted(text: str) -> str:
    """Every line behind a `> `, as mail programs quote."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


@pass_context
def paragraphs(context: Context, text: str) -> Markup:
    """Plain text as HTML: a `<p>` a paragraph, each in the direction in which it is read (`passages`)."""
    return Markup("\n").join(_paragraph(way, words) for way, words in passages(context, text))


def _paragraph(way: str, words: str) -> Markup:
    lines = Markup("<br>\n").join(escape(line) for line in words.split("\n"))
    return Markup('<p dir="{}" style="margin:0 0 1em;text-align:start">{}</p>').format(way, lines)


@pass_context
def passages(context: Context, text: str) -> list[tuple[str, str]]:
    """The paragraphs of a plain text, each with its direction; one that is of two minds runs as most of the text does, and a text
    without letters as the page."""
    parts = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    around = direction(text) if any(map(str.isalpha, text)) else context["direction"]
    return [(direction_within(part, around), part.strip("\n")) for part in parts if part.strip()]


def mentioning(words: str, names: Mapping[str, str]) -> Markup:
    """A note's words with each `@handle` of somebody set apart, and who that is. `names`: by folded handle."""
    return Markup().join(
        Markup('<b class="mention" title="{}"><bdi>{}</bdi></b>').format(names[handle], piece)
        if handle in names
        else piece
        for piece, handle in pieces(words)
    )


def parted(text: str) -> str:
    """A condition as rules are told, `field: one, another | field: third`, with each part in its own order: words of two
    directions beside one another would change places."""
    parts = re.split(r"(: |, | \| )", strip_controls(text))
    return "".join(isolate(part) if at % 2 == 0 else part for at, part in enumerate(parts))


def coded(text: str) -> Markup:
    """A sentence of the catalogue as HTML: what stands between backticks is something to type."""
    parts = text.split("`")
    return Markup().join(
        Markup('<code dir="ltr">{}</code>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


_BOTH: Mapping[str, Callable[..., Any]] = {
    "moment": moment,
    "day": day,
    "time": clock_time,
    "same_day": same_day,
    "other_calendar": other_calendar,
    "both_calendars": both_calendars,
    "duration": duration,
    "spoken": spoken,
    "digits": digits,
    "number": number,
    "money": money,
    "titled": titled,
    "default": default,
    "length": length,
    "re": reply_subject,
    "direction": direction,
}
TEXT: Mapping[str, Callable[..., Any]] = {**_BOTH, "bdi": text_bdi, "quoted": quoted}
HTML: Mapping[str, Callable[..., Any]] = {**_BOTH, "bdi": html_bdi, "paragraphs": paragraphs}
PAGES: Mapping[str, Callable[..., Any]] = {
    **HTML,
    "relative": relative,
    "table": table,
    "on_day": on_day,
    "passages": passages,
    "mentioning": mentioning,
    "coded": coded,
    "parted": parted,
}
