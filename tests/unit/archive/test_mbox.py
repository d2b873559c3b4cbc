"""An mbox is read as it was written: each mail once, its bytes back, whatever its line ends, size and quoting."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.archive import mbox
from inbox.archive.found import Found, NotThere
from inbox.archive.mbox import Mbox
from inbox.archive.written import write
from inbox.domain.arrivals import Spooled

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SEPARATOR = b"From sara@example.org Mon Jan  6 08:00:00 2025\n"
PLAIN = b"Subject: one\n\nHello\n"


def contents(path: Path, folder: Path) -> list[bytes]:
    """The bytes of every mail, in the order of the file."""
    opened = Mbox(path)
    try:
        found = sorted(opened.index(NOW, lambda _: None).by_time(), key=lambda one: one.place)
        return [whole(opened, one, folder) for one in found]
    finally:
        opened.close()


def whole(opened: Mbox, found: Found, folder: Path) -> bytes:
    raw = opened.raw(found, folder)
    return raw.path.read_bytes() if isinstance(raw, Spooled) else raw


def laid(folder: Path, content: bytes) -> Path:
    path = folder / "mail.mbox"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_each_mail_is_found_with_its_own_bytes(tmp_path: Path, end: bytes) -> None:
    mails = [PLAIN, b"Subject: two\n\n\nA paragraph.\n\nAnother one.\n", b"Subject: three\n\n"]
    joined = b"".join(SEPARATOR + mail + b"\n" for mail in mails).replace(b"\n", end)
    assert contents(laid(tmp_path, joined), tmp_path) == [mail.replace(b"\n", end) for mail in mails]


def test_quoted_lines_lose_one_sign(tmp_path: Path) -> None:
    path = laid(tmp_path, SEPARATOR + b"Subject: x\n\n>From here\n>>From there\n> From nowhere\nFromage\n")
    assert contents(path, tmp_path) == [b"Subject: x\n\nFrom here\n>From there\n> From nowhere\nFromage\n"]


def test_prose_is_no_separator(tmp_path: Path) -> None:
    prose = b"Subject: x\n\nFrom\n\nFrom now on, all is well.\n\nFrom: me, on Monday\n\nFrom here it goes\nto: there\n"
    assert contents(laid(tmp_path, SEPARATOR + prose + b"\n" + SEPARATOR + PLAIN), tmp_path) == [prose, PLAIN]


@pytest.mark.parametrize(
    "separator",
    [
        b"From - Mon Jan 06 08:00:00 2025\n",
        b"From MAILER-DAEMON Mon Jan  6 08:00 2025\n",
        b"From a b c@d Mon Jan  6 08:00:00 +0330 2025\n",
        b"From 1234@xxx Mon, 06 Jan 2025 08:00:00 +0000\n",
        b"From \n",
        b"From -\n",
    ],
)
def test_separators_of_many_programs(tmp_path: Path, separator: bytes) -> None:
    path = laid(tmp_path, separator + PLAIN + b"\n" + separator + PLAIN)
    assert contents(path, tmp_path) == [PLAIN, PLAIN]


def test_the_time_of_the_separator_counts_where_the_mail_has_none(tmp_path: Path) -> None:
    opened = Mbox(laid(tmp_path, SEPARATOR + PLAIN))
    (found,) = opened.index(NOW, lambda _: None).by_time()
    opened.close()
    assert found.at == datetime(2025, 1, 6, 8, tzinfo=UTC)


def test_the_oldest_comes_first_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    days = [3, 1, 2, 1]
    mails = b"".join(SEPARATOR + b"Date: %d Jan 2024 10:00:00 +0000\n\n%d\n\n" % (day, n) for n, day in enumerate(days))
    opened = Mbox(laid(tmp_path, mails))
    found = [whole(opened, one, tmp_path)[-2:-1] for one in opened.index(NOW, lambda _: None).by_time()]
    opened.close()
    assert found == [b"1", b"3", b"2", b"0"]


def test_a_large_mail_is_a_file_and_never_whole_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "CHUNK", 1000)
    body = b"Subject: x\n\n" + b">From a line\n" * 6_000 + b"z" * 5_000 + b">From inside\n" + b"end\n"
    opened = Mbox(laid(tmp_path, SEPARATOR + body))
    (found,) = opened.index(NOW, lambda _: None).by_time()
    raw = opened.raw(found, tmp_path)
    opened.close()
    assert isinstance(raw, Spooled)
    assert raw.path.read_bytes() == body.replace(b"\n>From", b"\nFrom")
    assert raw.size == raw.path.stat().st_size


@pytest.mark.parametrize("content", [b"Subject: a mail\n\nFrom me\n", b"\x89PNG\r\n", b"From here to there\n"])
def test_what_is_no_mbox_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotThere):
        contents(laid(tmp_path, content), tmp_path)


def test_an_empty_file_holds_no_mail_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    assert contents(laid(tmp_path, b""), tmp_path) == []
    with pytest.raises(NotThere):
        Mbox(tmp_path / "missing")


LINES = st.sampled_from(
    [b"From x", b">From ", SEPARATOR.strip(), b"", b"a: b", b"\r", b"\xff\x00", b">>From - y", b"From "]
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mails=st.lists(st.lists(LINES, max_size=8), min_size=1, max_size=4), chunk=st.integers(7, 60))
def test_what_is_written_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mails: list[list[bytes]], chunk: int
) -> None:
    monkeypatch.setattr(mbox, "CHUNK", chunk)
    raws = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in lines) for lines in mails]
    with (tmp_path / "mail.mbox").open("wb") as file:
        for raw in raws:
            write(file, "sara@example.org", NOW, io.BytesIO(raw))
    assert contents(tmp_path / "mail.mbox", tmp_path) == raws
