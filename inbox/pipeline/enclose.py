"""Enclosing: the files that came with a message, read back so that they can be passed on."""

from collections.abc import Sequence

from inbox.domain.arrivals import Arrival
from inbox.domain.happenings import Attachment
from inbox.domain.ids import MessageId
from inbox.domain.messages import Message, StoredAttachment
from inbox.domain.outgoing import File
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.reply import Refused
from inbox.store import deliveries, messages
from inbox.store.exported import bytes_of
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename


def enclosed(unit: Unit, said: Sequence[Message], playbook: Playbook) -> tuple[File, ...]:
    """The files of these messages in their order. One that is not here yet, or was never to be had, is Refused by its name."""
    by_id = {one.id: one for one in said}
    return tuple(_file(unit, by_id[one.message], one, playbook) for one in messages.attachments(unit, list(by_id)))


def brought(
    unit: Unit, arrival: Arrival, files: Sequence[Attachment], speaker: Speaker, playbook: Playbook
) -> tuple[File, ...]:
    """The files that an arrival brings, before anything is made of it. Raises Refused as `enclosed` does."""
    if not files:
        return ()
    whole = bytes_of(unit, arrival.id)
    raw = whole.raw if whole.raw is not None else _blob(whole.blob, playbook)
    if raw is None or any(one.state != "here" for one in files):
        raise Refused("pass_on.no_file", name=safe_filename(next(one.filename for one in files)))
    read = speaker.codec.attachment
    return tuple(
        File(safe_filename(one.filename), one.content_type, read(raw, one.start, one.length, one.encoding))
        for one in files
    )


def _file(unit: Unit, said: Message, stored: StoredAttachment, playbook: Playbook) -> File:
    name = safe_filename(stored.file.filename)
    speaker = playbook.channels.get(said.channel) if said.channel else None
    raw = _blob(stored.blob, playbook) if stored.blob else _raw(unit, said, playbook)
    if stored.file.state != "here" or raw is None or speaker is None:
        raise Refused("pass_on.no_file", name=name)
    if stored.blob:
        return File(name, stored.file.content_type, raw)
    place = stored.file
    return File(name, place.content_type, speaker.codec.attachment(raw, place.start, place.length, place.encoding))


def _raw(unit: Unit, said: Message, playbook: Playbook) -> bytes | None:
    """The bytes in which its files lie: as they arrived, or as they went out."""
    if said.arrival is None:
        return _sent(unit, said.id)
    whole = bytes_of(unit, said.arrival)
    return whole.raw if whole.raw is not None else _blob(whole.blob, playbook)


def _sent(unit: Unit, id: MessageId) -> bytes | None:
    return next((d.part.body for d in deliveries.of_messages(unit, [id]) if d.part.number == 0), None)


def _blob(digest: str | None, playbook: Playbook) -> bytes | None:
    if digest is None or playbook.blobs is None:
        return None
    try:
        return playbook.blobs.read(digest)
    except OSError:
        return None
