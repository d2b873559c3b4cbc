"""What a Persian reader calls equal, rules find: every pair of the fold's table, as phrase and as text, both ways round."""

import json

import pytest

from inbox.rulebook.facts import ContactFacts
from inbox.rulebook.match import evaluate
from inbox.rulebook.rulebook import SMALL
from inbox.text.fold import squeeze, words
from tests.unit.rulebook.site import book, decided, facts, rule
from tests.unit.text.test_fold import DIFFERENT, EQUAL

PAIRS = [pair for one, other in EQUAL for pair in ((one, other), (other, one)) if words(one) and words(other)]
SPACED = [
    ("می‌شود", "می شود"),
    ("می شود", "میشود"),
    ("میشود", "می‌شود"),
    ("قطع شده است", "قطع شده‌است"),
    ("پیگیری‌های", "پی‌گیری های"),
]
FILLING = "".join(rule(f'when.from = "nobody{n}@x"\nthen.tag = "filling"', f"filling {n}") for n in range(SMALL + 1))


def mentioning(phrase: str) -> str:
    return rule(f"when.text.mentions = {json.dumps(phrase)}\nthen.tag = 'hit'")


def test_the_table_is_whole() -> None:
    assert len(PAIRS) >= 2 * 60


@pytest.mark.parametrize(("phrase", "text"), [*PAIRS, *SPACED])
def test_a_phrase_is_found_however_it_is_written(phrase: str, text: str) -> None:
    said = f"«{text}»، 12."
    assert decided(mentioning(phrase), text=said).matched == ("it",)
    assert decided(mentioning(phrase), subject=said).matched == ("it",)
    assert evaluate(book(mentioning(phrase) + FILLING), facts(text=said)).matched == ("it",), "by the index"


@pytest.mark.parametrize(("phrase", "text"), [pair for pair in DIFFERENT if squeeze(pair[0]) != squeeze(pair[1])])
def test_what_differs_in_more_than_spaces_is_not_found(phrase: str, text: str) -> None:
    assert decided(mentioning(phrase), text=text).matched == ()


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_tags_are_compared_the_same_way(one: str, other: str) -> None:
    text = rule(f"when.contact.tag = {json.dumps(one)}\nthen.tag = 'hit'")
    assert decided(text, contact=ContactFacts(tags=(other,))).matched == ("it",)
