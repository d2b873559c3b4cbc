"""Drafts of templates are tried in a child that may not use up the machine."""

import time
from pathlib import Path

import pytest

from inbox.render.drafts import Answer, Look, Try
from inbox.runtime.drafts import Limits, ask
from tests.unit.render.places import SHIPPED, Place
from tests.unit.render.test_bombs import AT_LOAD

MEGABYTES = 128
"""Of address space, in which a bomb has to be found: Python itself takes half of it."""


def tried(place: Place, limits: Limits | None = None) -> Answer:
    return ask(Try((place.folder, SHIPPED), "en", "acknowledgement", "en"), limits)


@pytest.mark.parametrize("name", ["a gigabyte of letters", "filters upon filters", "a number of thousands of digits"])
def test_a_bomb_is_a_fault_and_takes_little(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path).write("acknowledgement/en/body.txt.j2", f"Hello\n{AT_LOAD[name]}\n")
    answer = tried(place, Limits(seconds=4, memory_mb=MEGABYTES))
    assert [fault.key for fault in answer.faults] == ["template.not_allowed"], "and not that it was ended"
    assert answer.rendered is None


def test_what_would_take_for_ever_is_ended(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for number in range(300):
        place.write(f"t{number}/en/body.txt.j2", "{% if brand %}{{ brand|bdi }}{% endif %}\n" * 1_400)
    began = time.monotonic()
    answer = ask(Look((place.folder,), "en"), Limits(seconds=0.5))
    assert [fault.key for fault in answer.faults] == ["template.died"]
    assert time.monotonic() - began < 20


def test_what_would_take_all_memory_is_ended(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for number in range(1_500):
        place.write(f"t{number}/en/body.txt.j2", "x" * 60_000)
    answer = ask(Look((place.folder,), "en"), Limits(seconds=20, memory_mb=96))
    assert {fault.key for fault in answer.faults} <= {"template.died", "template.too_much"}
    assert answer.faults


def test_an_answer_comes_whole(tmp_path: Path) -> None:
    answer = tried(Place(tmp_path))
    assert answer.faults == ()
    assert answer.rendered is not None
    assert "K7Q2" in answer.rendered.text
    assert {origin.what for origin in answer.origins} >= {"body.txt", "body.html", "closing.txt"}
