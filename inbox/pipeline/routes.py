"""Routes: over which channels a contact can be reached, and why not over the others."""

from datetime import datetime

from inbox.domain.happenings import Address
from inbox.domain.ids import ThreadId
from inbox.domain.outgoing import Outgoing, Purpose
from inbox.domain.problems import Permanent
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import conversations
from inbox.store.unit import Unit


def carrier(playbook: Playbook, home: Speaker, kind: str = "") -> Speaker | None:
    """The mail channel (of that kind, where one is named) over which those can be reached who wrote on `home`: the one that
    it goes on by, else the only one of its brand, else the only one."""
    chosen = playbook.channels.get(home.continues_on) if home.continues_on else None
    if chosen is not None and kind in ("", chosen.kind):
        return chosen
    if not kind:
        return None
    able = [one for one in playbook.channels.values() if one.kind == kind and one.codec.traits.subject]
    same = [one for one in able if one.brand.key == home.brand.key]
    return next((only for (only,) in (found for found in (same, able) if len(found) == 1)), None)


def chat(unit: Unit, speaker: Speaker, address: str) -> ThreadId | None:
    """The container in which somebody speaks with us alone on a channel: it bears their address."""
    return conversations.thread_of(unit, speaker.name, address)


def canonical(speaker: Speaker, address: str, now: datetime) -> str | None:
    """The address as the network compares it; None for one that cannot exist there."""
    nothing = Outgoing(
        purpose=Purpose.NOTICE,
        token="a" * 26,
        sender=Address(speaker.address),
        to=(Address(address.strip()),),
        subject="",
        text=".",
        date=now,
        language="en",
        direction="ltr",
    )
    try:
        return speaker.codec.compose(nothing)[0].lane
    except Permanent:
        return None
