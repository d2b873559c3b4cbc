"""What both kinds of blobs promise, a folder and a bucket; and what a bucket does in bad weather."""

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inbox.blobs import Blobs, digest_of
from inbox.blobs.bucket import Access, Bucket
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import Temporary
from tests.rig.proxy import FaultProxy
from tests.rig.s3 import S3

RAW = b"raw bytes \x00\xff" * 10_000
OTHER = b"other bytes"
NUMBERS = itertools.count(1)
Node = Callable[[str], Blobs]
"""The blobs of one machine, by its name: what the machines share is the kind's affair."""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """One server for the whole file."""
    server = S3(tmp_path_factory.mktemp("s3"))
    try:
        yield server.start()
    finally:
        server.close()


def access(s3: S3, port: int = 0) -> Access:
    """A bucket that nobody has used."""
    name = s3.bucket(f"bucket-{next(NUMBERS)}")
    return Access(name, f"http://{s3.host}:{port or s3.port}", "us-east-1", "inbox", "key", "canary-secret", 5)


@pytest.fixture(params=["folder", "bucket"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Node:
    """Machines that share a folder, or a bucket with a folder on each."""
    if request.param == "folder":
        return lambda _name: Blobs(tmp_path / "shared")
    where = access(request.getfixturevalue("s3"))
    return lambda name: Bucket(where, tmp_path / name)


def test_what_one_machine_stores_another_reads(node: Node) -> None:
    digest = node("one").put(RAW)
    assert digest == digest_of(RAW)
    assert node("two").read(digest) == RAW
    found = node("three").find(digest)
    assert (found.path.read_bytes(), found.size) == (RAW, len(RAW))


def test_a_spooled_file_is_left_in_place_and_twice_is_once(node: Node, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_bytes(RAW)
    assert node("one").put(Spooled(spool, len(RAW))) == node("two").put(RAW) == digest_of(RAW)
    assert spool.read_bytes() == RAW
    assert node("three").read(digest_of(RAW)) == RAW


def test_what_is_not_there_is_told(node: Node) -> None:
    with pytest.raises(FileNotFoundError):
        node("one").find("ab" * 32)
    with pytest.raises(FileNotFoundError):
        node("one").read("ab" * 32)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "a/" * 32])
def test_a_name_from_outside_never_becomes_a_path(node: Node, name: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        node("one").find(name)


def test_what_was_stored_since_is_not_removed_and_the_rest_is(node: Node) -> None:
    one, digest = node("one"), node("one").put(RAW)
    assert not one.remove(digest, datetime.now(UTC) - timedelta(hours=1))
    assert node("two").read(digest) == RAW
    assert one.remove(digest, datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(FileNotFoundError):
        node("three").find(digest)
    assert one.remove(digest, datetime.now(UTC) + timedelta(hours=1)), "gone is gone"


def test_nothing_that_lies_nowhere_else_is_pruned(node: Node) -> None:
    one, digest = node("one"), node("one").put(RAW)
    one.prune(datetime.now(UTC) + timedelta(hours=1))
    assert node("one").read(digest) == RAW


def test_copies_go_once_nobody_used_them_and_only_if_the_bucket_has_them(s3: S3, tmp_path: Path) -> None:
    blobs, alone = Bucket(access(s3), tmp_path), Blobs(tmp_path)
    digest, only_here = blobs.put(RAW), alone.put(OTHER)
    assert blobs.prune(datetime.now(UTC) - timedelta(days=1)) == 0
    assert blobs.prune(datetime.now(UTC) + timedelta(days=1)) == 1
    assert alone.read(only_here) == OTHER
    assert blobs.read(digest) == RAW, "fetched anew"


def test_other_bytes_under_a_name_are_never_handed_out(s3: S3, tmp_path: Path) -> None:
    where = access(s3)
    digest = digest_of(RAW)
    s3.put(f"{where.bucket}/inbox/{digest[:2]}/{digest[2:]}", OTHER)
    with pytest.raises(FileNotFoundError, match="other bytes"):
        Bucket(where, tmp_path).read(digest)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_bytes_that_are_wanted_anew_are_stored_anew_so_that_no_sweep_takes_them(
    s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    blobs = Bucket(access(s3), tmp_path, lambda point: happened.append(point))
    digest = blobs.put(RAW)
    happened.clear()
    blobs.put(RAW)
    assert happened == [], "just stored"
    real = os.utime
    late = datetime.now(UTC) + timedelta(hours=3)
    monkeypatch.setattr(os, "utime", lambda path: real(path, (late.timestamp(), late.timestamp())))
    blobs.put(RAW)
    assert happened == ["blob.before_upload", "blob.after_upload"]
    assert blobs.read(digest) == RAW


def test_a_network_that_is_down_is_no_loss(s3: S3, tmp_path: Path) -> None:
    proxy = FaultProxy(s3.port).start()
    try:
        blobs = Bucket(access(s3, proxy.port), tmp_path / "one")
        other = Bucket(access(s3, proxy.port), tmp_path / "two")
        proxy.refuse()
        with pytest.raises(Temporary, match=r"blobs\.unreachable"):
            blobs.put(RAW)
        with pytest.raises(Temporary, match=r"blobs\.unreachable"):
            other.read("ab" * 32)
        proxy.heal()
        assert blobs.read(blobs.put(RAW)) == RAW
        proxy.refuse()
        assert blobs.read(digest_of(RAW)) == RAW, "what was used lately is here"
    finally:
        proxy.close()


def test_a_key_that_is_not_let_in_is_told_without_the_key(s3: S3, tmp_path: Path) -> None:
    blobs = Bucket(access(s3), tmp_path)
    blobs.reach()
    s3.look_at_keys()
    try:
        for attempt in (blobs.reach, lambda: blobs.put(RAW)):
            with pytest.raises(Temporary, match=r"blobs\.refused") as told:
                attempt()
            assert "canary-secret" not in f"{told.value} {told.value.__cause__}"
    finally:
        s3.let_in()
    assert blobs.read(blobs.put(RAW)) == RAW
