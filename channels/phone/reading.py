"""What a telephone system calls things, in house terms: which way a call went, what became of it, with whom, and how long."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from channels.phone.options import PhoneOptions
from inbox.domain.phone_calls import CallOutcome, PhoneCall, Way
from inbox.text.fold import latin_digits, squeeze
from inbox.text.numbers import address, is_short

LONGEST = 10_000
"""Characters of what a machine heard."""
LONGEST_CALL = 24 * 3600

_OUTCOMES = {
    CallOutcome.ANSWERED: "answered answer ok completed connected پاسخ‌داده‌شده پاسخ‌داده",
    CallOutcome.MISSED: "missed noanswer unanswered abandoned cancel cancelled canceled failed congestion chanunavail rejected "
    "timeout بی‌پاسخ بدون‌پاسخ ازدست‌رفته",
    CallOutcome.BUSY: "busy اشغال مشغول",
    CallOutcome.VOICEMAIL: "voicemail vm message پیام‌صوتی صندوق‌صوتی",
}
OUTCOMES = {squeeze(word): name for name, words in _OUTCOMES.items() for word in words.split()}
_WAYS: Mapping[str, Way] = {
    **dict.fromkeys(("in", "inbound", "incoming", "from-trunk", "ورودی"), "in"),
    **dict.fromkeys(("out", "outbound", "outgoing", "خروجی"), "out"),
}
_CALLER_ID = re.compile(r'\s*"?([^"<]*?)"?\s*<([^<>]*)>\s*')
_NOT_LETTERS = re.compile(r"[\s_\-]+")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")


class NoCall(Exception):
    """It does not say enough to be a call: `key` and the field that lacks or cannot be read."""

    def __init__(self, key: str, field: str) -> None:
        super().__init__(key)
        self.key = key
        self.field = field


@dataclass(frozen=True, slots=True)
class Told:
    """A call, the caller's name as the network shows it, and what a machine heard of the recording."""

    call: PhoneCall
    name: str = ""
    words: str = ""


def call_of(values: Mapping[str, str], options: PhoneOptions) -> Told:
    """The call that is told of. Raises NoCall."""

    def field(name: str) -> str:
        return values.get(options.names.get(name, name), "").strip()

    id = field("id")
    if not id:
        raise NoCall("phone.no_id", options.names.get("id", "id"))
    names, caller = _named(field("caller"))
    _, called = _named(field("called"))
    way = _way(field("direction"), caller, called, options)
    theirs, ours = (caller, called) if way == "in" else (called, caller)
    outcome, seconds = _outcome(field("outcome"), options), _seconds(field("seconds"))
    extension = field("agent") or ours
    number = address(theirs, options.country)
    if not number and way == "out":
        raise NoCall("phone.no_number", options.names.get("called", "called"))
    call = PhoneCall(
        way, outcome, number, id[:200], _moment(field("started_at"), options), seconds, _agent(extension, options)
    )
    return Told(call, field("name")[:200] or (names if way == "in" else ""), field("text")[:LONGEST])


def _named(told: str) -> tuple[str, str]:
    """`"Sara" <0912...>` as a name and a number."""
    found = _CALLER_ID.fullmatch(told)
    return (found[1].strip(), found[2].strip()) if found else ("", told)


def _way(told: str, caller: str, called: str, options: PhoneOptions) -> Way:
    """As it is told; else whoever has one of our extensions is one of us, and then whoever has a short number."""
    known = _WAYS.get(told.strip().lower())
    if known is not None:
        return known
    if latin_digits(caller) in options.agents:
        return "out"
    if latin_digits(called) in options.agents:
        return "in"
    return "out" if is_short(caller) and not is_short(called) else "in"


def _outcome(told: str, options: PhoneOptions) -> CallOutcome:
    found = OUTCOMES.get(_NOT_LETTERS.sub("", squeeze(told)))
    if found is None:
        raise NoCall("phone.no_outcome", options.names.get("outcome", "outcome"))
    return found


def _seconds(told: str) -> int | None:
    """Of a number of seconds, or a time such as `01:23` or `0:01:23`; what is neither says nothing."""
    plain = latin_digits(told.strip())
    clock = _CLOCK.fullmatch(plain)
    if clock is not None:
        return min(int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]), LONGEST_CALL)
    try:
        return max(0, min(int(float(plain)), LONGEST_CALL)) if plain else None
    except (ValueError, OverflowError):
        return None


def _moment(told: str, options: PhoneOptions) -> datetime | None:
    """ISO 8601 or seconds since 1970 (with parts of them, as Asterisk has); a time without a zone is of the channel's."""
    plain = latin_digits(told.strip())
    try:
        if re.fullmatch(r"\d{9,11}(\.\d+)?", plain):
            return datetime.fromtimestamp(float(plain), UTC)
        at = datetime.fromisoformat(plain.replace("/", "-")) if plain else None
    except (ValueError, OverflowError):
        return None
    if at is None:
        return None
    return (at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(options.zone))).astimezone(UTC)


def _agent(extension: str, options: PhoneOptions) -> str:
    """The handle of whoever has the extension, or a handle as it is told."""
    return options.agents.get(latin_digits(extension).strip(), "")
