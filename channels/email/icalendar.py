"""Calendar data read as far as a person needs it (RFC 5545): lines unfolded, components told apart, values unescaped. Linear and bounded.

The older vCalendar 1.0 is read too: its values may be quoted-printable with a charset of their own.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email import charsets

LINES_CAP = 5_000
"""Lines of one calendar that are looked at; those of time zones and alarms count too."""
EVENTS_CAP = 20
_TEXT_CAP = 500_000
_VALUE_CAP = 20_000
_LINE_CAP = 60_000

_FOLD = re.compile(r"\r?\n[ \t]")
_HEAD = re.compile(
    r"([A-Za-z0-9-]{1,60})((?:;[A-Za-z0-9-]{1,60}(?:=(?:\"[^\"]*\"|[^\";:,]*)(?:,(?:\"[^\"]*\"|[^\";:,]*))*)?)*):"
)
_PARAMETER = re.compile(r";([A-Za-z0-9-]{1,60})=?(\"[^\"]*\"|[^\";:]*)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}
_KINDS = ("VEVENT", "VTODO", "VFREEBUSY", "VJOURNAL")


@dataclass(frozen=True, slots=True)
class Property:
    """One line: its parameters (names in capitals, values as told) and its value, still escaped."""

    value: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """The value of a text property (RFC 5545, 3.3.11)."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(slots=True)
class Event:
    """One event or task: its properties by name in capitals, each as often as it stands there."""

    kind: str
    properties: dict[str, list[Property]] = field(default_factory=dict)

    def first(self, name: str) -> Property | None:
        """The first property of a name."""
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        """The text of the first property of a name; empty where there is none."""
        found = self.first(name)
        return "" if found is None else found.text.strip()


@dataclass(frozen=True, slots=True)
class Calendar:
    """What one calendar object says: how it is meant (`REQUEST`, `CANCEL`, `REPLY` ...) and its events."""

    method: str
    events: tuple[Event, ...]


def calendar_of(text: str, method: str = "") -> Calendar | None:
    """The calendar in `text`, None where it is none; `method` is what the mail says where the calendar does not."""
    if "BEGIN:VCALENDAR" not in text[:2_000].upper():
        return None
    events: list[Event] = []
    within: list[str] = []
    for name, one in _properties(text):
        if name == "BEGIN":
            within.append(one.value.strip().upper())
            if within[-1] in _KINDS:
                if len(events) == EVENTS_CAP:
                    break
                events.append(Event(within[-1]))
        elif name == "END":
            if one.value.strip().upper() in within:
                del within[len(within) - 1 - within[::-1].index(one.value.strip().upper()) :]
        elif within and within[-1] in _KINDS:
            events[-1].properties.setdefault(name, []).append(one)
        elif name == "METHOD" and len(within) < 2:
            method = one.value
    return Calendar(method.strip().upper(), tuple(events))


def _properties(text: str) -> Iterator[tuple[str, Property]]:
    lines = iter(_FOLD.sub("", text[:_TEXT_CAP]).split("\n")[:LINES_CAP])
    for line in lines:
        head = _HEAD.match(line := line[:_LINE_CAP].rstrip("\r"))
        if head is None:
            continue
        told = {name.upper(): _parameter(value) for name, value in _PARAMETER.findall(head[2])}
        value = line[head.end() :]
        if told.get("ENCODING", "").upper() == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in told:
            value = _quoted_printable(value, lines, told.get("CHARSET", ""))
        yield head[1].upper(), Property(value[:_VALUE_CAP], told)


def _parameter(value: str) -> str:
    """A parameter's value without its quotes, and with its carets undone (RFC 6868)."""
    return _CARET.sub(lambda found: _CARETS[found[1]], value.strip('"'))


def _quoted_printable(value: str, lines: Iterator[str], charset: str) -> str:
    """The value with the lines that it goes on over: each but the last ends in an equals sign."""
    told = [value]
    while told[-1].endswith("="):
        told.append(next(lines, "").rstrip("\r"))
    raw = binascii.a2b_qp("\n".join(told).encode("utf-8", "replace"))
    return charsets.decode(raw, charset)[0].replace("\r\n", "\n").replace("\n", "\\n")
