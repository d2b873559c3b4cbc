"""Hours in which somebody wants something, as they typed it, in either language: "10-12", "tomorrow 9:30 to 11", «فردا ۱۰ تا ۱۲»."""

import re
from dataclasses import dataclass
from datetime import time

from inbox.text.fold import fold, latin_digits

_STRETCH = re.compile(
    r"^(?P<day>.*?)\s*(?:between |from |بین |از )?(?:ساعت )?(?P<a>\d{1,2})(?::(?P<am>\d{2}))?\s*"
    r"(?:-|–|to|until|till|and|تا|و|الی)\s*(?:ساعت )?(?P<b>\d{1,2})(?::(?P<bm>\d{2}))?$",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one time of the day to another; `day`: what was typed before it, empty: any day."""

    day: str
    start: time
    end: time


def stretch(typed: str) -> Stretch | None:
    """None for what is no stretch of a day."""
    found = _STRETCH.fullmatch(fold(latin_digits(typed)).strip())
    if found is None:
        return None
    start, end = _clock(found["a"], found["am"]), _clock(found["b"], found["bm"])
    if start is None or end is None or end <= start:
        return None
    return Stretch(found["day"].strip(), start, end)


def _clock(hour: str, minute: str | None) -> time | None:
    return time(int(hour), int(minute or 0)) if int(hour) < 24 and int(minute or 0) < 60 else None
