"""Macro files: what is read of one, and that whatever is wrong in one is told with its line and a suggestion."""

import pytest

from inbox.rulebook.macros import Macro, Read, read, said
from tests.unit.rulebook.site import NAMES, wording

WHOLE = '''\
format = 1
title.fa = "مرسوله"
title.en = "Parcel"
teams = ["support"]
ask.code = { fa = "کد", en = "Code" }
ask.day = "Day"
then.tag = ["sent"]
then.snooze = "2 working days"

[text]
fa = """
سلام،
کد {{ ask.code }}، {{ ask.day }}
"""
en = "Code {{ ask.code }}"
'''


def of(text: str, name: str = "parcel") -> Read:
    return read(name, f"rules/macros/{name}.toml", text, NAMES)


def macro(text: str) -> Macro:
    found = of(text)
    assert found.problems == ()
    assert found.macro is not None
    return found.macro


def test_all_that_a_file_says_is_read() -> None:
    found = macro(WHOLE)
    assert (said(found.title, "fa"), said(found.title, "en"), found.teams) == ("مرسوله", "Parcel", ("support",))
    assert (said(found.asks["code"], "en"), said(found.asks["day"], "fa")) == ("Code", "Day")
    assert [(effect.name, effect.value) for effect in found.effects] == [("tag", "sent"), ("snooze", "2 working days")]
    assert {language: text.line for language, text in found.texts.items()} == {"fa": 12, "en": 15}


def test_it_speaks_the_language_that_is_wanted_then_the_sites_then_the_one_there_is() -> None:
    both, one, none = macro(WHOLE), macro('title = "T"\ntext.fa = "س"'), macro('title = "T"\nthen.tag = "x"')
    assert [both.language(wanted, "en") for wanted in ("fa", "en", "de")] == ["fa", "en", "en"]
    assert (one.language("en", "en"), none.language("en", "en")) == ("fa", "")


@pytest.mark.parametrize("text", ["", "# nothing\n", "disabled = true\n", WHOLE.replace("[text]", "[text]", 1) + ""])
def test_what_is_switched_off_is_no_macro_and_not_wrong(text: str) -> None:
    found = of(text)
    assert (found.macro is None) == (text != WHOLE)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('title = "T', 1, "TOML"),
        ('titel = "T"', 1, "Did you mean “title”?"),
        ('format = 2\ntitle = "T"\nthen.tag = "x"', 1, "format"),
        ('then.tag = "x"', 1, "has no title"),
        ('title = "T"', 1, "neither says nor does"),
        ('title = "T"\ntext = {}\nthen = {}', 1, "neither says nor does"),
        ('title = "T"\nteams = ["suport"]\nthen.tag = "x"', 2, "Did you mean “support”?"),
        ('title = "T"\ntext.de = "Hallo"', 2, "Did you mean “text.en”?"),
        ('title = "T"\n[text]\nfa = ""', 3, "text.fa"),
        ('title = 7\nthen.tag = "x"', 1, "title"),
        ('title = "T"\nthen.tags = "x"', 2, "Did you mean “tag”?"),
        ('title = "T"\nthen.state = "shut"', 2, "state"),
        ('title = "T"\nthen.assign = "agent:rezza"', 2, "Did you mean “reza”?"),
        ('title = "T"\nthen.assign = { team = "support", by = "least-busy" }', 2, "assign.by"),
        ('title = "T"\nthen.policy = "vip"', 2, "cannot do “policy”"),
        ('title = "T"\nthen.raise_priority_to = "high"', 2, "cannot do “raise_priority_to”"),
        ('title = "T"\nthen.follow_up = { in = "2 working days", text = "x" }', 2, "cannot do “follow_up”"),
        ('title = "T"\nthen.priority = "low"\nthen.override = ["priority"]', 3, "cannot do “override”"),
        ('title = "T"\nthen.snooze = "2d"', 2, "2 working days"),
        ('title = "T"\nthen.state = "waiting"', 2, "only a macro with a text"),
        ('title = "T"\nthen.state = "done"\nthen.snooze = "2 working days"', 3, "snooze"),
        ('title = "T"\nthen.tag = "x"\nask.code = "Code"', 3, "asks the agent for nothing"),
        ('title = "T"\ntext.en = "x"\nask.code = 7', 3, "ask.code"),
        ('title = "T"\ntext.en = "x"\nask.co-de = "Code"', 3, "co-de"),
        ('title = "T"\ntext.en = "x"\ndisabled = "yes"', 3, "disabled"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(text: str, line: int, told: str) -> None:
    found = of(text)
    assert found.macro is None
    places = [problem.facts["where"] for problem in found.problems]
    assert f"rules/macros/parcel.toml:{line}" in places, places
    for language in ("fa", "en"):
        sentences = [wording().problem(language, problem) for problem in found.problems]
        assert all(sentences)
    assert any(told in sentence for sentence in sentences), sentences


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = of('titel = "T"\nteams = ["suport"]\ntext.de = "x"\nthen.state = "shut"').problems
    assert sorted(str(problem.facts["where"]).rpartition(":")[2] for problem in found) == ["1", "1", "2", "3", "4"]


@pytest.mark.parametrize(("name", "fine"), [("parcel-2", True), ("مرسوله", True), ("two words", False), ("-x", False)])
def test_a_name_is_one_word(name: str, fine: bool) -> None:
    assert (of('title = "T"\nthen.tag = "x"', name).macro is not None) == fine
