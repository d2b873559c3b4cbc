"""The widget's one script: its style sheet, its first words and its parts in one closure, without remarks and margins."""

import json
import re
from pathlib import Path

from inbox.ports.colours import accented
from inbox.ports.face import Front

PARTS = (
    "elements",
    "memory",
    "speech",
    "house",
    "live",
    "drawing",
    "lines",
    "sending",
    "writing",
    "leaving",
    "articles",
    "panel",
    "chat",
    "start",
)
"""The files of the folder in the order in which they stand in the script; the last one begins."""
FIRST = ("open", "unreached", "as_page")
"""What a page needs to say before the house has answered it, and where it never does."""
_REMARK = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)\n", re.DOTALL | re.MULTILINE)
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)


def script(folder: Path, front: Front, accent: str) -> bytes:
    """The script, from the files in that folder. Whole lines of remarks and the indentation are left out, nothing else."""
    style = _bare((folder / "style.css").read_text("utf-8")) + accented(":host", accent)
    first = {lang: {word: front.say(lang, f"webchat.word.{word}") for word in FIRST} for lang in front.languages}
    told = {"STYLE": style, "FIRST": first}
    head = "".join(f"const {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in told.items())
    parts = "".join(_bare((folder / f"{name}.js").read_text("utf-8")) for name in PARTS)
    return f"(() => {{\n'use strict';\n{head}{parts}}})();\n".encode()


def _bare(text: str) -> str:
    return _MARGIN.sub("", _REMARK.sub("", text)).lstrip("\n")
