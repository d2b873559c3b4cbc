"""What is filled in, read into the one form in which it is kept."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.domain.choices import Option
from inbox.domain.fields import Field, FieldKind
from inbox.pipeline.filling import Unfilled, read

SIZES = (Option("small", {"en": "Small", "fa": "کوچک"}), Option("large", {"en": "Large", "fa": "بزرگ"}))


def field(kind: FieldKind, pattern: str = "") -> Field:
    options = SIZES if kind is FieldKind.CHOICE else ()
    return Field("asked", kind, {"en": "?", "fa": "؟"}, {}, pattern=pattern, options=options)


ORDER = field(FieldKind.TEXT, r"[A-Z]-\d{4,6}")


@pytest.mark.parametrize(
    ("asked", "typed", "kept"),
    [
        (field(FieldKind.TEXT), "  two\n words \u202e", "two words"),
        (field(FieldKind.TEXT), "", ""),
        (ORDER, "A-۱۰۲۳۴", "A-10234"),
        (ORDER, "a-10234", "a-10234"),
        (field(FieldKind.LONG), "one\r\ntwo\x00\u2066 ", "one\ntwo"),
        (field(FieldKind.NUMBER), "۱٬۲۵۰", "1250"),
        (field(FieldKind.NUMBER), "1,250.50", "1250.5"),
        (field(FieldKind.NUMBER), "−۰۷٫۵", "-7.5"),
        (field(FieldKind.NUMBER), "-0", "0"),
        (field(FieldKind.NUMBER), "+98", "98"),
        (field(FieldKind.DATE), "۵ آذر ۱۴۰۵", "2026-11-26"),
        (field(FieldKind.CHOICE), "large", "large"),
        (field(FieldKind.CHOICE), "کوچک", "small"),
        (field(FieldKind.YES_NO), "بله", "yes"),
        (field(FieldKind.YES_NO), "No", "no"),
    ],
)
def test_it_is_kept_in_one_form(asked: Field, typed: str, kept: str) -> None:
    assert read(asked, typed) == kept
    assert read(asked, kept) == kept


@pytest.mark.parametrize(
    ("asked", "typed", "key"),
    [
        (field(FieldKind.TEXT), "x" * 201, "form.too_long"),
        (field(FieldKind.LONG), "x" * 2_001, "form.too_long"),
        (ORDER, "A-1", "form.no_match"),
        (ORDER, "see A-10234", "form.no_match"),
        (field(FieldKind.NUMBER), "twelve", "form.no_number"),
        (field(FieldKind.NUMBER), "9" * 16, "form.no_number"),
        (field(FieldKind.NUMBER), "1,2,3", "form.no_number"),
        (field(FieldKind.NUMBER), ",".join(["999"] * 9), "form.no_number"),
        (field(FieldKind.DATE), "last week", "form.no_day"),
        (field(FieldKind.CHOICE), "huge", "form.no_choice"),
        (field(FieldKind.YES_NO), "perhaps", "form.no_choice"),
    ],
)
def test_what_cannot_be_taken_has_a_sentence(asked: Field, typed: str, key: str) -> None:
    with pytest.raises(Unfilled) as caught:
        read(asked, typed)
    assert caught.value.key == key


@given(st.sampled_from(list(FieldKind)), st.text(max_size=80))
def test_what_is_kept_is_read_as_itself(kind: FieldKind, typed: str) -> None:
    try:
        kept = read(field(kind), typed)
    except Unfilled:
        return
    assert read(field(kind), kept) == kept
    assert not any(sign in kept for sign in "\x00\u202e\u2066")


def test_no_pattern_takes_long_whatever_a_stranger_writes() -> None:
    begun = time.perf_counter()
    with pytest.raises(Unfilled):
        read(field(FieldKind.TEXT, r"(a+)+b"), "a" * 200)
    assert time.perf_counter() - begun < 0.5
