"""Old numbers: a subject that names a matter by the number that it had at another help desk leads to it, for who takes part in it."""

import re
from collections.abc import Sequence

from inbox.domain.happenings import InboundMessage
from inbox.domain.people import Identity
from inbox.pipeline.playbook import Speaker
from inbox.store import taken_over
from inbox.store.messages import Known
from inbox.store.unit import Unit
from inbox.text.fold import latin_digits

_NUMBER = re.compile(r"\[[^\[\]#0-9]{0,30}#\s?([0-9]{1,18})\]")
_MOST = 3


def by_old_number(
    unit: Unit, said: InboundMessage, found: Sequence[Known], speaker: Speaker, sender: Identity | None
) -> Sequence[Known]:
    """What it refers to: `found` where that is anything, else what its subject names as `[#1234]` or `[Ticket#1234]`.

    A number is no secret and proves nothing: it leads only where the sender takes part already, as a reference does.
    """
    if found or said.tokens or sender is None:
        return found
    numbers = list(dict.fromkeys(_NUMBER.findall(latin_digits(said.subject))))[:_MOST]
    return taken_over.numbered(unit, speaker.kind, numbers, sender.id) if numbers else found
