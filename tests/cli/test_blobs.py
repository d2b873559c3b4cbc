"""`inbox blobs copy` brings files into a bucket and compares each; the doctor tries the bucket."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.blobs import Blobs
from inbox.blobs.bucket import Access, Bucket
from inbox.store import tables as t
from inbox.store.store import Store
from tests.cli.talk import Talk
from tests.rig.s3 import S3, table

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3]:
    server = S3(tmp_path)
    try:
        server.start()
        server.bucket("inbox")
        yield server
    finally:
        server.close()


def move(site: Path, s3: S3) -> None:
    """The config of a site that has a bucket now, and keys to it."""
    (site / "secrets").mkdir(exist_ok=True)
    (site / "secrets" / "key").write_text("key\n")
    (site / "secrets" / "secret").write_text("canary-secret\n")
    rewrite(site, table("inbox", s3.endpoint, 'file = "secrets/key"', 'file = "secrets/secret"'))


def rewrite(site: Path, table: str) -> None:
    """Put another table `[blobs]` into its config."""
    config = (site / "config.toml").read_text(encoding="utf-8")
    before, after = config[: config.index("\n[blobs]\n")], config[config.index("\n[web]\n") :]
    (site / "config.toml").write_text(f"{before}\n{table}\n{after}", encoding="utf-8")


def keep(site: Path, *contents: bytes) -> list[str]:
    """Files in the folder, each with its row."""
    digests = [Blobs(site / "data" / "blobs").put(content) for content in contents]
    store = Store("sqlite:///data/inbox.db", site)
    rows = [{"digest": digest, "size": 1, "stored_at": NOW} for digest in digests]
    store.write_now(lambda unit: unit.add(t.blob, *rows))
    store.close()
    return digests


def test_what_rows_refer_to_is_brought_and_verified(inbox: Talk, site: Path, s3: S3, tmp_path: Path) -> None:
    inbox("migrate", "-q")
    one, two = keep(site, b"one", b"two")
    move(site, s3)
    elsewhere = Bucket(Access("inbox", s3.endpoint, "us-east-1", "", "key", "secret"), tmp_path / "elsewhere")
    assert inbox("blobs", "copy", "--dry-run").out == "2 files would be there; 0 are lacking, 0 are damaged.\n"
    with pytest.raises(FileNotFoundError):
        elsewhere.find(one)
    for _ in range(2):
        said = inbox("blobs", "copy")
        assert (said.code, said.out) == (0, "2 files are there and verified; 0 are lacking, 0 are damaged.\n"), said.err
    assert (elsewhere.read(one), elsewhere.read(two)) == (b"one", b"two")


def test_what_is_gone_or_spoiled_is_told(inbox: Talk, site: Path, s3: S3) -> None:
    inbox("migrate", "-q")
    gone, spoiled, _ = keep(site, b"gone", b"spoiled", b"well")
    folder = site / "data" / "blobs"
    (folder / gone[:2] / gone[2:]).unlink()
    (folder / spoiled[:2] / spoiled[2:]).write_bytes(b"other")
    move(site, s3)
    said = inbox("blobs", "copy", "--format", "json")
    assert said.code == 1
    assert said.json() == {"copied": 1, "lacking": [gone], "damaged": [spoiled]}


def test_the_doctor_tries_the_bucket_online_alone(inbox: Talk, site: Path, s3: S3) -> None:
    def looked(*words: str) -> tuple[str, str]:
        said = inbox("doctor", *words, "--format", "json")
        assert "canary-secret" not in said.out + said.err
        return next((one["status"], str(one)) for one in said.json() if one["check"] == "doctor.blobs")

    move(site, s3)
    assert looked("--online")[0] == "pass"
    s3.look_at_keys()
    assert looked()[0] == "pass"
    status, told = looked("--online")
    assert status == "fail"
    assert "does not let us in" in told
    s3.let_in()
    (site / "secrets" / "key").unlink()
    assert looked()[0] == "fail"


def test_a_bucket_that_lacks_something_is_refused(inbox: Talk, site: Path) -> None:
    rewrite(site, '[blobs]\nkind = "bucket"\nbucket = "inbox"')
    said = inbox("check")
    assert said.code == 1
    assert "a bucket needs its name (bucket), and key and secret" in said.err + said.out
