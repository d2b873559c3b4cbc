"""Rows out of files: every form, whatever is broken in it, and shelves that find them again in any order."""

import json
from pathlib import Path

import pytest

from inbox.elsewhere.rows import rows, sort_of
from inbox.elsewhere.shelf import Shelf
from inbox.elsewhere.vocabulary import Lost
from tests.unit.elsewhere.exports import Opened

KINDS = {
    "tickets": ("tickets", "ticket"),
    "entries": ("thread_entry", "ost_thread_entry"),
    "threads": ("thread", "ost_thread"),
}


def read(folder: Path) -> tuple[list[tuple[str, object]], list[str]]:
    lost: list[Lost] = []
    found = [(sort, row.get("id")) for sort, row, _ in rows(folder, KINDS, lost.append)]
    return found, [one.why for one in lost]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tickets.json", '[{"id": 1}, {"id": 2}]'),
        ("page.json", '{"tickets": [{"id": 1}, {"id": 2}], "count": 2}'),
        ("page.json", '{"count": 2, "_embedded": {"tickets": [{"id": 1}, {"id": 2}]}}'),
        ("tickets.json", '{"id": 1}\n\n{"id": 2}\n'),
        ("export-2024-tickets.ndjson", '{"id": 1}\n{"id": 2}'),
        ("Tickets0.json", '[{"ticket": {"id": 1}}, {"ticket": {"id": 2}}]'),
        ("dump.json", '[{"type": "header"}, {"type": "table", "name": "ticket", "data": [{"id": 1}, {"id": 2}]}]'),
        ("tickets.csv", '\ufeffID,Subject\n1,"a\nb"\n2,c\n'),
    ],
)
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    found, lost = read(tmp_path)
    assert [(sort, int(str(id))) for sort, id in found] == [("tickets", 1), ("tickets", 2)]
    assert lost == []
    assert read(tmp_path / name) == (found, lost), "a single file is an export too"


def test_one_row_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ticket-7.json").write_text('{"thread": {"id": 9}, "id": 7}', "utf-8")
    assert read(tmp_path) == ([("tickets", 7)], [])


def test_xml_as_rails_writes_it(tmp_path: Path) -> None:
    text = """<tickets type="array"><ticket><id type="integer">1</id><thread-ids type="array"><thread-id>5</thread-id></thread-ids>
    <closed-at nil="true"/></ticket><ticket><id>2</id></ticket></tickets>"""
    (tmp_path / "x.xml").write_text(text, "utf-8")
    found = [row for _, row, _ in rows(tmp_path, KINDS, lambda _: None)]
    assert found == [{"id": "1", "thread_ids": ["5"], "closed_at": None}, {"id": "2"}]


@pytest.mark.parametrize(
    ("name", "text", "rows_", "why"),
    [
        ("tickets.ndjson", '{"id": 1}\n{"id": \n[3]\n{"id": 4}\n', [1, 4], ["elsewhere.broken_line"] * 2),
        ("tickets.json", '[{"id": 1}, {"id": 2}, {"id"', [1, 2], ["elsewhere.broken_file"]),
        ("x.xml", "<tickets><ticket><id>1</id></ticket><ticket>", ["1"], ["elsewhere.broken_file"]),
        ("tickets.csv", b"id\n1\n\xff\xfe\n", [], ["elsewhere.broken_file"]),
    ],
)
def test_what_is_broken_is_told_and_the_rest_is_read(
    tmp_path: Path, name: str, text: str | bytes, rows_: list[object], why: list[str]
) -> None:
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    found, lost = read(tmp_path)
    assert [id for _, id in found] == rows_
    assert lost == why


def test_entities_that_grow_without_end_do_not(tmp_path: Path) -> None:
    grown = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    text = f'<!DOCTYPE x [<!ENTITY a "{"x" * 1000}">{grown}]><tickets><ticket><id>&j;</id></ticket></tickets>'
    (tmp_path / "x.xml").write_text(text, "utf-8")
    assert read(tmp_path) == ([], ["elsewhere.broken_file"])


def test_the_longest_name_that_fits_tells_the_sort() -> None:
    assert [sort_of(name, KINDS) for name in ("ost_thread_entry", "osticket_ost_thread", "my notes", "Tickets12")] == [
        "entries",
        "threads",
        "",
        "tickets",
    ]


def test_a_shelf_gives_back_what_lies_under_a_number(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "rows")
    for n, word in ((3, "c"), (1, "a"), (3, "ç"), (2, "b\ud800")):
        shelf.put(n, {"word": word})
    assert list(shelf.numbers()) == [1, 2, 3]
    assert shelf.rows(3) == [{"word": "c"}, {"word": "ç"}]
    assert (shelf.one(3), shelf.one(9), shelf.one(None), len(shelf)) == ({"word": "ç"}, None, None, 4)
    shelf.put(0, {"word": "late"})
    assert next(shelf.numbers()) == 0
    shelf.close()


def test_a_row_without_a_number_is_told(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "tickets.json").write_text(
        json.dumps([{"subject": "no number"}, {"id": 5, "created_at": "2024-01-01"}]), "utf-8"
    )
    export, found = opened("zendesk", tmp_path)
    assert [one.why for one in found.lost] == ["elsewhere.no_number"]
    assert [one.number for one in export.matters()] == ["5"]


def test_a_name_from_outside_leads_to_no_other_file(tmp_path: Path, opened: Opened) -> None:
    export = tmp_path / "export"
    (export / "files" / "7").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    for name in ("one", "two"):
        (export / "files" / "7" / name).write_text(name, "utf-8")
    (export / "tickets.json").write_text("[]", "utf-8")
    _, found = opened("zendesk", export)
    assert found.file(7, "../../../secret.txt").path is None
    assert found.file("7/../..", "secret.txt").path is None
    held = found.file(7, "two").path
    assert held is not None
    assert held.read_text() == "two"
