"""Warnings about rulebooks that work, but surely not as meant."""

from dataclasses import replace

import pytest

from inbox.rulebook.check import check
from tests.unit.rulebook.site import NAMES, book, rule, wording

DEFAULT = rule('then.priority = "normal"', "default")


def warned(text: str, languages: tuple[str, ...] = ("fa", "en")) -> list[tuple[str, str]]:
    """(message, where) of the warnings."""
    names = replace(NAMES, languages=languages)
    return [(one.key, str(one.facts["where"])) for one in check(book(text, names), names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DEFAULT, []),
        ("", [("rules.no_catch_all", "rules/")]),
        (rule('when.tag = "a"\nthen.tag = "b"'), [("rules.no_catch_all", "10-test.toml:1")]),
        (rule('on = "message-received"\nthen.tag = "b"'), [("rules.no_catch_all", "10-test.toml:1")]),
        (rule('then.acknowledgement = "busy"'), [("rules.template_language", "10-test.toml:1")]),
        (rule('then.acknowledgement = "none"'), []),
        (rule('then.reply = "busy"'), [("rules.template_language", "10-test.toml:1")]),
        (rule('then.reply = "still-there"'), []),
        (
            rule('then.reply = "still-there"', "first")
            + rule('when.tag = "a"\nthen.reply = "acknowledgement"', "late"),
            [("rules.decides_nothing", "10-test.toml:4")],
        ),
        (rule('then.tag = "a"\nfinal = true', "stop") + DEFAULT, [("rules.unreachable", "10-test.toml:5")]),
        (rule('when.tag = "x"\nfinal = true', "stop") + DEFAULT, []),
        (rule('on = "message-received"\nfinal = true', "stop") + DEFAULT, []),
        (
            DEFAULT + rule('when.tag = "a"\nthen.priority = "high"', "late"),
            [("rules.decides_nothing", "10-test.toml:4")],
        ),
        (DEFAULT + rule('when.tag = "a"\nthen.priority = "high"\nthen.tag = "b"', "late"), []),
        (DEFAULT + rule('when.tag = "a"\nthen.priority = "high"\nthen.policy = "vip"', "late"), []),
        (DEFAULT + rule('on = "message-received"\nthen.priority = "high"', "later message"), []),
        (DEFAULT + rule('then.assign = "team:support"', "queue"), []),
        (
            DEFAULT + rule('then.assign = "team:finance"', "queue") + rule('then.assign = "team:finance"', "late"),
            [("rules.decides_nothing", "10-test.toml:7")],
        ),
        (DEFAULT + rule('when.tag = "a"\nthen.priority = "high"\nfinal = true', "stop"), []),
    ],
)
def test_a_warning(text: str, expected: list[tuple[str, str]]) -> None:
    assert warned(text) == expected


def test_a_template_must_speak_the_languages_of_the_site_only() -> None:
    assert warned(rule('then.acknowledgement = "busy"'), languages=("en",)) == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_each_warning_has_its_sentence(language: str) -> None:
    text = (
        rule('when.tag = "a"\nthen.acknowledgement = "busy"', "one")
        + rule('on = "message-received"\nthen.priority = "low"', "two")
        + rule('on = "message-received"\nthen.priority = "high"', "three")
        + rule('on = "message-received"\nfinal = true', "four")
        + rule('on = "message-received"\nthen.tag = "x"', "five")
    )
    found = check(book(text), NAMES)
    assert [one.key for one in found] == [
        "rules.no_catch_all",
        "rules.template_language",
        "rules.decides_nothing",
        "rules.unreachable",
    ]
    for one in found:
        sentence = wording().problem(language, one)
        assert sentence != str(one)
        assert "10-test.toml:" in sentence
