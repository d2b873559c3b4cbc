"""Files named on the command line: read whole with their kind, or refused by a sentence that names them."""

from pathlib import Path

import pytest

from inbox.cli import attached
from inbox.domain.problems import Problem


def test_name_kind_and_bytes(tmp_path: Path) -> None:
    for name in ("رسید خرید.pdf", "a.txt", "b.tar.gz", "no kind"):
        (tmp_path / name).write_bytes(name.encode())
    found = attached.enclosed(sorted(tmp_path.iterdir()))
    assert [(one["filename"], one["content_type"]) for one in found] == [
        ("a.txt", "text/plain"),
        ("b.tar.gz", "application/octet-stream"),
        ("no kind", "application/octet-stream"),
        ("رسید خرید.pdf", "application/pdf"),
    ]
    assert found[3]["content"] == "رسید خرید.pdf".encode()


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(Problem) as told:
            attached.enclosed([path])
        assert (told.value.key, told.value.facts["path"]) == ("cli.reply.unreadable", path)


def test_what_no_network_takes_is_not_even_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(attached.MOST + 1)
    with pytest.raises(Problem) as told:
        attached.enclosed([tmp_path / "large"])
    assert told.value.key == "cli.reply.too_large"
