"""The files of a call where the library looks for them: next to the parameters, never in them."""

import io
from collections.abc import Mapping
from typing import Any

from telegram import InputFile

from channels.telegram.calls import Call
from channels.telegram.files import ALBUM, DOCUMENT, KIND_OF


def uploaded(call: Call) -> Mapping[str, Any]:
    """The parameters with the files where the library looks for them."""
    said: dict[str, Any] = dict(call.parameters)
    if call.method in KIND_OF:
        said[KIND_OF[call.method]] = _input(call, 0)
    elif call.method == ALBUM:
        caption, kinds = said.pop("caption", ""), call.note.get("kinds", "").split() or [DOCUMENT] * len(call.files)
        media = [{"type": kind, "media": f"attach://file{n}"} for n, kind in enumerate(kinds)]
        said["media"] = [{**media[0], "caption": caption}, *media[1:]] if caption else media
        said |= {f"file{n}": _input(call, n) for n in range(len(call.files))}
    return said


def _input(call: Call, number: int) -> InputFile:
    file = call.files[number]
    return InputFile(io.BytesIO(file.content), filename=file.filename)
