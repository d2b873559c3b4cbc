"""Templates that would take for ever, or all memory: each is refused at load, or ends early at rendering."""

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.domain.facts import Facts, ReplyFacts, TranscriptFacts, TranscriptLine
from inbox.domain.problems import Misconfigured
from inbox.render.examples import examples
from inbox.render.files import SIZE_CAP
from tests.unit.render.places import Place

SECONDS = 4.0
"""Of CPU, on a slow machine under tracing; without it each is a fraction of that."""
MEGABYTES = 64

AT_LOAD = {
    "a gigabyte of letters": "{{ 'a' * 300000000 }}",
    "a list of billions": "{% for a in [0] * 999999999 %}x{% endfor %}",
    "loops within loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a very wide number": "{{ '%999999999d'|format(1) }}",
    "a very wide text": "{{ brand|center(300000000) }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a number of thousands of digits": "{{ " + "9" * 60_000 + " }}",
    "the same in hexadecimal": "{{ 0x" + "f" * 60_000 + " }}",
    "doubling": "{% set a = 'xx' %}" * 30,
    "filters upon filters": "{{ brand" + "|bdi" * 15_000 + " }}",
    "a deep condition": "{{ " + "not " * 15_000 + "brand }}",
    "deep blocks": "{% if brand %}" * 2_400 + "{% endif %}" * 2_400,
    "brackets": "{{ " + "(" * 30_000 + "brand" + ")" * 30_000 + " }}",
    "a whole library": "{{ lipsum(n=20000) }}",
}


def bounded(act: Callable[[], object]) -> None:
    """It takes no more than it may."""
    tracemalloc.start()
    began = time.process_time()
    try:
        act()
        assert time.process_time() - began < SECONDS
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", AT_LOAD)
def test_at_load_it_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path).write("acknowledgement/en/body.txt.j2", f"Hello\n{AT_LOAD[name]}\n")
    templates = place.templates()
    found: list[Misconfigured] = []
    bounded(lambda: found.extend(templates.faults("acknowledgement")))
    assert {one.key for one in found} <= {"template.not_allowed", "template.syntax"}
    assert found
    assert all(str(one.facts["where"]).startswith("templates/messages/acknowledgement/en/body.txt.j2") for one in found)


# -- what may be written, and must end all the same --------------------------------------------------------------------
def transcript(lines: int) -> TranscriptFacts:
    facts = examples("transcript", "en")[0]
    assert isinstance(facts, TranscriptFacts)
    line = TranscriptLine(at=facts.lines[0].at, ours=False, name="a", text="b" * 500, files=("f",) * 50)
    return replace(facts, lines=(line,) * lines)


def reply(text: str) -> ReplyFacts:
    facts = examples("reply", "en")[0]
    assert isinstance(facts, ReplyFacts)
    return replace(facts, text=text, quoted_text=text)


LOOP = "{% for line in lines %}"
AT_RENDERING: dict[str, tuple[str, str, Facts]] = {
    "nested loops": ("transcript", LOOP * 2 + "{% if line.ours %}x{% endif %}" + "{% endfor %}" * 2, transcript(3_000)),
    "a loop around very much": (
        "transcript",
        LOOP + "{% if line.text|paragraphs == brand %}x{% endif %}" * 900 + "{% endfor %}",
        transcript(3_000),
    ),
    "parts of parts of parts": ("reply", '{% include "a" %}' * 1_000, reply("x")),
    "a long text again and again": ("reply", "{{ text|paragraphs }}" * 3_000, reply("&\n" * 100_000)),
    "words without end": ("reply", "{{ text }}", reply("x" * 50_000_000)),
}


@pytest.mark.parametrize("name", AT_RENDERING)
def test_at_rendering_it_ends_early_with_a_sentence(tmp_path: Path, name: str) -> None:
    template, written, facts = AT_RENDERING[name]
    place = Place(tmp_path).write(f"{template}/en/body.txt.j2", written.replace("|paragraphs", "|quoted"))
    place.write(f"{template}/en/body.html.j2", written)
    for form in ("txt", "html"):
        for part, inner in (("a", "b"), ("b", "c")):
            place.write(f"_parts/en/{part}.{form}.j2", f'{{% include "{inner}" %}}' * 1_000)
        place.write(f"_parts/en/c.{form}.j2", "{% if reference %}{% endif %}" * 2_000)
    templates = place.templates()
    templates.origins(template, "en")  # compiled before it is measured

    def render() -> None:
        with pytest.raises(Misconfigured) as caught:
            templates.message(template, "en", facts)
        assert caught.value.key in ("template.too_long", "template.failed")

    bounded(render)


def test_a_folder_of_large_files_is_read_to_a_size(tmp_path: Path) -> None:
    place = Place(tmp_path).write("acknowledgement/en/body.txt.j2", "a" * (20 << 20))
    bounded(lambda: place.templates())
    assert [one.key for one in place.templates().faults("acknowledgement")] == ["template.too_large"]
    assert SIZE_CAP < 1 << 17
