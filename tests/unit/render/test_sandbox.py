"""What a message template may not do, however it is written."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.domain.facts import ReplyFacts
from inbox.domain.problems import Misconfigured
from inbox.render.examples import examples
from inbox.render.files import SIZE_CAP
from inbox.render.running import LOOP_CAP, TURNS
from inbox.render.sandbox import Sandbox
from tests.unit.render.places import Place

BOMBS = [
    "{{ 'a' * 300000000 }}",
    "{{ 'a' ** 9 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ 1 + 1 }}",
    "{{ '%999999999d'|format(1) }}",
    "{{ 'a'|center(300000000) }}",
    "{{ brand.ljust(99999999) }}",
    "{{ brand.__class__ }}",
    "{{ brand|attr('__class__') }}",
    "{{ lipsum(n=20000) }}",
    "{{ range(100000) }}",
    "{% for a in range(99999) %}x{% endfor %}",
    "{% for a in brand|default('x') %}x{% endfor %}",
    "{% set a = 'x' %}",
    "{% macro m() %}x{% endmacro %}",
    "{% include 'body.txt.j2' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% block b %}{% endblock %}",
    "{% with a = 'x' %}{% endwith %}",
    "{% filter upper %}x{% endfilter %}",
    "{{ [1, 2, 3] }}",
    "{{ {'a': 1} }}",
    "{{ brand[0:2] }}",
    "{{ brand is callable }}",
    "{{ brand|listed }}",
    "{{ brand|safe }}",
    "{{ 'x' if brand else 'y' }}",
    "{% for a in brand recursive %}x{% endfor %}",
    "{{" + "not " * 4000 + "brand" + "}}",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_at_load_with_its_line(tmp_path: Path, bomb: str) -> None:
    started = time.thread_time()
    findings = Place(tmp_path).findings(f"Hello\n{bomb}\n")
    assert [f.key for f in findings] == ["template.not_allowed"]
    assert str(findings[0].facts["where"]).startswith("templates/messages/acknowledgement/en/body.txt.j2:")
    assert time.thread_time() - started < 2


@pytest.mark.parametrize("name", ["strip", "title", "encode", "language_", "foo"])
def test_nothing_of_a_value_can_be_reached(tmp_path: Path, name: str) -> None:
    assert [f.key for f in Place(tmp_path).findings("{{ brand." + name + " }}")] == ["template.failed"]


def test_a_loop_runs_over_a_list_only_and_its_turns_are_counted() -> None:
    sandbox = Sandbox({}, autoescape=False)
    nested = sandbox.from_string("{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}ok")
    assert nested.render({"rows": (1,) * 90, TURNS: [LOOP_CAP]}) == "ok"
    with pytest.raises(TypeError, match="turns"):
        nested.render({"rows": (1,) * 200, TURNS: [LOOP_CAP]})
    with pytest.raises(TypeError, match="list"):
        nested.render({"rows": "a text", TURNS: [LOOP_CAP]})


def test_loops_nest_twice_at_most(tmp_path: Path) -> None:
    loop = "{% for a in brand %}"
    findings = Place(tmp_path).findings(loop * 3 + "{% endfor %}" * 3)
    assert [(f.key, f.facts["reason"]) for f in findings] == [("template.not_allowed", "for")]


def test_what_is_said_is_capped(tmp_path: Path) -> None:
    place = Place(tmp_path).write("reply/en/body.txt.j2", "{{ text }}")
    facts = replace(_reply(), text="a" * 300_000)
    with pytest.raises(Misconfigured) as caught:
        place.templates().message("reply", "en", facts)
    assert caught.value.key == "template.too_long"


def test_a_file_is_capped(tmp_path: Path) -> None:
    assert [f.key for f in Place(tmp_path).findings("a" * (SIZE_CAP + 1))] == ["template.too_large"]


def test_a_value_that_is_no_words_is_not_printed(tmp_path: Path) -> None:
    for raw in ("due_at", "open_now", "zone"):
        assert [f.key for f in Place(tmp_path).findings("{{ " + raw + " }}")] == ["template.failed"]


@pytest.mark.parametrize(
    "said", ["{{ 7*7 }}", "{{ brand }}", "{% raw %}", "<script>alert(1)</script>", "</p><img src=x>"]
)
def test_what_a_customer_writes_is_never_a_template(said: str, tmp_path: Path) -> None:
    facts = replace(_reply(), quoted_text=said, quoted_name=said)
    rendered = Place(tmp_path).templates().message("reply", "en", facts)
    assert f"> {said}" in rendered.text
    assert f"{said} wrote:" in rendered.text
    assert rendered.html is not None
    assert "<script" not in rendered.html
    assert "<img" not in rendered.html


def _reply() -> ReplyFacts:
    facts = examples("reply", "en")[0]
    assert isinstance(facts, ReplyFacts)
    return facts


@pytest.mark.parametrize("depth", [30, 120, 500, 900])
def test_deep_nesting_is_a_finding_or_fine_and_never_a_crash(tmp_path: Path, depth: int) -> None:
    findings = Place(tmp_path).findings("{% if brand %}" * depth + "x" + "{% endif %}" * depth)
    assert {f.key for f in findings} <= {"template.syntax", "template.not_allowed"}
