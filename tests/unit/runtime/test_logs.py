"""The log: one event a line whatever strangers wrote, no secrets and no addresses, and never in anybody's way."""

import io
import json
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TextIO

import pytest
import structlog

from inbox.domain.ids import ArrivalId
from inbox.domain.problems import Problem
from inbox.runtime.log_lines import LogLines
from inbox.runtime.logs import configure, drain, log, trace
from tests.rig.wait import until

FORGED = 'quiet\n{"event": "forged"}\r\x1b[2Jx\u2028y\x85z'


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def err() -> io.StringIO:
    """What stands in place of standard error."""
    return io.StringIO()


def words(err: io.StringIO) -> list[str]:
    """The lines as the pickiest reader splits them."""
    drain()
    return err.getvalue().splitlines()


@pytest.mark.parametrize("style", ["json", "human"])
def test_h6_what_strangers_wrote_stays_on_its_line(style: Literal["json", "human"], err: io.StringIO) -> None:
    configure(style, "info", out=err)
    log("a").info(FORGED, why=FORGED, more=[FORGED])
    logging.getLogger("library").warning("%s", FORGED)
    assert len(words(err)) == 2
    assert "\x1b" not in err.getvalue()
    if style == "json":
        assert json.loads(words(err)[0])["why"] == FORGED


def test_a_secret_is_masked_everywhere_and_an_address_where_nothing_is_wrong(err: io.StringIO) -> None:
    configure("json", "info", out=err)
    secret, address = "12345678:AAE" + "x" * 30, "sara.canary@example.org"
    log("a").info("sent", why=f"550 <{address}> token={secret}", more=(address, secret))
    log("a").warning("locked-out", why=f"login of {address} refused, password={secret}")
    info, warning = words(err)
    assert address not in info
    assert address in warning
    assert secret not in info + warning


def test_an_event_without_words_is_told_all_the_same(err: io.StringIO) -> None:
    def broken(_: Problem) -> str:
        raise KeyError("no such sentence")

    configure("json", "info", broken, err)
    log("a").info("one", why=Problem("some.key"))

    class Odd:
        def __repr__(self) -> str:
            raise ValueError

    log("a").info("two", odd=Odd())
    first, second = (json.loads(line) for line in words(err))
    assert first["why"] == first["key"] == "some.key"
    assert second["event"] == "not-told"


def test_all_lines_about_one_message_have_its_number(err: io.StringIO) -> None:
    configure("json", "info", out=err)
    with trace(ArrivalId(7)):
        log("receive").info("accepted")
    with trace(None):
        log("send").info("sent")
    first, second = (json.loads(line) for line in words(err))
    assert first["trace"] == "a7"
    assert "trace" not in second


def test_h6_a_full_disk_loses_lines_and_says_how_many(tmp_path: Path) -> None:
    place = tmp_path / "log"
    with open("/dev/full", "w") as full:
        lines = LogLines(full, lambda number: f"lost {number}")
        for number in range(3):
            lines.write(f"{number}\n")
        assert lines.drain()
        with place.open("w") as room:
            os.dup2(room.fileno(), full.fileno())
            lines.write("here\n")
            assert lines.drain()
    assert place.read_text() == "lost 3\nhere\n"


def test_h6_a_reader_that_hangs_holds_nobody_up() -> None:
    out, into = os.pipe()
    with os.fdopen(into, "w") as stream:
        lines = LogLines(stream, lambda number: f"lost {number}", room=10)
        written = 0
        while lines.drain(0.05):
            lines.write("x" * 9_000 + "\n")
            written += 1
            assert written < 100, "a pipe that nobody reads never filled up"
        for _ in range(50):
            lines.write("more\n")  # than there is room for
        seen: list[bytes] = []
        read = threading.Thread(target=_everything, args=(out, seen))
        read.start()
        until(lambda: lines.drain(0.05), what="all is written that is left")
        lines.write("last\n")
        assert lines.drain()
    read.join(10)
    told = b"".join(seen).decode().splitlines()
    missing = [line for line in told if line.startswith("lost")]
    assert sum(int(line.split()[1]) for line in missing) + len(told) - len(missing) == written + 51
    assert missing
    assert told[-1] == "last"


def _everything(out: int, seen: list[bytes]) -> None:
    while data := os.read(out, 65_536):
        seen.append(data)
    os.close(out)


def test_a_line_that_broke_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    place: TextIO = (tmp_path / "log").open("w")
    lines = LogLines(place, lambda number: f"lost {number}")
    lines._torn = True
    lines.write("whole\n")
    assert lines.drain()
    place.close()
    assert (tmp_path / "log").read_text() == "\nwhole\n"
