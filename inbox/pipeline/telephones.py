"""Telephone numbers of contacts: addresses where a channel takes calls, so that whoever calls is known; else a field, where there is one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from inbox.domain.fields import TELEPHONES, Field
from inbox.domain.ids import ContactId
from inbox.domain.problems import Problem
from inbox.pipeline.known_fields import Pairs, merged
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.ports.calls import Numbering
from inbox.store import people
from inbox.store.unit import Unit


def phones(playbook: Playbook) -> tuple[Speaker, ...]:
    """The channels on which there are calls."""
    return tuple(one for one in playbook.channels.values() if one.codec.traits.calls)


def field_of(fields: Sequence[Field]) -> str:
    """The name of the field that holds a telephone number; empty where the config declares none."""
    declared = {field.name for field in fields}
    return next((name for name in TELEPHONES if name in declared), "")


def numbers(typed: Iterable[str], playbook: Playbook) -> tuple[tuple[str, str], ...]:
    """Kind and number as the network compares it, each once; what is no number, or no channel takes calls, is left out."""
    if not (able := phones(playbook)):
        return ()
    codec = able[0].codec
    assert isinstance(codec, Numbering)
    found = (codec.number(one) for one in typed)
    return tuple((able[0].kind, number) for number in dict.fromkeys(found) if number)


def noted(known: Pairs, typed: str, fields: Sequence[Field]) -> Pairs:
    """A contact's fields with a number in the one for it, where that is empty and takes what was typed."""
    name = field_of(fields)
    if not name or not typed.strip() or dict(known).get(name):
        return known
    try:
        return merged(known, {name: typed}, fields)
    except Problem:
        return known


def claim(unit: Unit, id: ContactId, typed: Iterable[str], name: str, playbook: Playbook, now: datetime) -> bool:
    """A contact has these numbers, where they are nobody's: a company's switchboard is on many cards. Whether any was new."""
    fresh = [one for one in numbers(typed, playbook) if people.known(unit, *one) is None]
    for kind, number in fresh:
        people.claim(unit, id, kind, number, name, now)
    return bool(fresh)
