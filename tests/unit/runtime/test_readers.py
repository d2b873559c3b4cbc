"""The reader children: one answer a path and in order, what kills one is blamed alone, and few paths wait in memory."""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from inbox.domain.problems import Unreadable
from inbox.runtime.lines import LINE_CAP, Lines
from inbox.runtime.readers import WINDOW, Readers
from inbox.runtime.reading import Limits, Question
from inbox.settings import Settings, parse

ROOT = Path(__file__).parents[3]
LIMITS = Limits()


@pytest.fixture(autouse=True)
def poison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The children find the poison reader as they find every other: by its entry point."""
    told = tmp_path / "poison-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[inbox.readers]\npoison = tests.unit.runtime.poison:PoisonReader\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")


def files(folder: Path, words: Sequence[str]) -> list[bytes]:
    """A file for each word."""
    paths = [folder / f"{number:05d}" for number in range(len(words))]
    for path, word in zip(paths, words, strict=True):
        path.write_text(word)
    return [os.fsencode(path) for path in paths]


def read(paths: Sequence[bytes], jobs: int = 1, limits: Limits = LIMITS) -> list[str]:
    """What each file says, or the key of the reason why it says nothing."""
    with Readers.of("poison", jobs, limits) as readers:
        return [said(question) for done in readers.read(Lines.of(paths)) for question in done]


def said(question: Question) -> str:
    if isinstance(question.answer, bytes):
        return str(json.loads(question.answer)["said"])
    assert isinstance(question.answer, Unreadable)
    return question.answer.key


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_answers_come_in_the_order_of_the_paths(jobs: int, tmp_path: Path) -> None:
    words = [f"{n} " + "x" * (n % 7 * 5000) for n in range(200)]
    assert read(files(tmp_path, words), jobs) == [word[:100] for word in words]


def test_no_path_gives_no_answer_and_starts_no_child() -> None:
    with Readers.of("poison", 3, Limits()) as readers:
        assert list(readers.read(Lines.of([]))) == []
        assert not any(child.running for child in readers.children)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("word", ["die", "babble", "shout"])
def test_only_the_file_that_kills_a_child_is_blamed(word: str, jobs: int, tmp_path: Path) -> None:
    words = ["a", f"{word} 1", "b", f"{word} 2", f"{word} 3", "c", "d"]
    expected = ["reading.died" if one.startswith(word) else one for one in words]
    assert read(files(tmp_path, words), jobs) == expected


def test_a_file_that_burns_its_seconds_is_ended_by_the_kernel_while_the_others_go_on(tmp_path: Path) -> None:
    words = ["burn", *map(str, range(40))]
    assert read(files(tmp_path, words), 2, Limits(seconds=2.0)) == ["reading.died", *words[1:]]


def test_a_file_that_waits_for_ever_is_ended_by_the_clock(tmp_path: Path) -> None:
    assert read(files(tmp_path, ["wait", "a"]), 1, Limits(seconds=2.0)) == ["reading.died", "a"]


def test_a_file_that_eats_memory_hits_the_limit_and_the_child_lives(tmp_path: Path) -> None:
    assert read(files(tmp_path, ["a", "eat", "b"]), 1, Limits(memory_mb=400)) == ["a", "reading.too_much", "b"]


def test_a_reader_that_fails_is_told_apart_from_a_file_that_says_nothing(tmp_path: Path) -> None:
    assert read(files(tmp_path, ["break", "refuse", "a"])) == ["reading.failed", "memory.unreadable", "a"]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    paths = [tmp_path / "missing", tmp_path, tmp_path / "pipe", Path("/dev/zero"), tmp_path / ("x" * 300)]
    none, no_file = "reading.no_file", "reading.not_a_file"
    assert read([os.fsencode(path) for path in paths]) == [none, no_file, no_file, no_file, none]
    assert read([b"", b"a\0b", b"x" * (LINE_CAP + 1)]) == ["reading.no_file"] * 3


def test_a_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.eml"
    with open(path, "wb") as file:
        file.write(b"here")
    assert read([path]) == ["here"]


def test_a_path_is_answered_before_the_next_one_is_said(tmp_path: Path) -> None:
    paths = files(tmp_path, ["a", "b", "c"])
    listening, saying = os.pipe()
    with Readers.of("poison", 2, Limits()) as readers:
        answers = readers.read(Lines(listening))
        for path, word in zip(paths, "abc", strict=True):
            os.write(saying, path + b"\n")
            assert [said(question) for question in next(answers)] == [word]
        os.close(saying)
        assert list(answers) == []
    os.close(listening)


def test_a_list_without_end_is_taken_no_faster_than_it_is_answered(tmp_path: Path) -> None:
    [path] = files(tmp_path, ["a"])
    taken = 0

    class Endless(Lines):
        def next(self) -> bytes:
            nonlocal taken
            taken += 1
            return path

    with Readers.of("poison", 2, Limits()) as readers:
        answers, answered = readers.read(Endless(-1)), 0
        while answered < 1_000:
            answered += len(next(answers))
            assert taken - answered <= 2 * WINDOW


def test_a_slow_file_holds_up_a_bounded_number_of_answers(tmp_path: Path) -> None:
    paths = files(tmp_path, ["wait", *["a"] * 500])
    taken = 0

    class Counted(Lines):
        def next(self) -> bytes | None:
            nonlocal taken
            taken += len(self._here) > 0
            return super().next()

    with Readers.of("poison", 2, Limits(seconds=0.3)) as readers:
        first = next(readers.read(Counted.of(paths)))
    assert said(first[0]) == "reading.died"
    assert taken <= 2 * WINDOW


@pytest.fixture
def pipe() -> Iterator[tuple[Lines, int]]:
    listening, saying = os.pipe()
    yield Lines(listening), saying
    os.close(listening)


def test_lines_are_whole_however_they_come(pipe: tuple[Lines, int]) -> None:
    lines, saying = pipe
    os.write(saying, b"one\ntw")
    lines.fill()
    assert (lines.next(), lines.next(), lines.ended) == (b"one", None, False)
    os.write(saying, b"o\n\nlast")
    os.close(saying)
    lines.fill()
    lines.fill()
    assert [lines.next() for _ in range(4)] == [b"two", b"", b"last", None]
    assert lines.ended


def test_a_line_that_never_ends_is_not_kept(pipe: tuple[Lines, int]) -> None:
    lines, saying = pipe

    def say() -> None:
        for _ in range(50):
            os.write(saying, b"x" * 65536)
        os.write(saying, b"\nnext\n")
        os.close(saying)

    talking = threading.Thread(target=say)
    talking.start()
    while not lines.ended:
        lines.fill()
    talking.join()
    assert [lines.next(), lines.next(), lines.next()] == [b"x" * (LINE_CAP + 1), b"next", None]


def test_the_limits_are_those_that_the_daemon_ships_with() -> None:
    shipped: Settings = parse("")
    assert Limits() == Limits(shipped.parsers.seconds, shipped.parsers.memory_mb)
