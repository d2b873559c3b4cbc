"""What agents type, in both languages and in every way that people mark a note."""

from collections import Counter
from contextlib import suppress
from time import perf_counter

import pytest

from inbox.actions.action import Surface
from inbox.actions.registry import actions
from inbox.actions.words import NotUnderstood, Order, Plain, Vocabulary, read_chat, read_mail
from inbox.site import catalogues
from inbox.text.fold import fold
from inbox.text.notemarks import holds_note, unmarked
from inbox.text.wording import load

WORDING = load(catalogues())
MAIL = Vocabulary.of(actions(), Surface.MAIL, WORDING)
BOT = Vocabulary.of(actions(), Surface.BOT, WORDING)


def said(text: str) -> list[tuple[str, dict[str, object]]]:
    return [(one.action, dict(one.arguments)) for one in read_mail(text, MAIL)]


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("It is on its way.", [("reply", {"text": "It is on its way."})]),
        ("\n\n#done\n\nIt is on its way.", [("reply", {"text": "It is on its way.", "then": "done"})]),
        ("#Done", [("done", {})]),
        ("#پایان\nفرستاده شد.", [("reply", {"text": "فرستاده شد.", "then": "done"})]),
        ("#note call him back\nhe is angry", [("note", {"text": "call him back\n\nhe is angry"})]),
        ("#يادداشت\nزنگ بزنید", [("note", {"text": "زنگ بزنید"})]),
        ("#assign sara\n#priority high", [("assign", {"to": "sara"}), ("priority", {"priority": "high"})]),
        ("#بسپار من", [("assign", {"to": "me"})]),
        ("#اولویت بالا", [("priority", {"priority": "high"})]),
        ("#tag billing -old", [("tag", {"add": ("billing",), "remove": ("old",)})]),
        ("#noreply\n#snooze 2d\nnot for them", [("snooze", {"until": "2d"})]),
        ("#بی‌پاسخ\nnot for them", []),
        (
            "#promise tuesday 15:00\nWe look into it.",
            [("promise", {"by": "tuesday 15:00", "text": "We look into it."})],
        ),
        ("##1 is the first", [("reply", {"text": "#1 is the first"})]),
        ("Yes.\n##done\n#7 too", [("reply", {"text": "Yes.\n#done\n#7 too"})]),
        (
            "\u200f#پایان\n\u202b#اولویت بالا\u202c\nرسید.",
            [("reply", {"text": "رسید.", "then": "done"}), ("priority", {"priority": "high"})],
        ),
        ("＃done\nYes.", [("reply", {"text": "Yes.", "then": "done"})]),
        ("# done\nYes.", [("reply", {"text": "Yes.", "then": "done"})]),
        ("/done\nYes.", [("reply", {"text": "Yes.", "then": "done"})]),
        ("#done:\nYes.", [("reply", {"text": "Yes.", "then": "done"})]),
        ("# 1 is the first", [("reply", {"text": "# 1 is the first"})]),
        (
            "#done #priority high\nYes.",
            [("reply", {"text": "Yes.", "then": "done"}), ("priority", {"priority": "high"})],
        ),
        ("#done #note\nhe is angry", [("note", {"text": "he is angry"}), ("done", {})]),
        ("#tag billing #noreply\nhe is angry", [("tag", {"add": ("billing",), "remove": ()})]),
        ("#tag #billing", [("tag", {"add": ("#billing",), "remove": ()})]),
        ("#follow_up Next time", [("follow_up", {"subject": "Next time", "text": ""})]),
        ("note: he is angry", [("note", {"text": "he is angry"})]),
        ("#done\nnote: he is angry", [("note", {"text": "he is angry"}), ("done", {})]),
        ("یادداشت: عصبانی است", [("note", {"text": "عصبانی است"})]),
        ("", []),
    ],
)
def test_a_mail_is_read(text: str, orders: list[tuple[str, dict[str, object]]]) -> None:
    assert said(text) == orders


