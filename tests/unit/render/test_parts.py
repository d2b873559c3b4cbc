"""Parts that templates include: where they are found, what they are given, and what they may not do."""

from pathlib import Path

import pytest

from inbox.domain.facts import AcknowledgementFacts
from inbox.render import Templates
from inbox.render.examples import examples
from inbox.render.parts import DEPTH
from tests.unit.render.places import SHIPPED, Place

BODY = 'Hi,\n{% include "closing" %}\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path).write("acknowledgement/en/body.txt.j2", BODY)


def said(templates: Templates, *variants: str, language: str = "en") -> str:
    facts = examples("acknowledgement", language)[0]
    assert isinstance(facts, AcknowledgementFacts)
    return templates.message("acknowledgement", language, facts, variants=variants).text


def found(place: Place) -> list[tuple[str, str]]:
    return [(one.key, str(one.facts["where"]).removeprefix("templates/messages/")) for one in place.templates().check()]


# -- where they are found ----------------------------------------------------------------------------------------------
def test_the_sites_own_part_stands_in_the_shipped_templates_too(place: Place) -> None:
    assert said(place.templates()) == "Hi,\nExample Store"
    place.write("_parts/en/closing.txt.j2", "Yours, {{ brand }}\n")
    assert said(place.templates()) == "Hi,\nYours, Example Store"
    place.write("_parts/fa/closing.txt.j2", "ارادتمند، {{ brand }}\n")
    assert said(place.templates(), language="fa").endswith("\n\nارادتمند، فروشگاه نمونه")


def test_the_part_of_a_channel_a_team_or_a_policy_comes_before_the_plain_one(place: Place) -> None:
    for variant in ("vip", "billing"):
        place.write(f"_parts@{variant}/en/closing.txt.j2", f"yours of {variant}\n")
    templates = place.templates()
    assert said(templates, "billing", "vip") == "Hi,\nyours of billing"
    assert said(templates, "other", "vip") == "Hi,\nyours of vip"
    assert said(templates, "other") == "Hi,\nExample Store"


def test_a_part_is_in_the_language_of_the_words_around_it(place: Place) -> None:
    place.write("acknowledgement/de/body.txt.j2", 'Hallo,\n{% include "closing" %}\n')
    assert found(place) == [("template.no_part", "acknowledgement/de/body.txt.j2:2")]


def test_each_form_includes_parts_of_its_own_form(place: Place) -> None:
    place.write("acknowledgement/en/body.html.j2", '<b>{{ brand }}</b>{% include "closing" %}\n')
    place.write("_parts/en/closing.html.j2", "<i>{{ brand }}</i>")
    facts = examples("acknowledgement", "en")[0]
    html = place.templates().message("acknowledgement", "en", facts).html
    assert html == "<b>Example Store</b><i>Example Store</i>", "what a part escaped is not escaped again"


def test_the_files_of_a_message_are_named_with_their_parts(place: Place) -> None:
    place.write("_parts@vip/en/closing.txt.j2", "vip\n")
    origins = place.templates().origins("acknowledgement", "en", ("vip",))
    told = [(one.what, one.own, one.variant) for one in origins]
    assert told == [("subject.txt", False, ""), ("body.txt", True, ""), ("closing.txt", True, "vip")]


# -- what is wrong with them -------------------------------------------------------------------------------------------
def test_a_part_that_is_not_there_is_told_with_those_that_are(place: Place) -> None:
    place.write("acknowledgement/en/body.txt.j2", '\n{% include "clossing" %}')
    (finding,) = place.templates().check()
    assert (finding.key, str(finding.facts["where"])[-13:]) == ("template.no_part", "body.txt.j2:2")
    assert "closing" in str(finding.facts["known"])


