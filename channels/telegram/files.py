"""How files go out: as what they are where the network has a method for it, and together where it takes them together."""

from collections.abc import Sequence

from channels.telegram.calls import Call
from channels.telegram.dialect import Dialect
from inbox.domain.outgoing import File
from inbox.domain.problems import Permanent

DOCUMENT, PHOTO, VIDEO, VOICE, AUDIO = "document", "photo", "video", "voice", "audio"
METHODS = {
    DOCUMENT: "sendDocument",
    PHOTO: "sendPhoto",
    VIDEO: "sendVideo",
    VOICE: "sendVoice",
    AUDIO: "sendAudio",
}
ALBUM = "sendMediaGroup"
KIND_OF = {method: kind for kind, method in METHODS.items()}
_TYPES = {
    "image/jpeg": PHOTO,
    "image/png": PHOTO,
    "video/mp4": VIDEO,
    "audio/ogg": VOICE,
    "audio/mpeg": AUDIO,
    "audio/mp4": AUDIO,
    "audio/x-m4a": AUDIO,
}
_TOGETHER = {PHOTO: "pictures", VIDEO: "pictures", DOCUMENT: "documents", AUDIO: "sounds"}
"""What may share an album; a voice stands alone."""


def albums(files: Sequence[File], dialect: Dialect) -> list[Call]:
    """The files in their order, in as few calls as carry them. Raises Permanent where one is too large for any."""
    groups: list[list[File]] = []
    for file in files:
        if len(file.content) > dialect.upload:
            raise Permanent("bot.file_too_big", filename=file.filename, limit=dialect.upload)
        if groups and _joins(groups[-1], file, dialect):
            groups[-1].append(file)
        else:
            groups.append([file])
    return [_call(tuple(group), dialect) for group in groups]


def _kind(file: File, dialect: Dialect) -> str:
    kind = _TYPES.get(file.content_type.partition(";")[0].strip().lower(), DOCUMENT)
    if kind not in dialect.media or (kind == PHOTO and len(file.content) > dialect.photo):
        return DOCUMENT
    return kind


def _joins(group: list[File], file: File, dialect: Dialect) -> bool:
    mine, theirs = (_TOGETHER.get(_kind(one, dialect)) for one in (file, group[-1]))
    fits = len(file.content) + sum(len(one.content) for one in group) <= dialect.upload
    return mine is not None and mine == theirs and len(group) < dialect.album and fits


def _call(group: tuple[File, ...], dialect: Dialect) -> Call:
    kinds = [_kind(file, dialect) for file in group]
    if len(group) == 1:
        return Call(METHODS[kinds[0]], {}, {}, group)
    return Call(ALBUM, {}, {"kinds": " ".join(kinds)}, group)


def as_documents(call: Call) -> Call | None:
    """The call with its files as plain documents, which no network looks into; None where they are that already."""
    if call.method == ALBUM and set(call.note.get("kinds", DOCUMENT).split()) != {DOCUMENT}:
        return Call(ALBUM, call.parameters, {**call.note, "kinds": " ".join([DOCUMENT] * len(call.files))}, call.files)
    if call.method in KIND_OF and call.method != METHODS[DOCUMENT]:
        return Call(METHODS[DOCUMENT], call.parameters, call.note, call.files)
    return None
