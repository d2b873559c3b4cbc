"""What nobody fetched in time is gone, and nobody can get it back: all that can be done is to say so where people look.

The bookmark holds when the network was last heard. Where that is longer ago than the network keeps messages, the gap is an
arrival of its own; nothing can be made of it, so it lies in quarantine until a person has seen it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from inbox.domain.arrivals import Item
from inbox.domain.problems import Unreadable

GAP = "bot_gap"
BEAT = timedelta(minutes=10)
"""So often it is noted that the network was heard, though it had nothing to say."""


def gap(heard: datetime, now: datetime, kept_hours: int) -> Item | None:
    """The arrival that tells of a silence between these instants; None where the network kept all of it."""
    if now - heard <= timedelta(hours=kept_hours) + BEAT:
        return None
    said = {GAP: {"since": heard.isoformat(), "until": now.isoformat(), "hours": kept_hours}}
    return Item(f"gap-{heard.isoformat()}", json.dumps(said, separators=(",", ":")).encode())


def told(said: Mapping[str, Any]) -> Unreadable:
    """Such an arrival in words."""
    try:
        since, until = (datetime.fromisoformat(said[GAP][name]) for name in ("since", "until"))
        return Unreadable("bot.gap", since=_minute(since), until=_minute(until), hours=int(said[GAP]["hours"]))
    except (LookupError, TypeError, ValueError) as error:
        return Unreadable("bot.unreadable", reason=type(error).__name__)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
