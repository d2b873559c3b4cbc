"""Each product's export as it is understood: who said what to whom and when, how it stands, and what is no word of anybody."""

from datetime import UTC, datetime

import pytest

from inbox.elsewhere.sources import SOURCES
from inbox.elsewhere.vocabulary import Export, Matter
from tests.unit.elsewhere.exports import Opened


def matters(export: Export) -> dict[str, Matter]:
    return {one.number: one for one in export.matters()}


def told(matter: Matter) -> list[tuple[str, str, str]]:
    return [(one.number, one.who, one.author.name if one.author else "") for one in matter.words]


def at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_tells_the_same_twice(opened: Opened, source: str) -> None:
    export, _ = opened(source)
    assert list(export.matters()) == list(export.matters())
    assert list(export.persons()) == list(export.persons())


@pytest.mark.parametrize("source", SOURCES)
def test_every_state_and_priority_of_the_corpus_is_known(opened: Opened, source: str) -> None:
    export, _ = opened(source)
    for one in export.matters():
        assert one.state in export.states
        assert not one.priority or one.priority in export.priorities


def test_zendesk(opened: Opened) -> None:
    export, found = opened("zendesk")
    people = {one.number: one for one in export.persons()}
    assert (people[101].name, people[101].addresses, people[101].company) == (
        "علی رضایی",
        ("ali@example.org",),
        "شرکت نمونه",
    )
    assert (people[101].language, people[9001].agent, people[103].addresses) == ("fa", True, ())
    all_ = matters(export)
    assert list(all_) == ["1001", "1002", "1004", "1005", "1006"]
    first = all_["1001"]
    assert told(first) == [("1", "customer", "علی رضایی"), ("2", "note", "Sara Ahmadi"), ("3", "agent", "Sara Ahmadi")]
    assert first.words[0].at == at(2024, 3, 1, 8)
    assert "<b>" in first.words[0].html
    assert first.words[0].text == "سلام، سفارش من هنوز نرسیده است."
    assert [(file.name, file.path is None) for file in first.words[0].files] == [
        ("رسید.txt", False),
        ("photo.jpg", True),
    ]
    assert first.fields == (("Order number", "A-17"), ("شهر", "شیراز"))
    assert (first.group, first.box, first.agent, first.tags) == (
        "Support",
        "support@inbox.example",
        "sara@shop.example",
        ("delivery", "vip"),
    )
    assert told(all_["1004"]) == [("7", "agent", "Sara Ahmadi")]
    stranger = all_["1006"].requester
    assert stranger is not None
    assert (stranger.name, stranger.address("zendesk")) == ("", "person-4040@zendesk.invalid")
    assert [(one.place, one.why) for one in found.lost] == [("tickets.json:3", "elsewhere.broken_line")]


def test_freshdesk(opened: Opened) -> None:
    export, found = opened("freshdesk")
    all_ = matters(export)
    assert [(n, one.state, one.priority) for n, one in all_.items()] == [
        ("11", "resolved", "medium"),
        ("12", "spam", "low"),
        ("13", "open", "urgent"),
        ("14", "deleted", ""),
        ("15", "closed", "high"),
    ]
    first = all_["11"]
    assert told(first) == [
        ("0", "customer", "مریم کریمی"),
        ("6001", "agent", "Sara Ahmadi"),
        ("6002", "customer", "مریم کریمی"),
        ("6003", "note", "Sara Ahmadi"),
    ]
    assert first.opened == at(2024, 1, 5, 6).replace(minute=30)
    assert first.words[0].text == "می‌خواهم کالا را بازگردانم."
    assert "<i>" in first.words[0].html
    assert [file.path and file.path.read_text() for file in first.words[0].files] == ["a,b\n1,2\n"]
    assert (first.tags, first.fields) == (("returns",), (("order_no_1", "77"), ("type", "Return")))
    xml = all_["15"]
    assert (xml.tags, told(xml), xml.words[1].text) == (
        ("old",),
        [("0", "customer", "مریم کریمی"), ("6010", "agent", "Sara Ahmadi")],
        "Answered by telephone.",
    )
    assert not found.lost


def test_zammad(opened: Opened) -> None:
    export, _ = opened("zammad")
    assert [one.number for one in export.persons()] == [3, 5, 6]
    all_ = matters(export)
    assert [(n, one.state) for n, one in all_.items()] == [("36021", "open"), ("36022", "merged"), ("36023", "closed")]
    first = all_["36021"]
    assert told(first) == [
        ("301", "customer", "رضا مرادی"),
        ("302", "note", "Sara Ahmadi"),
        ("303", "agent", "Sara Ahmadi"),
        ("304", "customer", "رضا مرادی"),
    ]
    assert [one.key for one in first.words] == ["<m301@example.org>", "", "<m303@shop.example>", "<m304@example.org>"]
    assert [one.address for one in first.words[2].cc] == ["boss@example.org"]
    assert [file.path is not None for file in first.words[0].files] == [True]
    assert (first.fields, first.tags, first.group) == ((("region", "south"),), ("keys",), "Support")


def test_freescout(opened: Opened) -> None:
    export, _ = opened("freescout")
    assert [(one.addresses, one.agent) for one in export.persons()] == [
        (("negar@example.org", "negar@home.example"), False),
        (("tom@example.org",), False),
        (("sara@shop.example",), True),
    ]
    all_ = matters(export)
    assert [(n, one.state) for n, one in all_.items()] == [
        ("501", "active"),
        ("502", "deleted"),
        ("503", "closed"),
        ("504", "closed"),
    ]
    assert told(all_["501"]) == [("601", "customer", "نگار حسینی"), ("602", "note", "Sara Ahmadi")]
    assert told(all_["503"]) == [("606", "customer", "Tom"), ("607", "agent", "Sara Ahmadi")]
    assert (all_["501"].box, all_["501"].fields) == ("support@inbox.example", (("Model", "X200"),))
    assert all_["504"].words == ()


def test_osticket(opened: Opened) -> None:
    export, _ = opened("osticket", zone="Asia/Tehran")
    people = list(export.persons())
    assert people[0].addresses == ("homa@example.org", "homa.old@example.org")
    assert (people[0].company, people[2].agent) == ("دفتر مرکزی", True)
    all_ = matters(export)
    assert [(n, one.state, one.priority) for n, one in all_.items()] == [
        ("710001", "open", "high"),
        ("710002", "closed", "normal"),
        ("710003", "deleted", "normal"),
    ]
    first = all_["710001"]
    assert told(first) == [
        ("101", "customer", "هما صادقی"),
        ("102", "note", "Sara Ahmadi"),
        ("103", "agent", "Sara Ahmadi"),
    ]
    assert first.words[0].at == at(2023, 5, 1, 4).replace(minute=30), "their clock stood in Tehran"
    assert '"خاموش"' in first.words[0].html
    assert (first.subject, first.words[0].key) == ("چاپگر کار نمی‌کند", "<o101@example.org>")
    assert [file.name for file in first.words[0].files] == ["error.log"]
    assert first.fields == (("topic", "Hardware"), ("serial", "PR-9"))
    assert told(all_["710002"])[1] == ("105", "agent", ""), "of a colleague who is gone there is the number alone"
