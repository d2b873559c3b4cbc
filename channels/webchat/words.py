"""Every word that the widget shows: sentences of the catalogue, told to the browser when it says hello."""

from channels.webchat.options import WebchatOptions
from channels.webchat.reading import megabytes
from inbox.ports.face import Front

PREFIX = "webchat."
PLAIN = (
    "address",
    "address_why",
    "again",
    "attach",
    "broken",
    "by_mail",
    "choices",
    "close",
    "close_anyway",
    "code",
    "code_title",
    "confirm",
    "download",
    "failed",
    "file",
    "file_gone",
    "files",
    "good",
    "kilobytes",
    "leaving",
    "lines",
    "megabytes",
    "newer",
    "no_answer",
    "not_now",
    "open",
    "other_address",
    "remove",
    "send",
    "send_code",
    "sending",
    "sent",
    "settled",
    "transcript",
    "transcript_sent",
    "unkept",
    "waiting",
    "write",
    "you",
)
PLACES = {
    "code_why": "address",
    "empty_file": "name",
    "settled_why": "address",
    "too_large_file": "name",
    "too_large_together": "name",
    "too_many": "name",
    "unread": "n",
}
"""Sentences with a place that the widget fills itself: `{name}` stays in them as it is."""


def words(front: Front, options: WebchatOptions, language: str) -> dict[str, str]:
    """The words by their keys less the prefix."""
    said = {name: front.say(language, PREFIX + name) for name in PLAIN}
    placed = {name: front.say(language, PREFIX + name, **{place: f"{{{place}}}"}) for name, place in PLACES.items()}
    size = megabytes(options.file_bytes)
    return {**said, **placed, "limits": front.say(language, "webchat.limits", files=options.files, size=size)}
