"""Whom our connections trust is read once for all who hold it, and anew when it has changed."""

import gc
import os
import ssl
from pathlib import Path
from weakref import ref

import pytest

from inbox.ports.trust import trust
from tests.rig.authority import Authority


def test_two_who_trust_the_same_hold_one() -> None:
    assert trust("http") is trust("http")
    assert trust("mail") is not trust("http"), "what is offered by one must not be offered by the other"


def test_what_nobody_holds_takes_no_room() -> None:
    held = ref(trust("mail"))
    gc.collect()
    assert held() is None


def test_a_file_is_trusted_alone_and_read_again_when_it_changes(authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    file.write_bytes(authority.file.read_bytes())
    first = trust("mail", file)
    assert first.cert_store_stats()["x509_ca"] == 1
    assert trust("mail", file) is first
    file.write_bytes(2 * authority.file.read_bytes())
    os.utime(file, ns=(1, 1))
    assert trust("mail", file) is not first


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    with pytest.raises(FileNotFoundError):
        trust("http", file)
    file.write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        trust("http", file)
