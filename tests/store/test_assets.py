"""Assets as rows and as a table: unique by their codes, found by one statement, changed with a history, never removed. On both databases."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from inbox.domain.assets import About, Asset, whose
from inbox.domain.ids import AssetId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import assets as verbs
from inbox.pipeline.assets_near import near, next_look
from inbox.pipeline.assets_table import Intake, Outcome, every, firsts, lines, table
from inbox.pipeline.playbook import Assets
from inbox.pipeline.table_intake import Rehearsed
from inbox.store import assets, assets_found, assets_warned, channels, people, persons
from inbox.store.assets import By
from inbox.store.assets_found import Sought
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.codes import MOST, candidates
from tests.store.rows import MAIL, NOW, meet
from tests.web.rulebooks import book

BY = By(None, "cli")
GRINDER = About(serial="SN-1234-5678", product="Coffee grinder", model="PX-200")


def put(store: Store, about: About = GRINDER, **more: Any) -> Asset:
    return store.write_now(verbs.add, replace(about, **more), BY, book(), NOW)


@dataclass(slots=True)
class Counted(Unit):
    """A unit that counts what it asks."""

    asked: list[str] = field(default_factory=list)

    def run(self, statement: Any, **values: Any) -> list[tuple[Any, ...]]:
        """As a unit does."""
        self.asked.append(str(statement.statement))
        return Unit.run(self, statement, **values)

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """As a unit does."""
        self.asked.append(str(statement))
        return Unit.execute(self, statement, parameters)


def test_a_code_is_unique_however_it_is_written_and_a_change_is_kept_beside_it(store: Store) -> None:
    asset = put(store)
    with pytest.raises(Problem, match=r"assets\.taken"):
        put(store, serial="sn ۱۲۳۴ ۵۶۷۸")
    other = put(store, serial="KL-777001")
    later = replace(GRINDER, serial="SN 12345678", warranty_until=date(2027, 8, 23))
    assert store.write_now(verbs.change, asset, later, BY, book(), NOW)
    assert not store.write_now(verbs.change, Asset(asset.id, asset.code, later), later, BY, book(), NOW)
    with pytest.raises(Problem, match=r"assets\.taken"):
        store.write_now(verbs.change, other, later, BY, book(), NOW)
    newest, first = store.read_now(assets.changes, asset.id)
    assert newest.what == (("serial", "SN-1234-5678", "SN 12345678"), ("warranty_until", "", "2027-08-23"))
    assert ("product", "", "Coffee grinder") in first.what
    found = store.read_now(assets.one, asset.id)
    assert found is not None
    assert found.about == later


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"serial": " - "}, "assets.no_serial"),
        ({"product": ""}, "assets.no_product"),
        ({"product": "x" * 301}, "assets.too_long"),
        ({"notes": "x" * 10_001}, "assets.too_long"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, wrong: dict[str, str], key: str) -> None:
    with pytest.raises(Problem, match=key.replace(".", r"\.")):
        put(store, GRINDER, **wrong)


@pytest.mark.parametrize("words", ["SN-1234-5678 is loud", " ".join(f"{n}X{n}0" for n in range(5_000)), "hello"])
def test_a_message_costs_one_statement_however_much_stands_in_it(store: Store, words: str) -> None:
    for n in range(50):
        put(store, serial=f"AB-{n:06}")
    put(store)

    def work(unit: Unit) -> tuple[list[str], list[str]]:
        counted = Counted(unit.connection, unit.entropy, unit.cache)
        found = assets.coded(counted, candidates(words))
        return list(found), counted.asked

    found, asked = store.read_now(work)
    assert len(candidates(words)) <= MOST
    assert len(asked) == (1 if candidates(words) else 0)
    assert found == (["sn12345678"] if "SN" in words else [])


def test_they_are_found_by_code_product_and_owner_within_a_scope(store: Store) -> None:
    lena, _ = store.write_now(meet, "lena@x.example")
    put(store, contact=lena.id, warranty_until=date(2026, 12, 1))
    put(store, serial="KL-777001", product="قهوه‌ساز برقی", service_until=date(2027, 12, 1))

    def found(scope: Scope, **sought: Any) -> list[str]:
        return [one.asset.about.serial for one in store.read_now(assets_found.listing, scope, Sought(**sought))]

    house = Scope.house()
    assert found(house, words="sn ۱۲") == ["SN-1234-5678"]
    assert found(house, words="قهوه ساز") == ["KL-777001"]
    assert found(house, words="lena@x") == ["SN-1234-5678"]
    assert found(house, contact=lena.id) == ["SN-1234-5678"]
    assert found(house, ending=(date(2026, 11, 1), date(2026, 12, 1))) == ["SN-1234-5678"]
    assert found(house, words="%") == []
    assert found(Scope.of_token()) == []
    assert found(Scope.of_contact(lena.id)) == []  # they have no conversation by which it would be seen
    assert len(found(house)) == 2


def test_what_is_retired_stays_and_stands_apart(store: Store) -> None:
    asset = put(store, warranty_until=date(2030, 1, 1))
    assert store.write_now(verbs.retire, asset, BY, book(), NOW)
    assert store.read_now(assets_warned.next_due) is None
    assert store.read_now(assets_found.listing, Scope.house(), Sought(retired=False)) == []
    (one,) = store.read_now(assets_found.listing, Scope.house(), Sought(retired=True))
    assert one.asset.retired_at == NOW
    assert store.write_now(verbs.retire, one.asset, BY, book(), NOW, back=True)
    assert store.read_now(assets_warned.next_due) is not None


def test_whose_it_is(store: Store) -> None:
    (lena, _), (omid, _) = (store.write_now(meet, f"{name}@x.example") for name in ("lena", "omid"))
    berg = store.write_now(persons.organization_of, "Berg AG")
    asset = put(store, contact=lena.id, organization=berg)
    assert whose(asset, lena.id, None) == "writer"
    assert whose(asset, omid.id, berg) == "organization"
    assert whose(asset, omid.id, None) == "other"
    assert whose(Asset(AssetId(9), "x", GRINDER), omid.id, berg) == "none"


# -- when it is near -------------------------------------------------------------------------------------------------------
def test_the_next_look_is_at_nine_so_many_days_before_and_what_is_missed_is_told_once(store: Store) -> None:
    plan = replace(book(), zone="Asia/Tehran", assets=Assets((30, 7)))
    day = plan.day(NOW)
    asset = put(store, warranty_until=day + timedelta(days=40), service_until=day + timedelta(days=10))
    first = next_look(asset, plan, NOW)
    assert first is not None
    assert (first - NOW) < timedelta(days=4)
    assert [one.days for one in near(asset, first, plan, first)] == [7]
    late = NOW + timedelta(days=38)
    assert [(one.term, one.days) for one in near(asset, first, plan, late)] == [("warranty", 7)]
    assert near(asset, first, plan, NOW + timedelta(days=50)) == []
    assert next_look(asset, replace(plan, assets=Assets(())), NOW) is None
    assert next_look(replace(asset, about=replace(asset.about, warranty_until=date(1, 1, 2))), plan, NOW) is not None


# -- as a table ------------------------------------------------------------------------------------------------------------
def taken(store: Store, text: str, *, rehearse: bool = False) -> list[Outcome]:
    rows = lines(text.encode("utf-8-sig"))
    intake = Intake(book(), BY, Scope.house())
    try:
        return store.write_now(intake.take, rows, firsts(rows), NOW, rehearse=rehearse)
    except Rehearsed as tried:
        return list(tried.outcomes)


def what(outcomes: list[Outcome]) -> list[str]:
    return [one.what if one.why is None else one.why.key for one in outcomes]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_goes_out_comes_back_and_changes_nothing(store: Store, language: str) -> None:
    store.write_now(channels.ensure, MAIL, "email")
    head = "serial,product,owner,organization,warranty_until,notes,retired\r\n"
    rows = "=1+12345,=cmd,lena@x.example,Berg AG,۱۴۰۶/۰۶/۰۱,+49,\r\nKL-777001,قهوه‌ساز,,,23 Aug 2027,,بله\r\n"
    assert what(taken(store, head + rows)) == ["new", "new"]
    before = store.read_now(every, Scope.house(), language)
    text = table(before, language)
    assert what(taken(store, text)) == ["same", "same"]
    assert store.read_now(every, Scope.house(), language) == before
    (one, two) = store.read_now(assets_found.listing, Scope.house(), Sought())
    assert one.asset.about.warranty_until == two.asset.about.warranty_until == date(2027, 8, 23)
    assert two.asset.retired_at is not None
    known = store.read_now(people.known, "email", "lena@x.example")
    assert known is not None
    assert (one.asset.about.contact, known[1].verified_at) == (known[0].id, None)


def test_each_row_is_told_apart_an_empty_cell_says_nothing_and_a_hyphen_that_there_is_none(store: Store) -> None:
    put(store, warranty_until=date(2027, 8, 23), notes="loud")
    text = (
        "serial,product,warranty_until,notes,owner,retired\n"
        "sn 1234 5678,,,-,,\n"
        "SN12345678,,,,,\n"
        "AB-10001,Kettle,,,,\n"
        "AB-10002,,,,,\n"
        "AB-10003,Kettle,soon,,,\n"
        "AB-10004,Kettle,,,99999,\n"
        "AB-10005,Kettle,,,new@x.example,perhaps\n"
        ",Kettle,,,,\n"
    )
    store.write_now(channels.ensure, MAIL, "email")
    expected = [
        "changed",
        "assets.twice",
        "new",
        "assets.no_product",
        "assets.bad_day",
        "assets.no_owner",
        "assets.bad_retired",
        "assets.no_serial",
    ]
    assert what(taken(store, text, rehearse=True)) == expected
    assert len(store.read_now(assets_found.listing, Scope.house(), Sought())) == 1
    assert what(taken(store, text)) == expected
    grinder = store.read_now(assets.coded, ["sn12345678"])["sn12345678"]
    assert (grinder.about.notes, grinder.about.warranty_until) == ("", date(2027, 8, 23))
    assert store.read_now(people.known, "email", "new@x.example") is None  # of a row that was refused
    assert Counter(what(taken(store, text)))["same"] == 2


def test_a_file_that_is_no_table_of_assets_is_refused_whole(store: Store) -> None:
    for text, key in (("product\nKettle\n", "assets.bad_head"), ("serial,colour\n1,2\n", "assets.bad_head")):
        with pytest.raises(Problem, match=key.replace(".", r"\.")):
            taken(store, text)
