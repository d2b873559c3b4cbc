"""Sheets as paper and as spreadsheets: Persian runs and joins as it should, and text is text whatever it looks like."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from inbox.sheets.paper import LONGEST_CELL, pdf
from inbox.sheets.sheet import Cell, Kind, Sheet, SheetTable
from inbox.sheets.spreadsheet import xlsx
from tests.unit.sheets.reading import line, lines, pages

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
AT = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
KINDS = (Kind.TEXT, Kind.COUNT, Kind.SHARE, Kind.SECONDS, Kind.DAY, Kind.INSTANT)
HEADS = {
    "fa": ("گروه", "شمار", "سهم", "مدت", "روز", "لحظه"),
    "en": ("Team", "Count", "Share", "Time", "Day", "Instant"),
}
TEHRAN = ZoneInfo("Asia/Tehran")


def sheet(language: str, *names: str, links: tuple[str | None, ...] = ()) -> Sheet:
    """A row of every kind for each name."""
    rows = tuple[tuple[Cell, ...], ...]((name, 1234, 0.934, 8000, AT.date(), AT) for name in names)
    title = "نخستین پاسخ" if language == "fa" else "First reply"
    return Sheet(title, (), (SheetTable("", HEADS[language], rows, KINDS, links),), language, TEHRAN)


def shown(text: str, language: str) -> str:
    """The line of a page on which that stands, as the eye goes over it."""
    page = pages(pdf(sheet(language, text)))[0]
    return lines(page, rightward=language == "fa")[2]


def turned(text: str) -> str:
    return text[::-1]


def test_persian_is_read_from_the_right_and_numbers_in_it_from_the_left() -> None:
    said = shown("سفارش ۱۲۳ نرسید", "fa")
    assert said.startswith(f"سفارش {turned('۱۲۳')} نرسید{turned('۱٬۲۳۴')}")
    assert said.endswith(f"{turned('۱۴۰۵/۰۹/۰۵')}{turned('۱۴۰۵/۰۹/۰۵')} {turned('۱۴:۰۰')}")


def test_english_is_read_from_the_left() -> None:
    assert shown("Order 123", "en") == "Order 1231,23493.4%2 h 13 m2026-11-262026-11-26 14:00"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_foreign_word_keeps_its_own_way_and_the_sentence_its(language: str) -> None:
    way = turned if language == "fa" else str
    back = str if language == "fa" else turned
    assert shown("Mehregan Coffee", language).startswith(way("Mehregan Coffee"))
    assert shown("قهوهٔ مهرگان", language).replace("\u0654", "").startswith(back("قهوه مهرگان"))
    mixed = shown("نامهٔ mail@example.com رسید", "fa").replace("\u0654", "")
    assert mixed.startswith(f"نامه {turned('mail@example.com')} رسید")


def test_a_mark_stands_above_its_letter_and_not_beside_it() -> None:
    page = pages(pdf(sheet("fa", "مثلاً")))[0]
    [mark] = [one for one in page if one.text == "\u064b"]
    under = [one for one in page if one.text in ("ا", "لا") and not one.bold]
    assert any(abs(mark.x - one.x) < 3 and mark.y > one.y for one in under)


def test_letters_are_joined() -> None:
    """A letter within a word is drawn by another glyph, and so narrower, than one alone."""
    apart, joined = (pages(pdf(sheet("fa", text)))[0] for text in ("ب ب ب", "ببب"))
    width = [max(xs) - min(xs) for xs in ([one.x for one in page if one.text == "ب"] for page in (apart, joined))]
    assert width[1] < width[0] * 0.6


def test_columns_run_from_the_side_where_reading_begins() -> None:
    for language in ("fa", "en"):
        page = pages(pdf(sheet(language, "x")))[0]
        assert lines(page, rightward=language == "fa")[1] == "".join(HEADS[language])


def test_each_page_has_the_head_and_its_number() -> None:
    for language, of in (("fa", "{page}/{all}"), ("en", "{page}/{all}")):
        file = pages(pdf(sheet(language, *(f"Team {n}" for n in range(120)))))
        assert len(file) > 2
        for number, page in enumerate(file, 1):
            assert "".join(HEADS[language]) in lines(page, rightward=language == "fa")
            last = line(page, min(one.y for one in page), rightward=False)
            told = of.format(page=number, all=len(file))
            assert (told.translate(PERSIAN) if language == "fa" else told) in last


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def test_no_row_is_lost_between_pages() -> None:
    file = pages(pdf(sheet("en", *(f"Team {n:03}" for n in range(150)))))
    found = re.findall(r"Team (\d{3})", " ".join(text for page in file for text in lines(page, rightward=False)))
    assert found == [f"{n:03}" for n in range(150)]


def test_a_long_cell_wraps_and_one_without_end_is_cut() -> None:
    page = pages(pdf(sheet("en", "word " * 60)))[0]
    assert sum("word" in text for text in lines(page, rightward=False)) > 2
    [page, *more] = pages(pdf(sheet("en", "a" * 50_000)))
    assert sum(one.text == "a" and not one.bold for one in page) == LONGEST_CELL - 1
    assert not more


def test_markup_is_text_and_letters_that_the_font_lacks_are_seen_to_be_missing() -> None:
    assert shown("<b>**x** 😀</b>\u202e", "en").startswith("<b>**x** \ufffd</b>1,234")


def test_a_link_is_where_the_first_cell_is() -> None:
    file = pdf(sheet("en", "K7Q2", "K7Q3", links=("https://desk.example/c/K7Q2", None)))
    assert re.findall(rb"/URI \((.*?)\)", file) == [b"https://desk.example/c/K7Q2"]


@pytest.mark.parametrize("make", [pdf, xlsx])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_same_sheet_is_the_same_bytes(make: Callable[[Sheet], bytes], language: str) -> None:
    assert make(sheet(language, "گروه الف", "B")) == make(sheet(language, "گروه الف", "B"))


@pytest.mark.parametrize("make", [pdf, xlsx])
def test_a_sheet_of_nothing_is_a_file_too(make: Callable[[Sheet], bytes]) -> None:
    assert make(Sheet("Nothing", (), (), "en"))
    assert make(Sheet("Nothing", ("n: 0",), (SheetTable("None", ("A",), (), (Kind.COUNT,)),), "fa"))


def test_a_table_has_to_fit_its_columns() -> None:
    with pytest.raises(ValueError, match="other than 1 cells"):
        Sheet("", (), (SheetTable("T", ("A",), (("a", "b"),), (Kind.TEXT,)),), "en")
    with pytest.raises(ValueError, match="2 links for 1 rows"):
        Sheet("", (), (SheetTable("T", ("A",), (("a",),), (Kind.TEXT,), (None, None)),), "en")
    with pytest.raises(ValueError, match="no address"):
        Sheet("", (), (SheetTable("T", ("A",), (("a",),), (Kind.TEXT,), ("javascript:alert(1)",)),), "en")


def parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def cells(file: bytes, row: int) -> list[tuple[str, str]]:
    """The type and the content of each cell of a row, as they lie in the file; strings are looked up."""
    found = parts(file)
    strings = [
        "".join(one.itertext()) for one in ElementTree.fromstring(found["xl/sharedStrings.xml"]).findall("m:si", NS)
    ]
    made = []
    root = ElementTree.fromstring(found["xl/worksheets/sheet1.xml"])
    for cell in root.findall(f".//m:row[@r='{row}']/m:c", NS):
        assert cell.find("m:f", NS) is None
        kind, value = cell.get("t", "n"), cell.findtext("m:v", "", NS)
        made.append((kind, strings[int(value)] if kind == "s" else value))
    return made


def test_a_spreadsheet_has_real_numbers_days_and_lengths_of_time() -> None:
    [name, count, share, length, day, instant] = cells(xlsx(sheet("fa", "گروه الف")), 4)
    assert (name, count) == (("s", "گروه الف"), ("n", "1234"))
    assert float(share[1]) == pytest.approx(0.934)
    assert float(length[1]) * 86400 == pytest.approx(8000)
    since = (date(2026, 11, 26) - date(1899, 12, 30)).days
    assert int(day[1]) == since
    assert float(instant[1]) == pytest.approx(since + 14 / 24)


def test_a_persian_spreadsheet_is_read_from_the_right() -> None:
    assert 'rightToLeft="1"' in parts(xlsx(sheet("fa", "الف")))["xl/worksheets/sheet1.xml"]
    assert "rightToLeft" not in parts(xlsx(sheet("en", "a")))["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("name", ["=1+1", "{=1+1}", "@SUM(A1)", "-1", "http://evil.example/", "internal:x", "<b>x</b>"])
def test_no_text_becomes_a_formula_a_link_or_markup(name: str) -> None:
    file = xlsx(sheet("en", name))
    assert cells(file, 4)[0] == ("s", name)
    assert not any("hyperlink" in part for part in parts(file).values())


def test_worksheets_have_names_that_the_format_allows_and_none_twice() -> None:
    table = SheetTable("a/b: [c]?" * 5, ("A",), (("x",),), (Kind.TEXT,))
    file = xlsx(Sheet("t", (), (table, table, table._replace(title="History"), table._replace(title="'")), "en"))
    names = re.findall(r'<sheet name="([^"]*)"', parts(file)["xl/workbook.xml"])
    assert len({name.casefold() for name in names}) == 4
    assert all(len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)
