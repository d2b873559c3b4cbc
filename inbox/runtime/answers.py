"""What a reader child answers: a frame of 4 bytes of length and that many, `=` and a JSON object or `!` and a problem."""

import json
import struct
from collections.abc import Mapping

from inbox.domain.problems import Unreadable

LENGTH = struct.Struct("!I")
CAP = 64 << 20
"""Bytes of one answer. A child that announces more is no reader any more."""
_DESCRIBED, _PROBLEM = b"=", b"!"


def described(found: Mapping[str, object]) -> bytes:
    """The frame of an object; its JSON has no line end in it."""
    return _framed(_DESCRIBED + json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))


def problem(why: Unreadable) -> bytes:
    """The frame of a problem: its key with its facts."""
    facts = {name: str(fact) for name, fact in why.facts.items()}
    return _framed(_PROBLEM + json.dumps({"key": why.key, "facts": facts}).encode())


def read(body: bytes) -> bytes | Unreadable | None:
    """What a frame says, the object still as JSON; None where it says nothing that a reader says."""
    if body.startswith(_DESCRIBED) and b"\n" not in body:
        return body[1:]
    if not body.startswith(_PROBLEM):
        return None
    try:
        told = json.loads(body[1:])
        return Unreadable(str(told["key"]), **{str(name): str(fact) for name, fact in told["facts"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _framed(body: bytes) -> bytes:
    return LENGTH.pack(len(body)) + body
