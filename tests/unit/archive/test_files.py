"""Maildirs and folders of single mails: everything below is found, what is no mail anybody sent is told apart."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.archive.aside import BOOKKEEPING, DELETED, DRAFT, set_aside
from inbox.archive.files import Files, maildir, single
from inbox.archive.found import NotThere
from inbox.domain.arrivals import Spooled

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def lay(path: Path, text: str = "Subject: x\n\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(archive: Files) -> list[str]:
    return sorted(Path(archive.named(found)).name for found in archive.index(NOW, lambda _: None).by_time())


def test_a_maildir_with_all_folders_in_it(tmp_path: Path) -> None:
    for name in ("cur/a:2,S", "new/b", "tmp/half", ".Sent/cur/c:2,S", "Work/2024/new/d", "cur/.hidden", "readme"):
        lay(tmp_path / name)
    assert names(maildir(tmp_path)) == ["a:2,S", "b", "c:2,S", "d"]


def test_single_mails(tmp_path: Path) -> None:
    for name in ("a.eml", "below/B.EML", "notes.txt"):
        lay(tmp_path / name)
    assert names(single(tmp_path)) == ["B.EML", "a.eml"]
    assert names(single(tmp_path / "notes.txt")) == ["notes.txt"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    lay(tmp_path / "cur" / "a")
    (tmp_path / "round").symlink_to(tmp_path)
    assert names(maildir(tmp_path)) == ["a"]


def test_the_name_of_a_file_tells_its_time(tmp_path: Path) -> None:
    lay(tmp_path / "new" / "1736000000.M1P1.desk")
    (found,) = maildir(tmp_path).index(NOW, lambda _: None).by_time()
    assert found.at == datetime.fromtimestamp(1736000000, UTC)


def test_a_mail_that_is_read_meanwhile_is_found_in_its_new_place(tmp_path: Path) -> None:
    path = lay(tmp_path / "new" / "1736000000.a", "Subject: moved\n\n")
    archive = maildir(tmp_path)
    (found,) = archive.index(NOW, lambda _: None).by_time()
    (tmp_path / "cur").mkdir()
    path.rename(tmp_path / "cur" / "1736000000.a:2,S")
    assert archive.raw(found, tmp_path) == b"Subject: moved\n\n"
    (tmp_path / "cur" / "1736000000.a:2,S").unlink()
    with pytest.raises(OSError):
        archive.raw(found, tmp_path)


def test_a_large_mail_is_left_where_it_is(tmp_path: Path) -> None:
    path = lay(tmp_path / "a.eml", "x" * 100_000)
    archive = single(tmp_path)
    (found,) = archive.index(NOW, lambda _: None).by_time()
    assert archive.raw(found, tmp_path) == Spooled(path, 100_000)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        maildir(tmp_path)
    with pytest.raises(NotThere):
        single(tmp_path / "missing")
    (tmp_path / "cur").mkdir()
    assert names(maildir(tmp_path)) == []


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        (b"Subject: x\n\n", "cur/a:2,RS", ""),
        (b"Subject: x\n\n", "cur/a:2,DS", DRAFT),
        (b"Subject: x\n\n", "cur/a:2,ST", DELETED),
        (b"X-Status: AF\n\n", "m@1", ""),
        (b"X-Status: D\n\n", "m@1", DELETED),
        (b"X-Status: T\n\n", "m@1", DRAFT),
        (b"X-Mozilla-Status: 0001\n\n", "m@1", ""),
        (b"X-Mozilla-Status: 0009\n\n", "m@1", DELETED),
        (b"X-Mozilla-Status: zzzz\n\nX-Status: D", "m@1", ""),
        (b"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\n", "m@1", BOOKKEEPING),
    ],
)
def test_what_nobody_sent_is_set_aside(raw: bytes, name: str, why: str) -> None:
    assert set_aside(raw, name) == why
