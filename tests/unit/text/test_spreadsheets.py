"""Tables for spreadsheets: what is written comes back as it was, and nothing in it is calculated by whoever opens it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.spreadsheets import FORMULA, MARK, bare, read, safe, written

CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@given(st.text(max_size=20))
def test_no_cell_is_taken_for_a_formula_and_each_comes_back(cell: str) -> None:
    assert not safe(cell).startswith(FORMULA)
    assert bare(safe(cell)) == cell


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_what_is_written_is_read_as_it_was(rows: list[list[str]]) -> None:
    head = ["id", "name", "tags"]
    assert read(written(head, rows).encode()) == [head, *rows]


def test_a_file_is_as_the_rfc_says_and_excel_knows_its_letters() -> None:
    text = written(["نام"], [['سارا "ب"، تهران'], ["=1+1"]])
    assert text.startswith(MARK)
    assert text.count("\r\n") == 3
    assert list(csv.reader(io.StringIO(text.removeprefix(MARK)))) == [["نام"], ['سارا "ب"، تهران'], ["'=1+1"]]


@pytest.mark.parametrize("cut", [",", ";", "\t"])
def test_whichever_sign_a_program_cuts_by_it_is_read(cut: str) -> None:
    assert read(f"id{cut}name\r\n1{cut}Sara\r\n".encode("utf-8-sig")) == [["id", "name"], ["1", "Sara"]]


def test_the_two_bytes_of_older_programs_are_read() -> None:
    assert read("id,name\n1,سارا\n".encode("utf-16")) == [["id", "name"], ["1", "سارا"]]


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0JFIF", b"id,name\n1,\xff\n", b"id\n\0\n", b'id\n"open\n'])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        read(content)


@pytest.mark.parametrize("sign", ["＝", "＋", "－", "＠"])
def test_the_wide_signs_of_other_keyboards_begin_a_formula_too(sign: str) -> None:
    assert safe(f"{sign}1") == f"'{sign}1"
