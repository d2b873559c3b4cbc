"""The log: what others wrote stands in it as one line, moves no cursor, and no secret of a library's text comes through."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from inbox.runtime.logs import configure, drain, log

EVIL = "sara\n2026-11-26T00:00:00Z [info     ] taken   room=lease\r\x1b[2J\x1b]0;x\x07\u2028 \u202etxt\x85 \x9b1m"
"""A line of the log's own kind, a screen that is wiped, a title, ends of lines of every kind, and text turned around."""
MOVING = {chr(one) for one in (*range(32), *range(0x7F, 0xA0))} | set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**kept)
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("style", ["human", "json"])
def test_s33_what_others_wrote_is_one_line_and_moves_no_cursor(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure(style, "debug")  # type: ignore[arg-type]  # either
    log("web").info("asked", path=EVIL, many=[EVIL, EVIL])
    log("web").warning(EVIL, name=EVIL)
    logging.getLogger("uvicorn.error").warning("Invalid request from %s", EVIL)
    drain()
    lines = capsys.readouterr().err.removesuffix("\n").split("\n")
    assert len(lines) == 3
    assert [hex(ord(letter)) for line in lines for letter in line if letter in MOVING] == []
    if style == "json":
        assert json.loads(lines[0])["path"] == EVIL, "and a program reads what was said"


@pytest.mark.parametrize("style", ["human", "json"])
def test_what_looks_like_a_secret_is_taken_out(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure(style, "debug")  # type: ignore[arg-type]  # either
    token = "777000111:AAcanaryJh6gF3dSa0PoIuYtReWqLk"
    log("bot").info("asked", why=f"GET https://api.example/bot{token}/getMe", many=[f"password={token}"])
    logging.getLogger("library").error("token=%s", token)
    drain()
    assert token.partition(":")[2] not in capsys.readouterr().err
