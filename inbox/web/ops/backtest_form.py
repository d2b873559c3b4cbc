"""The form of a backtest: what stands in it, and the question that it makes."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from datetime import time as midnight
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.pipeline.backtested import Asked, Which
from inbox.store.decisions import Window
from inbox.text import dates

PERIODS = ("7", "30", "90", "days")
"""Days until now, or from one day to another."""
USUAL = {
    "period": "30",
    "which": "live",
    **dict.fromkeys(("since", "until", "channel", "revision", "name", "text"), ""),
}
DRAFT = 50_000
"""Characters of a draft."""
MOST = 640 * 1024
"""Bytes of the form: the longest draft in Persian, as browsers write it."""
NAME = 80
LINE_ENDS = ("\r\n", "\r")

_WHICH: tuple[Which, ...] = ("live", "files", "revision", "draft")


def asked(sent: Mapping[str, str], channels: Collection[str], now: datetime, zone: ZoneInfo) -> Asked:
    """The question that was typed. Raises Problem, in words about what has to be mended."""
    channel = sent.get("channel", "")
    if channel and channel not in channels:
        raise Problem("cli.rules.unknown_channel", name=channel, known=", ".join(channels) or "-")
    window = Window(*_period(sent, now, zone), channel)
    which: Which = next((one for one in _WHICH if one == sent.get("which")), "live")
    if which == "revision":
        return Asked(window, which, revision=_known(sent.get("revision", "")))
    if which == "draft":
        return Asked(window, which, name=_name(sent.get("name", "")), text=_text(sent.get("text", "")))
    return Asked(window, which)


def _period(sent: Mapping[str, str], now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From an instant until another; the last day is within it, and the future never."""
    period = sent.get("period", "")
    if period in PERIODS[:-1]:
        return now - timedelta(days=int(period)), now
    first, last = (_day(sent.get(name, "")) for name in ("since", "until"))
    since, until = (datetime.combine(day, midnight(tzinfo=zone)) for day in (first, last + timedelta(days=1)))
    if since >= until or since >= now:
        raise Problem("web.backtest.no_period", since=sent.get("since", ""), until=sent.get("until", ""))
    return since, min(until, now)


def _day(typed: str) -> date:
    day = dates.parse_day(typed[:40])
    if day is None or not 1970 <= day.year < 9999:
        raise Problem("web.backtest.no_day", value=typed[:40])
    return day


def _known(revision: str) -> str:
    if not revision:
        raise Problem("web.backtest.no_revision")
    return revision[:64]


def _name(typed: str) -> str:
    """With the ending that people leave out."""
    name = typed.strip()[:NAME]
    return name if name.endswith(".toml") or not name else f"{name}.toml"


def _text(typed: str) -> str:
    """With the ends of lines that files have; forms send others."""
    for end in LINE_ENDS:
        typed = typed.replace(end, "\n")
    if len(typed) > DRAFT:
        raise Problem("web.backtest.too_long", most=DRAFT)
    return typed
