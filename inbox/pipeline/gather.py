"""Gathering: networks deliver an album in pieces, each an arrival of its own; to people it is one message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.happenings import Fragment, Happening, InboundMessage
from inbox.store import fragments
from inbox.store.unit import Unit

QUIET = timedelta(seconds=1)
"""A whole of which nothing more has come for so long is whole."""
LONGEST = timedelta(seconds=10)
"""So long its first piece waits at the most."""
MOST = 10
"""Pieces of the largest whole that any network delivers."""
PIECE = Judged(Verdict.ACCEPTED, "piece")
"""It is kept, and will be part of the message that its first piece becomes."""


def gather(
    unit: Unit, arrival: Arrival, happenings: Sequence[Happening], now: datetime
) -> Sequence[Happening] | Judged | None:
    """What there is to receive. None: this is the first piece of something and waits for the rest, its arrival without a
    verdict; once it has waited, it stands for all of them. Old mail waits for nothing."""
    if len(happenings) != 1 or arrival.history:
        return happenings
    (piece,) = happenings
    if not isinstance(piece, Fragment) or any(file.length for file in piece.message.attachments):
        return happenings  # a file that stands in the raw of its own arrival cannot be part of another's message
    first = fragments.head(unit, arrival.channel, piece.group)
    if first is not None and first.arrival == arrival.id:
        return [joined(fragments.take(unit, arrival.channel, piece.group))]
    due = now + QUIET if first is None else None
    fragments.add(unit, arrival.id, arrival.channel, piece.group, piece.message, now, due)
    if first is None:
        return None
    if fragments.count(unit, arrival.channel, piece.group) >= MOST:
        fragments.whole(unit, first.arrival, now)
    else:
        fragments.wait_until(unit, first.arrival, min(now + QUIET, first.at + LONGEST))
    return PIECE


def joined(pieces: Sequence[InboundMessage]) -> InboundMessage:
    """One message of its pieces, each once: the words one under the other, all the files."""
    once = list({piece.fingerprint: piece for piece in pieces}.values())
    first = once[0]
    return replace(
        first,
        text="\n".join(piece.text for piece in once if piece.text),
        reply_text="\n".join(piece.reply_text for piece in once if piece.reply_text),
        language=next((piece.language for piece in once if piece.language), None),
        references=tuple(dict.fromkeys(key for piece in once for key in piece.references)),
        attachments=tuple(file for piece in once for file in piece.attachments),
        defects=tuple(dict.fromkeys(defect for piece in once for defect in piece.defects)),
        pieces=tuple(piece.key for piece in once[1:] if piece.key),
    )
