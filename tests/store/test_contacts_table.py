"""Contacts in and out as a table: what goes out comes back and changes nothing; nobody's address is taken. On both databases."""

from collections import Counter

import pytest

from inbox.domain.events import HOUSE
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.contacts_table import Intake, Outcome, every, firsts, lines, table
from inbox.pipeline.table_intake import Rehearsed
from inbox.store import channels, people
from inbox.store.directory import Known
from inbox.store.store import Store
from tests.store.rows import MAIL, NOW, meet
from tests.web.rulebooks import book

HEAD = "id,name,language,organization,tags,addresses\r\n"


def taken(store: Store, text: str, *, rehearse: bool = False) -> list[Outcome]:
    rows = lines(text.encode("utf-8-sig"))
    intake = Intake(book(), HOUSE, "test")
    try:
        return store.write_now(intake.take, rows, firsts(rows), NOW, rehearse=rehearse)
    except Rehearsed as tried:
        return list(tried.outcomes)


def everybody(store: Store) -> list[Known]:
    return store.read_now(every, Scope.house())


def what(outcomes: list[Outcome]) -> list[str]:
    return [one.what if one.why is None else one.why.key for one in outcomes]


def test_new_contacts_are_made_with_addresses_that_are_claimed(store: Store) -> None:
    row = 'سارا رضایی,fa,Acme,"vip; قدیمی","email:sara@x.example; s2@x.example"'
    assert what(taken(store, f"name,language,organization,tags,addresses\r\n{row}\r\n")) == ["new"]
    (known,) = everybody(store)
    assert (known.contact.name, known.contact.language, known.organization) == ("سارا رضایی", "fa", "Acme")
    assert known.contact.tags == ("vip", "قدیمی")
    assert [(one.address, one.verified_at) for one in known.identities] == [
        ("sara@x.example", None),
        ("s2@x.example", None),
    ]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_goes_out_comes_back_and_changes_nothing(store: Store, language: str) -> None:
    taken(store, HEAD + ',=1+1,en,"+Acme, Ltd",@vip,a@x.example\r\n,"Ali ""B""",,,,b@x.example\r\n')
    before = everybody(store)
    assert before[0].contact.name == "=1+1"
    text = table(before, language)
    assert "\n1,'=1+1" in text.replace("\r", "")
    assert what(taken(store, text)) == ["same", "same"]
    assert everybody(store) == before


def test_known_ones_are_found_by_number_or_address_and_an_empty_cell_says_nothing(store: Store) -> None:
    first, _ = store.write_now(meet, "a@x.example", "Ali", "fa")
    found = taken(store, HEAD + f"{first.id},,,Acme,vip,c@x.example\r\n,Ali Karimi,,,,a@x.example\r\n")
    assert what(found) == ["changed", "changed"]
    (known,) = everybody(store)
    assert (known.contact.name, known.contact.language, known.organization) == ("Ali Karimi", "fa", "Acme")
    assert {one.address for one in known.identities} == {"a@x.example", "c@x.example"}


def test_an_address_is_not_taken_from_whoever_has_it(store: Store) -> None:
    ali, _ = store.write_now(meet, "a@x.example", "Ali")
    store.write_now(meet, "b@x.example", "Babak")
    assert what(taken(store, HEAD + f"{ali.id},,,,,b@x.example\r\n,,,,,a@x.example; b@x.example\r\n")) == [
        "contacts.several",
        "contacts.twice",
    ]
    assert [len(one.identities) for one in everybody(store)] == [1, 1]


def test_a_rehearsal_tells_the_same_and_stores_nothing(store: Store) -> None:
    store.write_now(channels.ensure, MAIL, "email")
    text = (
        HEAD
        + ",Ali,,New Ltd,,a@x.example\r\n,,,,,nonsense\r\n,,xx,,,b@x.example\r\n9999,,,,,\r\n,,,,,\r\n,Bo,,,,a@x.example\r\n"
    )
    tried = taken(store, text, rehearse=True)
    assert everybody(store) == []
    meant = taken(store, text)
    assert what(tried) == what(meant)
    assert Counter(one.what for one in meant) == {"new": 1, "refused": 4}
    assert store.read_now(people.contact_by_number, 9999) is None
    assert [one.number for one in meant] == [2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"\xff\xff", "contacts.no_table"),
        (b"", "contacts.bad_head"),
        (b"name,colour,addresses\nx,y,z\n", "contacts.bad_head"),
        (b"name\nx\n", "contacts.bad_head"),
        (b"addresses\n" + b"a@x.example\n" * 20_001, "contacts.too_many"),
        (b"addresses\n" + b" " * 10_000_000, "contacts.too_large"),
    ],
)
def test_what_is_no_table_of_contacts_is_refused_whole(content: bytes, key: str) -> None:
    with pytest.raises(Problem) as refused:
        lines(content)
    assert refused.value.key == key


def test_both_heads_are_read_whatever_their_order() -> None:
    (row,) = lines("نشانی‌ها;نام\r\na@x.example;سارا\r\n".encode())
    assert dict(row.cells) == {"addresses": "a@x.example", "name": "سارا"}
