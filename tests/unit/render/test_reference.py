"""The printed reference of what templates may use: whole, because it is made from what they are given."""

from dataclasses import fields
from pathlib import Path

import pytest

from inbox.domain.facts import OWN, facts_of
from inbox.render import reference
from inbox.site import catalogues
from inbox.text.wording import load

WORDING = load(catalogues())
KINDS = ("acknowledgement", "outage", "acknowledgement-neutral", "reply", *OWN)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("template", KINDS)
def test_every_fact_stands_in_it_with_a_type_and_a_meaning(template: str, language: str) -> None:
    told = reference.facts(template, language)
    assert [one.name for one in told if not {"[", "."} & set(one.name)] == [
        one.name for one in fields(facts_of(template))
    ]
    for one in told:
        assert reference.kind(WORDING, language, one)
        assert reference.meaning(WORDING, language, one), f"no meaning in {language}: facts.{one.name}"


def test_types_are_told_in_plain_words() -> None:
    told = {one.name: reference.kind(WORDING, "en", one) for one in reference.facts("acknowledgement", "en")}
    assert told["promise_kind"] == "one of: answer, update, none"
    assert told["due_at"] == "an instant, or none"
    assert told["contact_title"] == "one of: nothing, ms, mr"
    assert (told["subject"], told["open_now"], told["zone"]) == ("text", "yes or no", "a time zone")


def test_the_items_of_a_list_are_told_too() -> None:
    told = {one.name: one for one in reference.facts("transcript", "fa")}
    assert told["lines"].kind == "list"
    assert reference.meaning(WORDING, "en", told["lines[].text"]) == "What was said."
    assert (
        reference.meaning(WORDING, "en", {o.name: o for o in reference.facts("reply", "en")}["text"])
        == "The agent's words."
    )


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_filter_stands_in_it_with_what_it_makes(language: str) -> None:
    made = reference.made(language)
    assert {one.name for one in made} == reference.names()
    for one in made:
        assert f"|{one.name}" in one.written
        assert one.said
        assert WORDING.say(language, f"filter.{one.name}")


def test_no_meaning_is_left_of_what_nobody_is_given_any_more() -> None:
    given = {key for template in KINDS for one in reference.facts(template, "en") for key in one.meaning}
    source = (Path(catalogues()) / "en" / "LC_MESSAGES" / "inbox.po").read_text("utf-8")
    keys = {line.split('"')[1] for line in source.splitlines() if line.startswith('msgid "facts.')}
    filters = {line.split('"')[1] for line in source.splitlines() if line.startswith('msgid "filter.')}
    assert {key for key in keys if not key.startswith("facts.type.")} <= given
    assert filters == {f"filter.{name}" for name in reference.names()}
