"""The query language: it never fails, reads back what it writes, and means the same in both languages."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inbox.text.queries import LONGEST, MOST, Bad, Filter, Query, Word, read

PAIRS = [
    ("is:open", "وضعیت:باز"),
    ("is:waiting", 'وضعیت:"در انتظار مشتری"'),
    ("is:waiting", "وضعیت:منتظر"),
    ("is:snoozed", "وضعيت:تعويق"),
    ("is:done", "وضعیت:پایان‌یافته"),
    ("is:spam", "وضعیت:هرزنامه"),
    ("is:unread", "وضعیت:نخوانده"),
    ("is:late", "وضعیت:دیر"),
    ("assignee:me", "مسئول:من"),
    ("assignee:none", "مسئول:هیچ‌کس"),
    ("assignee:سارا", "مسئول:سارا"),
    ("team:orders", "تیم:orders"),
    ("tag:فوری", "برچسب:فوری"),
    ("channel:email", "کانال:email"),
    ("from:sara@example.com", "از:sara@example.com"),
    ("priority:urgent", "اولویت:فوری"),
    ("priority:high", "اولویت:بالا"),
    ("due:<2h", "مهلت:<۲ساعت"),
    ("due:2h", "موعد:۲ساعت"),
    ("due:today", "مهلت:امروز"),
    ("before:2026-11-24", "پیش‌از:۱۴۰۵/۹/۳"),
    ("after:1405-09-03", "پس‌از:۱۴۰۵-۰۹-۰۳"),
    ("after:7d", "بعد:۷روز"),
    ("has:file", "دارد:پیوست"),
    ("has:note", "دارد:یادداشت"),
    ("ref:K7Q2", "شماره:k۷q۲"),
    ("field:plan=gold", "فیلد:plan=gold"),
    ('"exact words"', "«exact words»"),
    ("-tag:x -word", "-برچسب:x -word"),
    ("inv*", "inv*"),
]

typed = st.text(st.one_of(st.characters(), st.sampled_from(' :"*-<>=«»\u200c')), max_size=60) | st.lists(
    st.sampled_from([one for pair in PAIRS for one in pair]), max_size=8
).map(" ".join)


@pytest.mark.parametrize(("english", "persian"), PAIRS)
def test_both_languages_ask_for_the_same(english: str, persian: str) -> None:
    assert read(english) == read(persian)
    assert not read(english).bad


@settings(max_examples=400)
@given(typed)
@example('-"":*"')
@example('is:"a')
@example('x:"y" z:«')
@example('0:"0')
@example('contact.plan:"gold')
@example('-organization.x:"a b"')
def test_anything_is_read_and_what_is_written_reads_back_the_same(text: str) -> None:
    query = read(text)
    assert len(query.parts) <= MOST
    good = Query((*query.words, *query.filters))
    assert read(str(good)) == good
    assert read(f"{good} foo:bar").words == good.words


@given(typed)
def test_nothing_is_dropped_in_silence(text: str) -> None:
    for part in read(text).bad:
        assert part.typed in text
        assert part.key.startswith("query.")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("stat:open", "query.unknown_name"),
        ("is:", "query.no_value"),
        ("is:opn", "query.bad_list"),
        ("priority:very", "query.bad_list"),
        ("due:soon", "query.bad_time"),
        ("before:2026-13-40", "query.bad_time"),
        ("field:plan", "query.bad_field"),
        ("ref:!!", "query.bad_ref"),
    ],
)
def test_a_wrong_filter_is_kept_with_the_reason(text: str, key: str) -> None:
    query = read(f"invoice {text}")
    assert query.words == (Word("invoice"),)
    (bad,) = query.parts[1:]
    assert isinstance(bad, Bad)
    assert (bad.typed, bad.key) == (text, key)


@pytest.mark.parametrize("text", ["Re:", "10:30", "https://example.com/a?b=c", "a:b:c"[:1], "-", '""', "***", "12:5"])
def test_what_only_looks_like_a_filter_is_a_word_or_nothing(text: str) -> None:
    query = read(text)
    assert not query.bad
    assert not query.filters


def test_a_part_can_be_left_out_of_what_was_typed() -> None:
    query = read("وضعیت:باز سفارش foo:bar")
    assert query.without(query.parts[0]) == "سفارش foo:bar"
    assert query.without(Filter("is", "done")) == "وضعیت:باز سفارش foo:bar"


def test_a_long_query_is_read_to_its_limits() -> None:
    assert len(read(" ".join(f"w{n}" for n in range(100))).parts) == MOST
    assert len(read("x" * 10_000).words[0].text) == LONGEST
