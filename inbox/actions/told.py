"""What is said of an act that was done, wherever it was done."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.actions.action import Done
from inbox.text.dates import moment
from inbox.text.wording import Wording


def told(done: Done, wording: Wording, language: str, zone: ZoneInfo) -> str:
    """The sentence about it."""
    return wording.say(language, done.key, **worded(done, wording, language, zone))


def worded(done: Done, wording: Wording, language: str, zone: ZoneInfo) -> dict[str, object]:
    """Its facts as people read them: states and priorities by their names, times in the reader's calendar."""
    return {name: fact(name, value, wording, language, zone) for name, value in done.facts.items()}


def fact(name: str, value: object, wording: Wording, language: str, zone: ZoneInfo) -> object:
    """One of them."""
    if name in ("by", "until"):
        return moment(datetime.fromisoformat(str(value)), language, zone)
    return wording.say(language, f"{name}.{value}") if name in ("state", "priority") else value
