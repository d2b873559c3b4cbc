"""The benchmark's chat is what its manifest says, always the same, and its outcome can be read from the words alone."""

from collections import Counter, defaultdict

import pytest

from bench.talking import Found, compare
from bench.talks import AT_ONCE, ExpectedTalks, Network, Part, Said, build

WORDS = list(build(200, 42))
EXPECTED = ExpectedTalks.of(WORDS)


def perfect() -> Found:
    said: dict[int, list[str]] = defaultdict(list)
    for one in WORDS:
        if one.part is not Part.AGAIN:
            said[one.talk].append(one.text)
    again = sum(one.part is Part.AGAIN and one.network is Network.BOT for one in WORDS)
    acknowledged = Counter(one.network.value for one in WORDS if one.part is Part.FIRST)
    return Found(said, Counter(duplicate=again), acknowledged, EXPECTED.pictures)


def missed(found: Found) -> set[str]:
    sent = found.acknowledged[Network.BOT.value]
    return {figure.what for figure in compare(WORDS, EXPECTED, found, sent) if figure.failed}


def test_the_same_seed_gives_the_same_words_and_another_seed_others() -> None:
    assert WORDS == list(build(200, 42)) != list(build(200, 43))


def test_the_mix_has_both_networks_both_languages_pictures_and_repetitions() -> None:
    persian = sum(not one.text.isascii() for one in WORDS) / len(WORDS)
    assert 0.5 < persian < 0.7
    assert {one.network for one in WORDS} == set(Network)
    assert EXPECTED.conversations == 200
    assert EXPECTED.joins > 300
    assert EXPECTED.again > 10
    assert EXPECTED.pictures > 10
    assert {one.network for one in WORDS if one.picture} == {Network.BOT}


def test_a_talk_is_said_in_its_order_and_beside_others() -> None:
    numbers: dict[int, list[int]] = defaultdict(list)
    for one in WORDS:
        if one.part is not Part.AGAIN:
            numbers[one.talk].append(one.number)
    assert all(several == list(range(1, len(several) + 1)) for several in numbers.values())
    open_at_once = max(
        sum(_first(talk) <= index <= _last(talk) for talk in numbers) for index in range(0, len(WORDS), 25)
    )
    assert 3 < open_at_once <= AT_ONCE


def test_what_is_brought_again_is_what_was_said_before() -> None:
    known: dict[tuple[int, int], Said] = {}
    for one in WORDS:
        if one.part is Part.AGAIN:
            before = known[one.talk, one.number]
            assert (before.text, before.network, before.picture) == (one.text, one.network, one.picture)
        known[one.talk, one.number] = one


def test_a_perfect_run_misses_nothing() -> None:
    assert missed(perfect()) == set()


@pytest.mark.parametrize("lost", [0, -1])
def test_a_word_that_is_lost_or_out_of_order_is_missed(lost: int) -> None:
    found = perfect()
    longest = max(found.words, key=lambda talk: len(found.words[talk]))
    found.words[longest].pop(lost)  # type: ignore[attr-defined]  # they are lists here
    assert missed(found) == {"joins", "talks whole and in their order"}
    turned = perfect()
    turned.words[longest].reverse()  # type: ignore[attr-defined]  # they are lists here
    assert missed(turned) == {"talks whole and in their order"}


def test_an_acknowledgement_too_many_is_missed() -> None:
    found = perfect()
    found.acknowledged[Network.BOT.value] += 1
    assert missed(found) == {"acknowledgements sent", "acknowledgements on the bot's network"}


def _first(talk: int) -> int:
    return next(one.index for one in WORDS if one.talk == talk)


def _last(talk: int) -> int:
    return max(one.index for one in WORDS if one.talk == talk)
