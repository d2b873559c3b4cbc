"""Forgetting a contact: told first what that would remove, then done in one unit, with a line in the audit log and one in each conversation.

Whoever was forgotten may write anew, and is somebody new then.
"""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.conversations import State
from inbox.domain.events import Actor, ContactChanged, StateSet
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.people import Contact
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import withdraw
from inbox.pipeline.turn import Turn
from inbox.store import audit, contact_merges, forgetting, people
from inbox.store.forgetting import Counted
from inbox.store.unit import Unit

STANDING = (State.OPEN, State.WAITING, State.SNOOZED)
TOLD = ("addresses", "conversations", "messages", "files", "originals", "notes", "kept", "drafts")
"""What of `Counted` is told to readers, in this order."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Whom it is about, and how much is or was there."""

    contact: Contact
    counted: Counted


def looked(unit: Unit, id: ContactId) -> Forgetting:
    """What would be removed. Raises Problem where there is nobody of that number."""
    if people.contact_by_number(unit, id) is None:
        raise Problem("contact.unknown", who=str(id)[:20])
    stands = contact_merges.stands(unit, id)
    return Forgetting(people.contact(unit, stands), forgetting.counted(unit, forgetting.theirs(unit, stands)))


def forget(unit: Unit, id: ContactId, actor: Actor, via: str, by: By, playbook: Playbook, now: datetime) -> Forgetting:
    """Remove what is personal. Raises Problem while deliveries to them are not settled: what is on its way cannot be taken out of it."""
    found = looked(unit, id)
    who, counted = found.contact, found.counted
    if counted.live:
        raise Problem("forget.under_way", count=counted.live, name=who.called)
    contact_merges.lock(unit, who.id)
    of = forgetting.theirs(unit, who.id)
    forgetting.forget(unit, of, now)
    for matter in of.conversations:
        _end(unit, ConversationId(matter), who, actor, via, playbook, now)
    detail = [f"{name} {getattr(counted, name)}" for name in TOLD]
    audit.record(unit, Act.CONTACT_FORGOTTEN, by, now, name=f"#{who.id}", detail=detail)
    return found


def _end(
    unit: Unit, id: ConversationId, who: Contact, actor: Actor, via: str, playbook: Playbook, now: datetime
) -> None:
    """Nobody waits there any more: what was open is done, what was promised is withdrawn."""
    turn = Turn.of(unit, id, via, playbook.terms, now)
    if turn.conversation.merged_into is not None:
        return
    turn.tell(ContactChanged("contact_changed", who.id, None, ("forgotten",)), actor)
    if turn.conversation.state in STANDING:
        turn.tell(StateSet("state_set", State.DONE.value), actor)
        withdraw(turn)
    turn.close()
