"""An article as a chat shows it: what stands where, what is marked, and where it is cut."""

import pytest

from inbox.domain.outgoing import Mark
from inbox.knowledge.chat import Said, cut, join, passages
from inbox.knowledge.markup import Places

PLACES = Places(
    lambda slug: f"https://h.example/{slug}" if slug == "there" else None,
    lambda name: f"https://h.example/files/{name}",
    {"note": "Note", "warning": "Mind this"},
)


def said(body: str, language: str = "en", *, marks: bool = True) -> Said:
    return join(passages(body, PLACES, language, marks=marks), "\n\n")


def marked(one: Said) -> list[tuple[str, str, str]]:
    return [(mark.kind, one.text[mark.start : mark.start + mark.length], mark.url) for mark in one.marks]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("One\nline\n\nTwo", "One line\n\nTwo"),
        ("hard\\\nbreak", "hard\nbreak"),
        ("# Head\n\nText", "Head\n\nText"),
        ("- a\n- b\n  - c", "• a\n• b\n   ◦ c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> quoted\n\nand on", "│ quoted\n\nand on"),
        ("::: note\nWords\n:::", "ℹ️ Note\n│ Words"),
        ("::: warning Hot\n- a\n- b\n:::", "⚠️ Hot\n│ • a\n│ • b"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a · b\n1 · 2"),
        ("```\ncode *x*\n```", "code *x*"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("![plan](files/p.png)", "[plan]"),
        ("![](files/p.png)", ""),
        ("~~gone~~ `*x*` <b>", "gone *x* <b>"),
    ],
)
def test_what_stands_there(body: str, text: str) -> None:
    assert said(body).text == text


def test_persian_lists_are_numbered_in_persian() -> None:
    assert said("۱. یک\n۲. دو", "fa").text == "۱. یک\n۲. دو"


def test_what_is_bold_or_leads_somewhere_is_marked() -> None:
    one = said(
        "## Head\n\nIn **two** [weeks](https://x.example/), see [this](article:there) and [not](article:gone), [*f*](files/a.pdf)."
    )
    assert one.text == "Head\n\nIn two weeks, see this and not, f."
    assert marked(one) == [
        ("bold", "Head", ""),
        ("bold", "two", ""),
        ("link", "weeks", "https://x.example/"),
        ("link", "this", "https://h.example/there"),
        ("italic", "f", ""),
        ("link", "f", "https://h.example/files/a.pdf"),
    ]


def test_without_marks_addresses_stand_behind_their_words() -> None:
    one = said("See [this](article:there), <https://x.example/> and [up](#head).", marks=False)
    assert one.text == "See this (https://h.example/there), https://x.example/ and up."
    assert [mark.kind for mark in one.marks] == []


def test_marks_stay_with_their_words_in_lists_and_notes() -> None:
    one = said("::: note\n- **a**\n- b **c**\n:::")
    assert marked(one) == [("bold", "Note", ""), ("bold", "a", ""), ("bold", "c", "")]


def test_it_is_cut_between_passages_and_says_so() -> None:
    head, parts = Said("Title").bold(), [Said("a" * 40), Said("b" * 40)]
    assert cut(head, parts, 100)[1] is True
    assert cut(head, parts, 60) == (head.then(parts[0], "\n\n"), False)


def test_a_first_passage_that_is_too_long_begins_and_ends_at_a_word() -> None:
    one, whole = cut(Said("Title").bold(), [Said("word " * 100)], 90)
    assert (whole, one.marks) == (False, ())
    assert one.text.endswith("word…")
    assert one.units <= 90


def test_length_is_counted_as_networks_count() -> None:
    assert Said("😀a").units == 3
    assert Said("ab", (Mark("bold", 0, 1),)).then(Said("cd", (Mark("code", 1, 1),))).marks[1].start == 3
