"""What customers own, at the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.talk import Talk


@pytest.fixture
def talk(inbox: Talk) -> Talk:
    """One asset of somebody whom nobody has met."""
    added = inbox(
        *("assets", "add", "--serial", "SN-1234-5678", "--product", "Coffee grinder", "--owner", "lena@example.org"),
        *("--warranty-until", "۱۴۰۶/۰۶/۰۱"),
    )
    assert added.code == 0, added
    return inbox


def test_it_is_found_by_its_code_in_either_digits_or_its_number(talk: Talk) -> None:
    for which in ("sn ۱۲۳۴ ۵۶۷۸", "SN12345678", "#1"):
        shown = json.loads(talk("assets", "show", which, "--format", "json").out)
        assert shown["asset"]["about"]["warranty_until"] == "2027-08-23"
    assert "until Monday 23 August 2027" in talk("assets", "show", "#1").out
    assert "۱ شهریور ۱۴۰۶" in talk("assets", "show", "#1", "--lang", "fa").out
    refused = talk("assets", "show", "XX-99999")
    assert refused.code == 2
    assert "There is no asset" in refused.err
    assert "SN-1234-5678" in talk("assets", "list", "grind").out
    assert "No assets" in talk("assets", "list", "--ending", "3").out


def test_it_is_changed_retired_and_brought_back(talk: Talk) -> None:
    assert "was changed" in talk("assets", "change", "#1", "--notes", "loud", "--model", "PX-200").out
    assert "was so already" in talk("assets", "change", "#1", "--notes", "loud").out
    assert talk("assets", "change", "#1", "--notes", "-", "--warranty-until", "soon").code == 2
    assert "out of use" in talk("assets", "retire", "#1").out
    assert "SN-1234" in talk("assets", "list", "--retired").out
    assert "in use again" in talk("assets", "retire", "#1", "--back").out


def test_documents_go_in_and_come_out_and_nothing_is_written_over(talk: Talk, tmp_path: Path) -> None:
    card = tmp_path / "card.pdf"
    card.write_bytes(b"%PDF warranty")
    assert "card.pdf" in talk("assets", "documents", "#1", "--put", str(card)).out
    to = tmp_path / "out.pdf"
    assert talk("assets", "documents", "#1", "--get", "1", "--to", str(to)).code == 0
    assert to.read_bytes() == b"%PDF warranty"
    again = talk("assets", "documents", "#1", "--get", "1", "--to", str(to))
    assert again.code == 2
    assert "cannot be written" in again.err
    assert "No documents" in talk("assets", "documents", "#1", "--take", "1").out
    assert talk("assets", "documents", "#1", "--take", "1").code == 2


def test_a_table_is_tried_then_taken_and_what_is_refused_ends_with_one(talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("سریال,محصول,پایان گارانتی\nAB-10001,قهوه‌ساز,۱۴۰۵/۱۲/۲۹\nAB-10002,x,soon\n", encoding="utf-8")
    tried = talk("assets", "import", str(file), "--dry-run")
    assert tried.code == 1
    assert "New: 1" in tried.out
    assert "is no day" in tried.out
    assert "AB-10001" not in talk("assets", "list").out
    assert talk("assets", "import", str(file)).code == 1
    assert "AB-10001" in talk("assets", "list").out
    out = tmp_path / "out.csv"
    assert talk("assets", "export", str(out)).code == 0
    assert "2027-03-20" in out.read_text(encoding="utf-8-sig")
    assert talk("assets", "import", str(out)).code == 0
