"""The texts of macros: checked at load with their lines, and what is empty leaves a mark that nobody else can write."""

from zoneinfo import ZoneInfo

import pytest

from inbox.domain.macro_facts import MacroFacts
from inbox.domain.problems import Misconfigured
from inbox.render.blanks import unfilled
from inbox.render.macros import Filled, Macros
from inbox.rulebook.macros import Macro, read
from inbox.rulebook.names import Names

FACTS = MacroFacts(language="en", zone=ZoneInfo("Asia/Tehran"), reference="K7Q2", contact_name="Lena", brand="Acme")


def macro(text: str, more: str = "", language: str = "en") -> Macro:
    found = read("m", "m.toml", f'title = "M"\n{more}\n[text]\n{language} = """\n{text}\n"""\n', Names())
    assert found.macro is not None, found.problems
    return found.macro


def filled(text: str, more: str = "", language: str = "en", **facts: object) -> Filled:
    one = macro(text, more, language)
    given = {name: getattr(FACTS, name) for name in MacroFacts.__dataclass_fields__} | facts
    return Macros({"m": one}).fill(one, language, MacroFacts(**given))


def wrong(text: str, more: str = "", language: str = "en") -> list[Misconfigured]:
    return Macros({"m": macro(text, more, language)}).check()


def test_facts_fields_and_answers_stand_in_the_text() -> None:
    text = "{{ contact_name }} {{ reference }} {{ field.order }} {{ ask.code }}"
    found = filled(text, 'ask.code = "Code"', field={"order": "A-1"}, ask={"code": "7"})
    assert found == Filled("en", "Lena K7Q2 A-1 7")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("{{ subject }}", ("subject",)),
        ("{{ subject|bdi }}", ("subject",)),
        ("{{ subject|digits }} {{ subject }}", ("subject",)),
        ("{{ field.order }}, {{ agent_name }}", ("field.order", "agent_name")),
        ('{{ field["order no"] }}', ("field.order no",)),
        ("{% if field.order %}{{ field.order }}{% endif %}.", ()),
        ("{{ field.order|default('none') }}", ()),
        ("{% if subject and team %}{{ subject }}{% else %}Hello{% endif %}", ()),
        ("{% if not subject %}{{ team }}{% endif %}", ("team",)),
    ],
)
def test_only_what_is_printed_and_empty_is_missing(text: str, missing: tuple[str, ...]) -> None:
    found = filled(text)
    assert found.missing == missing
    assert unfilled(found.text) == missing


def test_in_a_text_from_the_right_a_mark_is_found_as_well() -> None:
    assert filled("سلام {{ contact_name|bdi }}، {{ subject|bdi }}", language="fa", contact_name="").missing == (
        "contact_name",
        "subject",
    )


def test_a_blank_value_is_empty() -> None:
    assert filled("{{ field.order }}", field={"order": " \n"}).missing == ("field.order",)


def test_what_others_wrote_is_neither_a_template_nor_a_mark() -> None:
    found = filled("{{ subject }} {{ field.order }}", subject="\U000f0000{{ 7 * 7 }}", field={"order": "{% if %}"})
    assert found == Filled("en", "{{ 7 * 7 }} {% if %}")


def test_a_gap_that_a_condition_leaves_is_closed() -> None:
    assert filled("a\n\n{% if subject %}\nb\n{% endif %}\n\nc\n\n").text == "a\n\nc"


@pytest.mark.parametrize(
    ("text", "more", "key", "line", "suggestion"),
    [
        ("Hello\n{{ contct_name }}", "", "template.unknown_variable", 6, "contact_name"),
        ("Hello\n{{ ask.cod }}\n{{ ask.code }}", 'ask.code = "C"', "macros.unknown_question", 6, "code"),
        ("{{ ask.code }}", "", "macros.unknown_question", 5, "-"),
        ("{{ 'a' * 9 }}", "", "template.not_allowed", 5, None),
        ("\n\n{% macro x() %}{% endmacro %}", "", "template.not_allowed", 7, None),
        ("{{ reference.upper() }}", "", "template.not_allowed", 5, None),
        ("x\n{% include 'greeting' %}", "", "template.not_allowed", 6, None),
        ("x\n{{ reference", "", "template.syntax", 6, None),
        ("x\ny\n{{ field }}", "", "template.failed", 7, None),
        ("{{ zone }}", "", "template.failed", 5, None),
        ("{{ reference.real }}", "", "template.failed", 5, None),
        ("{% for x in subject %}{{ x }}{% endfor %}", "", "template.failed", 5, None),
    ],
)
def test_what_is_wrong_is_told_with_the_line_of_its_file(
    text: str, more: str, key: str, line: int, suggestion: str | None
) -> None:
    problem = wrong(text, more)[0]
    assert (problem.key, problem.facts["where"]) == (key, f"m.toml:{line}")
    assert problem.facts.get("suggestion") == suggestion


def test_an_answer_that_no_text_uses_is_told() -> None:
    [problem] = wrong("Hello", 'ask.code = "C"')
    assert (problem.key, problem.facts["where"]) == ("macros.unused_question", "m.toml:2")


def test_however_long_the_values_are_a_text_has_an_end() -> None:
    with pytest.raises(Misconfigured, match="too_long"):
        filled("{{ subject }}" * 4000, subject="x" * 10_000)


def test_what_is_wrong_in_each_language_is_told_at_once() -> None:
    text = 'title = "M"\ntext.en = "{{ nobody }}"\ntext.fa = "{{ nothing }} {{ reference"\nask.code = "C"\n'
    one = read("m", "m.toml", text, Names()).macro
    assert one is not None
    found = Macros({"m": one}).check()
    assert [problem.facts["where"] for problem in found] == ["m.toml:2", "m.toml:3"], "and nothing of what was not read"
