"""How messages sound: words of the shipped lists, denied or not; and how often that is right, on a small labelled corpus."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from inbox.domain.problems import Misconfigured
from inbox.rulebook.tone_file import tone_words
from inbox.text.tone import LONGEST, MOST, TONES, ToneWords

ROOT = Path(__file__).parents[3]
SHIPPED = tomllib.loads((ROOT / "rules" / "tone.toml").read_text(encoding="utf-8"))
WORDS = tone_words(SHIPPED, "rules/tone.toml", SHIPPED)
LEAST = {"urgent": (0.85, 0.75), "angry": (0.9, 0.8), "abusive": (0.95, 0.9)}
"""Precision and recall below which a change of the lists is a step back."""


def tones(text: str, words: ToneWords = WORDS) -> set[str]:
    return {tone for tone, _ in words.heard(text)}


def corpus() -> list[tuple[set[str], str]]:
    lines = (ROOT / "tests/corpus/tone/messages.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t", 1) for line in lines]
    return [(set() if said == "-" else set(said.split()), text) for said, text in pairs]


def measured() -> dict[str, tuple[float, float]]:
    """Precision and recall of each tone."""
    found: Counter[tuple[str, str]] = Counter()
    for wanted, text in corpus():
        heard = tones(text)
        for tone in TONES:
            found[tone, "right"] += tone in wanted and tone in heard
            found[tone, "heard"] += tone in heard
            found[tone, "wanted"] += tone in wanted
    return {t: (found[t, "right"] / found[t, "heard"], found[t, "right"] / found[t, "wanted"]) for t in TONES}


@pytest.mark.parametrize("tone", TONES)
def test_the_corpus_is_heard_rightly_as_often_as_it_is_told(tone: str) -> None:
    precision, recall = measured()[tone]
    assert precision >= LEAST[tone][0], f"precision {precision:.2f}"
    assert recall >= LEAST[tone][1], f"recall {recall:.2f}"


def test_the_words_that_say_so_are_told() -> None:
    assert WORDS.heard("این موضوع فوری است و واقعا افتضاح") == (("urgent", ("فوری",)), ("angry", ("افتضاح",)))


@pytest.mark.parametrize(
    "text",
    [
        "عجله‌ای نیست",
        "عجله ای نيست",
        "این فوری نیست",
        "فوري نيست",
        "not urgent",
        "It isn't urgent.",
        "no rush",
        "بدون عجله",
    ],
)
def test_what_is_denied_says_nothing(text: str) -> None:
    assert not tones(text)


def test_a_denial_in_another_clause_denies_nothing() -> None:
    assert tones("This is not about money. Urgent!") == {"urgent"}
    assert tones("نگران نیستم، فوری است") == {"urgent"}


@pytest.mark.parametrize("text", ["هرچه سریع‌تر", "هرچه سريعتر", "هر چه سریع تر", "هَرچه سریعـتر"])
def test_spaces_and_letters_make_no_difference(text: str) -> None:
    assert tones(text) == {"urgent"}


def test_words_within_words_say_nothing() -> None:
    assert not tones("an insurgently written novel about scampi and grassholes; its author is called Kidiotson")


def test_what_somebody_else_said_is_left_out() -> None:
    assert not tones("Thanks.\n> this is urgent, you idiots\n")


def test_a_site_adds_words_and_takes_some_away() -> None:
    mine = {"extend": True, "urgent": {"en": ["red alert"], "without": ["asap"]}}
    words = tone_words(mine, "rules/tone.toml", SHIPPED)
    assert tones("red alert", words) == {"urgent"}
    assert not tones("asap", words)
    assert tones("immediately", words) == {"urgent"}


def test_a_file_of_its_own_counts_alone() -> None:
    words = tone_words({"angry": {"fa": ["دلخورم"]}}, "rules/tone.toml", SHIPPED)
    assert tones("دلخورم، فوری است", words) == {"angry"}


@pytest.mark.parametrize(
    "wrong", [{"urgnt": {}}, {"format": 2}, {"urgent": {"de": ["eilig"]}}, {"angry": {"en": "word"}}]
)
def test_a_wrong_file_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Misconfigured):
        tone_words(wrong, "rules/tone.toml", SHIPPED)


def test_however_long_a_message_is_it_is_listened_to_in_bounds() -> None:
    assert not tones("a " * LONGEST + "urgent")
    words = ToneWords.of({"angry": [f"w{n}" for n in range(100)]}, (), ())
    assert len(dict(words.heard(" ".join(f"w{n}" for n in range(100))))["angry"]) == MOST
