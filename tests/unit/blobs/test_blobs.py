"""Blobs: complete or not there, one file for the same bytes, and no name from outside becomes a path."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from inbox.blobs import CHUNK, Blobs, chunks, digest_of
from inbox.domain.arrivals import Spooled

RAW = b"raw bytes" * 1000


def files(folder: Path) -> list[Path]:
    """Everything that lies in a folder, drafts included."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_come_back_under_their_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(RAW)
    assert digest == hashlib.sha256(RAW).hexdigest()
    assert blobs.read(digest) == RAW
    assert blobs.find(digest) == Spooled(tmp_path / digest[:2] / digest[2:], len(RAW))


def test_the_same_bytes_are_one_file_whether_held_or_spooled(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_bytes(RAW)
    blobs = Blobs(tmp_path / "blobs")
    assert blobs.put(Spooled(spool, len(RAW))) == blobs.put(RAW) == digest_of(RAW)
    assert len(files(tmp_path / "blobs")) == 1
    assert spool.read_bytes() == RAW, "the spooled file is its owner's"


def test_large_files_are_read_a_piece_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"x" * (2 * CHUNK + 1))
    assert [len(chunk) for chunk in chunks(Spooled(tmp_path / "spool", 0))] == [CHUNK, CHUNK, 1]


def test_the_file_and_its_folders_are_durable_before_anybody_refers_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        name = os.readlink(f"/proc/self/fd/{handle}").rpartition("/")[2]
        happened.append("draft" if name.startswith(".") else name)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)

    class Points:
        def __call__(self, point: str) -> None:
            happened.append(point)

    digest = Blobs(tmp_path / "blobs", Points()).put(RAW)
    assert happened == ["blobs", "draft", "blob.before_rename", "blob.after_rename", digest[:2]]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "ab" * 31, "ab" * 33, "a/" * 32])
def test_a_name_from_outside_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        Blobs(tmp_path).find(name)


def test_bytes_that_are_gone_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Blobs(tmp_path).find("ab" * 32)


def test_a_full_disk_leaves_no_half_and_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    blobs = Blobs(tmp_path / "blobs")
    (tmp_path / "blobs" / digest_of(RAW)[:2]).mkdir(parents=True)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space left"):
            blobs.put(RAW)
    assert files(tmp_path) == []
    assert blobs.read(blobs.put(RAW)) == RAW


def test_whoever_is_killed_before_the_name_is_given_leaves_nothing_that_counts(tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    def killed(point: str) -> None:
        if point == "blob.before_rename":
            raise Killed

    with pytest.raises(Killed):
        Blobs(tmp_path, killed).put(RAW)
    with pytest.raises(FileNotFoundError):
        Blobs(tmp_path).find(digest_of(RAW))
