"""What was heard in a conversation besides its words: its telephone calls, how the latest message sounds, and who was asked for courtesy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inbox.domain.ids import MessageId
from inbox.domain.phone_calls import PhoneCall
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.telephones import phones
from inbox.store import phone_calls, tones, views
from inbox.store import warnings as asked
from inbox.store.unit import Unit
from inbox.store.warnings import Warning


@dataclass(frozen=True, slots=True)
class Heard:
    """For whoever may read notes. `calls`: by message; `phones`: whether calls can be logged at all."""

    calls: Mapping[MessageId, PhoneCall]
    tones: Sequence[tuple[str, Sequence[str], MessageId]] = ()
    warnings: Sequence[Warning] = ()
    phones: bool = False

    @property
    def abusive(self) -> bool:
        """Whether there are words that somebody may want to answer with a request for courtesy."""
        return any(tone == "abusive" for tone, _, _ in self.tones)


def heard(unit: Unit, shown: views.Shown, book: Playbook | None) -> Heard:
    """Of the messages that are shown."""
    matter = shown.conversation
    return Heard(
        phone_calls.of_messages(unit, [one.message.id for one in shown.messages]),
        tones.of(unit, matter.id),
        asked.of_contact(unit, matter.contact),
        book is not None and bool(phones(book)),
    )
