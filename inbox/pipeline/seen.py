"""Somebody has seen what was said to them on our own pages: its copies have nothing left to say."""

from datetime import datetime

from inbox.domain.ids import MessageId
from inbox.pipeline.playbook import Speaker
from inbox.store import copies
from inbox.store.unit import Unit


def seen(unit: Unit, speaker: Speaker, who: str, upto: MessageId, now: datetime) -> int:
    """How far `who` has seen their thread goes forward only, and never beyond what was said in it. How many copies were
    dropped; no event tells of them, for nothing was lost."""
    found = copies.see(unit, speaker.name, who, upto)
    return 0 if found is None else copies.drop(unit, *found, now)
