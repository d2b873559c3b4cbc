"""Where customers can choose to be answered, and what they choose."""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.ids import ContactId
from inbox.domain.people import Identity
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.routes import way_to
from inbox.store import answering, people
from inbox.store.unit import Unit

PORTAL = "portal"
"""The word for: there, and nowhere besides."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address of theirs that is proved. `open`: an answer reaches it now. `chosen`: it is where they want it."""

    identity: Identity
    open: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose: a word as `choose` takes it, empty for nothing; and what they can choose from."""

    word: str
    places: tuple[Place, ...]

    @property
    def shut(self) -> Identity | None:
        """The address that they chose, where it cannot be reached: answers go on as if they had said nothing."""
        return next((one.identity for one in self.places if one.chosen and not one.open), None)


def wanted(unit: Unit, who: ContactId, portal: Speaker, playbook: Playbook) -> Wanted:
    """What they chose, and what they can."""
    wish = answering.of(unit, who)
    chosen = None if wish is None else wish.identity
    ours = {one.kind for one in playbook.channels.values() if one.codec.traits.live}
    proved = [one for one in people.identities(unit, who) if one.verified_at is not None and one.kind not in ours]
    places = [Place(one, way_to(unit, one, portal, playbook) is not None, one.id == chosen) for one in proved]
    word = "" if wish is None else PORTAL if chosen is None else str(chosen)
    return Wanted(word, tuple(one for one in places if one.open or one.chosen))


def choose(unit: Unit, who: ContactId, word: str, portal: Speaker, playbook: Playbook, now: datetime) -> bool:
    """They want it there from now on: the number of an address, `portal`, or empty for where they write from. False for what
    they cannot choose."""
    if not word:
        answering.forget(unit, who)
        return True
    if word == PORTAL:
        answering.choose(unit, who, None, now)
        return True
    places = wanted(unit, who, portal, playbook).places
    there = next((one.identity for one in places if str(one.identity.id) == word and one.open), None)
    if there is not None:
        answering.choose(unit, who, there.id, now)
    return there is not None