@pytest.mark.parametrize(
    "text",
    [
        "#dnoe\nIt is on its way.",
        "#assign\nIt is on its way.",
        "#note\n#forward a@b\nx",
        "#1 x",
        "#done It is on its way.",
        "Yes.\n#done",
        "Hello,\n\u200f#یادداشت\nhe is angry",
    ],
)
def test_what_is_not_understood_is_no_reply(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_mail(text, MAIL)


@pytest.mark.parametrize(
    "text",
    [
        "/ hush",
        "/note hush",
        "note: hush",
        "Note : hush",
        "🔒 hush",
        "🔒hush",
        "یادداشت: hush",
        "يادداشت : hush",
        "/یادداشت hush",
        "／note hush",
        "＃note hush",
        "# note hush",
        "#note: hush",
        "#note, hush",
        "note： hush",
        "ｎｏｔｅ: hush",
        "یاد داشت: hush",
        "یادداشت داخلی: hush",
        "internal note: hush",
        "[note] hush",
        "**note:** hush",
        "*#note* hush",
        "- #note hush",
        ">#note hush",
        "🔐 hush",
        "🔒\ufe0f hush",
        "/\u00a0hush",
        *(f"{mark}#note hush" for mark in "\u200b\u200c\u200e\u200f\u202b\u2060\u2067\u061c\ufeff\u00a0"),
        "\u202b#یادداشت hush\u202c",
    ],
)
def test_a_note_is_one_however_it_is_marked(text: str) -> None:
    assert read_chat(text, BOT) == (Order("note", {"text": "hush"}),)


def test_a_chat_is_read() -> None:
    assert read_chat("/r@acme_bot It is on its way.", BOT) == (Order("reply", {"text": "It is on its way."}),)
    assert read_chat("/take", BOT) == (Order("take"),) == read_chat("گرفتم", BOT) == read_chat(" گرفتم ", BOT)
    assert read_chat("/snooze 2h", BOT) == (Order("snooze", {"until": "2h"}),)
    assert read_chat("/done\nIt is on its way.", BOT) == (
        Order("reply", {"text": "It is on its way.", "then": "done"}),
    )
    assert read_chat("done", BOT) == Plain("done"), "a word that a customer may be told"
    assert read_chat("It is on its way.", BOT) == Plain("It is on its way.")
    assert read_chat("#پیگیری فردا\n#پایان", BOT) == Plain("#پیگیری فردا\n#پایان"), "hashtags"
    assert read_chat("/tag #billing", BOT) == (Order("tag", {"add": ("#billing",), "remove": ()}),)
    for text in ("/dnoe", "/done It is on its way.", "/done\n/take", "Yes.\n/done"):
        with pytest.raises(NotUnderstood):
            read_chat(text, BOT)


@pytest.mark.parametrize(
    "text", ["/notebook", "#notes of today", "a note: that", "Notes:", "10/note", "https://x/note", "/notes", ""]
)
def test_what_only_looks_like_a_note_is_none(text: str) -> None:
    assert unmarked(text) is None
    assert not holds_note(f"Hello\n{text}")


def test_a_note_below_other_words_is_found() -> None:
    assert holds_note("Hello,\n\n#note he is angry")
    assert holds_note("سلام\n\u200f/یادداشت\nعصبانی است")
    assert not holds_note("server:\n# note the port\nport = 1"), "a comment in what the customer asked for"


def test_reading_takes_no_longer_for_what_shows_nothing() -> None:
    began = perf_counter()
    for text in (
        "#done" + " " * 60_000 + "x",
        "a" + "\u200f" * 60_000 + "b",
        "#tag " + "# " * 30_000,
        "x\n" + "\n" * 60_000 + "y",
    ):
        with suppress(NotUnderstood):
            read_mail(text, MAIL)
    assert perf_counter() - began < 2


@pytest.mark.parametrize("vocabulary", [MAIL, BOT])
def test_no_word_means_two_things(vocabulary: Vocabulary) -> None:
    spoken = [
        fold(word.strip())
        for name in (*vocabulary.actions, "noreply", "help")
        for language in WORDING.languages
        for word in {name, *WORDING.say(language, f"word.{name}").replace("،", ",").split(",")}
    ]
    twice = {word for word, count in Counter(spoken).items() if count > len(WORDING.languages)}
    assert not twice
    assert len(vocabulary.words) >= len(set(spoken)) - len(vocabulary.actions)


@pytest.mark.parametrize("surface", [Surface.MAIL, Surface.BOT])
def test_whatever_is_offered_where_people_type_has_its_words(surface: Surface) -> None:
    offered = {name for name, one in actions().items() if surface in one.surfaces}
    assert {name for name in offered if actions()[name].typed is None} == set()
    assert set(Vocabulary.of(actions(), surface, WORDING).words.values()) == {*offered, "noreply", "help"}
