"""No input raises anything but Unreadable or takes two seconds, whatever is done to a mail on its way."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.fuzz.mutations import CHANGES, crossed, mutated
from tests.unit.fuzz.seeds import seeds
from tests.unit.fuzz.survival import Reading

SEEDS = seeds(workload=60)
READING = Reading()
SHARE = 600  # of the 100,000 of `make fuzz`: a few seconds


@given(st.binary(max_size=2000))
@example(b"\x00")
@example(b"\r")
@example(b":\n\n")
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n")
def test_any_bytes(raw: bytes) -> None:
    READING.survives(raw)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_any_mutation_of_a_mail(mail: bytes, chance: random.Random) -> None:
    READING.survives(mutated(mail, chance, SEEDS))


@pytest.mark.parametrize("seed", range(6))
def test_the_seeded_share_of_the_hundred_thousand(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(SHARE // 6):
        READING.survives(mutated(chance.choice(SEEDS), chance, SEEDS))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_changes_and_is_repeatable(change: object) -> None:
    assert callable(change)
    mails = [mail for mail in SEEDS if mail]
    once = [change(mail, random.Random(3)) for mail in mails]
    assert once == [change(mail, random.Random(3)) for mail in mails]
    assert sum(one != mail for one, mail in zip(once, mails, strict=True)) > len(mails) / 2
    assert [change(b"", random.Random(seed)) is not None for seed in range(20)] == [True] * 20


def test_two_mails_become_one() -> None:
    chance = random.Random(5)
    assert any(b"second" in crossed(b"From: a@b\r\n\r\nfirst", b"From: c@d\r\n\r\nsecond", chance) for _ in range(9))
