"""An edit: the sender changed what they wrote. The message stays as it came; the new words stand beside it."""

from datetime import datetime

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.events import Actor, Edited
from inbox.domain.happenings import Edit, InboundMessage
from inbox.domain.messages import Message
from inbox.pipeline.assets_named import name_in_words
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import edits, messages
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt


def edit(
    unit: Unit, arrival: Arrival, said: Edit, speaker: Speaker, playbook: Playbook, now: datetime
) -> Judged | InboundMessage:
    """Keep the new words, and tell the conversation. No rule runs, no clock starts and nothing is said: it was answered,
    or waits, as the message that it is. An edit of a message that never reached us is that message: what to receive."""
    known = messages.look_up(unit, speaker.kind, (said.key,)) if said.key else []
    if not known:
        return anew(said) if said.text.strip() else Judged(Verdict.IGNORED, "ignored.edit_of_nothing")
    found = [
        one
        for k in known
        if not k.ours and (one := messages.one(unit, k.message)).sender.address == said.sender.address
    ]
    if not found:
        return Judged(Verdict.IGNORED, "ignored.edit_by_another")
    message = edits.standing(unit, found[0])
    if message.text == said.text or messages.seen(unit, speaker.name, said.fingerprint) == message.id:
        return Judged(Verdict.DUPLICATE, "duplicate.edit")
    happened = arrival.happened(now)
    if not edits.add(unit, message.id, arrival.id, said.fingerprint, said.text, said.edited_at, happened):
        return Judged(Verdict.DUPLICATE, "duplicate.edit")
    _tell(unit, arrival, said, message, speaker, playbook, happened)
    return Judged(Verdict.ACCEPTED, "edit")


def _tell(
    unit: Unit, arrival: Arrival, said: Edit, before: Message, speaker: Speaker, playbook: Playbook, now: datetime
) -> None:
    turn = Turn.of(unit, before.conversation, speaker.name, playbook.terms, now)
    listed = turn.conversation.excerpt == excerpt(before.reply_text or before.text, LISTED)
    told = Edited("edited", before.id, excerpt(said.text, LISTED), said.edited_at, listed, arrival.history)
    actor = Actor("contact", before.contact, said.sender.name or before.sender.name)
    turn.tell(told, actor)
    if not arrival.history:
        name_in_words(turn, said.text, before.id, actor)
        react(turn, playbook)
    turn.close()


def anew(said: Edit) -> InboundMessage:
    """The message that an edit speaks of, as far as the edit tells of it."""
    return InboundMessage(
        "message",
        said.key,
        said.fingerprint,
        said.sender,
        text=said.text,
        reply_text=said.text,
        sent_at=said.edited_at,
        thread=said.thread,
        defects=("edited",),
    )
