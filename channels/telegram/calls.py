"""One call of the Bot API as frozen bytes: a line of JSON that says everything, and behind it the files byte for byte."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inbox.domain.happenings import Attachment
from inbox.domain.outgoing import File
from inbox.domain.problems import Unreadable

KEY = "bot_call"
MARK = b'{"bot_call":'
"""How a frozen call begins, and no update does."""
FORMAT = 1
Plain = str | int | bool | Mapping[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent (`method`, `parameters`, `files`) and what only the house wants to know of it (`note`)."""

    method: str
    parameters: Mapping[str, Plain]
    note: Mapping[str, str]
    files: tuple[File, ...] = ()

    def frozen(self) -> bytes:
        """The bytes. The same call gives the same bytes."""
        told = [[one.filename, one.content_type, len(one.content)] for one in self.files]
        said = {KEY: FORMAT, "method": self.method, "parameters": self.parameters, "files": told, "note": self.note}
        line = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return b"\n".join((line.encode(), b"".join(one.content for one in self.files)))

    def attachments(self, body: bytes) -> tuple[Attachment, ...]:
        """The files as ranges of the frozen bytes."""
        at, found = body.index(b"\n") + 1, []
        for one in self.files:
            found.append(Attachment(one.filename, one.content_type, len(one.content), at, len(one.content)))
            at += len(one.content)
        return tuple(found)

    def changed(self, **parameters: Plain) -> "Call":
        """The call with other parameters."""
        return dataclasses.replace(self, parameters={**self.parameters, **parameters})


def thawed(body: bytes) -> Call:
    """The call of frozen bytes. Raises Unreadable."""
    line, _, content = body.partition(b"\n")
    try:
        said = json.loads(line)
        files, at = [], 0
        for name, kind, size in said["files"]:
            files.append(File(str(name), str(kind), content[at : at + size]))
            at += size
        call = Call(str(said["method"]), dict(said["parameters"]), dict(said["note"]), tuple(files))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise Unreadable("bot.unreadable", reason=type(error).__name__) from error
    if at != len(content):
        raise Unreadable("bot.unreadable", reason="length")
    return call
