"""Every mail of the corpus, one quirk each and named by it, is read exactly as its expected JSON says."""

import json
from pathlib import Path

import pytest

from channels.email.codec import EmailCodec
from inbox.domain.arrivals import Spooled

FOLDER = Path(__file__).parent
NAMES = sorted(file.stem for file in FOLDER.glob("*.eml"))


@pytest.fixture(scope="module")
def codec() -> EmailCodec:
    """A codec for the channel that the corpus is addressed to."""
    return EmailCodec(("support@desk.test",), b"corpus" * 6, authserv_id="mx.desk.test")


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_read_as_expected(codec: EmailCodec, name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert codec.describe((FOLDER / f"{name}.eml").read_bytes()) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_spooled_mail_is_read_like_one_in_memory(codec: EmailCodec, name: str) -> None:
    file = FOLDER / f"{name}.eml"
    assert codec.parse(Spooled(file, file.stat().st_size)) == codec.parse(file.read_bytes())


def test_the_corpus_is_complete() -> None:
    updates = {file.name.removesuffix(".update.json") for file in FOLDER.glob("*.update.json")}
    expected = {file.name.removesuffix(".expected.json") for file in FOLDER.glob("*.expected.json")}
    assert expected == {*NAMES, *updates}
    assert len(NAMES) >= 300
    assert len([name for name in NAMES if name.startswith("fa-")]) >= 75