def test_a_name_in_a_part_that_one_of_its_templates_is_not_given_is_told_in_the_part(place: Place) -> None:
    place.write("_parts/en/closing.txt.j2", "{{ brand }}\n{{ contact_nam }} {{ contact_name }}\n")
    findings = place.templates().check()
    mistyped = next(one for one in findings if one.facts["name"] == "contact_nam")
    assert (mistyped.key, mistyped.facts["suggestion"]) == ("template.unknown_in_part", "contact_name")
    assert mistyped.facts["where"] == "templates/messages/_parts/en/closing.txt.j2:2"
    by = {str(one.facts["by"]) for one in findings if one.facts["name"] == "contact_name"}
    assert {"acknowledgement-neutral", "proved", "transcript"} <= by - {"acknowledgement"}, (
        "a neutral template does not learn a name through a part"
    )


def test_a_part_of_a_variant_is_rendered_with_every_template_that_would_include_it(place: Place) -> None:
    place.write("_parts@vip/en/closing.txt.j2", "a\nb {{ due_at }}\n")
    assert ("template.unknown_in_part", "_parts@vip/en/closing.txt.j2:2") in found(place), "of the other templates"
    assert ("template.failed", "_parts@vip/en/closing.txt.j2:2") in found(place), "of the acknowledgement"
    place.write("_parts@vip/en/closing.txt.j2", "a\nb {{ zone }}\n")
    assert set(found(place)) == {("template.failed", "_parts@vip/en/closing.txt.j2:2")}


def test_a_part_that_contains_itself_is_refused(place: Place) -> None:
    place.write("_parts/en/closing.txt.j2", '{% include "one" %}').write(
        "_parts/en/one.txt.j2", '\n{% include "closing" %}'
    )
    assert {key for key, _ in found(place)} == {"template.part_in_itself"}


def test_parts_stand_in_parts_to_a_depth(place: Place) -> None:
    for number in range(DEPTH + 1):
        place.write(f"_parts/en/p{number}.txt.j2", f'{{% include "p{number + 1}" %}}\n')
    place.write(f"_parts/en/p{DEPTH + 1}.txt.j2", "end\n")
    place.write("acknowledgement/en/body.txt.j2", '{% include "p2" %}')
    assert said(place.templates()) == "end"
    place.write("acknowledgement/en/body.txt.j2", '{% include "p0" %}')
    assert ("template.part_too_deep", f"_parts/en/p{DEPTH - 1}.txt.j2:1") in found(place)


@pytest.mark.parametrize(
    "written",
    [
        "{% include brand %}",
        "{% include 'closing' ignore missing %}",
        "{% include 'closing' without context %}",
        "{% include ['closing', 'greeting'] %}",
        "{% include '../closing' %}",
        "{% include 'closing.txt.j2' %}",
        "{% include '_parts' %}",
        "{{ 'closing'|part }}",
    ],
)
def test_only_a_constant_name_is_included(place: Place, written: str) -> None:
    place.write("acknowledgement/en/body.txt.j2", f"\n{written}")
    assert found(place) == [("template.not_allowed", "acknowledgement/en/body.txt.j2:2")]


def test_a_part_sees_facts_and_not_what_a_loop_names(tmp_path: Path) -> None:
    place = Place(tmp_path).write(
        "transcript/en/body.txt.j2", '{% for line in lines %}{% include "mine" %}{% endfor %}'
    )
    place.write("_parts/en/mine.txt.j2", "{{ line.text }}\n")
    assert found(place) == [("template.unknown_in_part", "_parts/en/mine.txt.j2:1")]


def test_what_is_no_part_is_told_and_what_editors_leave_is_not(place: Place) -> None:
    for name in ("closing.md", "Closing.txt.j2", "closing.j2"):
        place.write(f"_parts/en/{name}", "x")
    place.write("_parts/closing.txt.j2", "x")
    for name in (".closing.txt.j2.swp", "closing.txt.j2~", "#closing.txt.j2#"):
        place.write(f"_parts/en/{name}", "{{ nobody")
    assert [key for key, _ in found(place)] == ["template.unknown_part_file"] * 4


def test_parts_are_no_templates_that_anybody_could_choose() -> None:
    assert not any("_parts" in name for name in Templates([SHIPPED]).names())
