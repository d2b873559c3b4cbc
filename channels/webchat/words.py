"""The words of the widget: what its parts name `words.…`, told in the language of the page when it says hello."""

from collections.abc import Mapping

from inbox.ports.face import Front

PREFIX = "webchat.word."
NAMES = (
    "address",
    "address_why",
    "again",
    "answers",
    "attach",
    "because",
    "broken",
    "by_mail",
    "change",
    "choices",
    "close",
    "close_anyway",
    "code",
    "code_title",
    "code_why",
    "confirm",
    "download",
    "empty_file",
    "file",
    "file_gone",
    "files",
    "good",
    "kilobytes",
    "leaving",
    "limits",
    "lines",
    "megabytes",
    "newer",
    "no_answer",
    "no_files",
    "not_now",
    "nothing_sent",
    "open",
    "other_address",
    "remove",
    "send",
    "send_code",
    "sending",
    "sent",
    "settled",
    "settled_why",
    "suggested",
    "too_large",
    "too_many",
    "transcript",
    "transcript_sent",
    "unkept",
    "unread",
    "waiting",
    "write",
    "you",
)


def words(front: Front, language: str) -> Mapping[str, str]:
    """Each name with its sentence. Places such as `{name}` are left to the widget, which sets values apart from their direction."""
    return {name: front.say(language, PREFIX + name) for name in NAMES}
