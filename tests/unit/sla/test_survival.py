"""The Kaplan-Meier curve gives the textbook's numbers, and unanswered conversations push its quantiles up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.sla.survival import History, Sample

# Remission times in weeks under 6-mercaptopurine, + still in remission: E. J. Freireich et al., Blood 21 (1963), 699-716,
# the example in most textbooks of survival analysis; the curve is the product-limit estimate worked out by hand.
HAPPENED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
FREIREICH = History.of([*(Sample(n) for n in HAPPENED), *(Sample(n, censored=True) for n in STILL)])


def test_the_textbook_curve() -> None:
    left = [round(1 - reached, 3) for reached in FREIREICH.reached]
    assert list(zip(FREIREICH.times, left, strict=True)) == [
        (6, 0.857),
        (7, 0.807),
        (10, 0.753),
        (13, 0.690),
        (16, 0.627),
        (22, 0.538),
        (23, 0.448),
    ]
    assert (FREIREICH.size, FREIREICH.answered, FREIREICH.open) == (21, 9, 12)


def test_quantiles_are_read_from_the_curve_and_none_beyond_it() -> None:
    assert FREIREICH.quantile(0.25) == 13
    assert FREIREICH.quantile(0.5) == 23
    assert FREIREICH.quantile(0.56) is None
    assert History.of([]).quantile(0.5) is None


def test_without_open_ones_it_is_the_plain_quantile() -> None:
    history = History.of(Sample(n) for n in range(100, 0, -1))
    assert [history.quantile(share) for share in (0.01, 0.5, 0.8, 0.85, 0.9, 1.0)] == [1, 50, 80, 85, 90, 100]


@pytest.mark.parametrize("size", range(1, 60))
def test_a_share_that_binary_fractions_miss_is_still_reached(size: int) -> None:
    history = History.of(Sample(n) for n in range(1, size + 1))
    assert [history.quantile(n / size) for n in range(1, size + 1)] == list(range(1, size + 1))


samples = st.builds(Sample, st.integers(0, 50), st.booleans())


@given(st.lists(samples, min_size=1, max_size=40), st.floats(0.05, 0.95))
def test_an_answer_that_is_still_out_never_makes_the_estimate_shorter(drawn: list[Sample], share: float) -> None:
    with_open = History.of([*drawn, Sample(25, censored=True)]).quantile(share)
    without = History.of(drawn).quantile(share)
    assert with_open is None or (without is not None and with_open >= without)


@given(st.lists(samples, max_size=40))
def test_a_curve_only_rises_and_does_not_depend_on_the_order(drawn: list[Sample]) -> None:
    history = History.of(drawn)
    assert history == History.of(reversed(drawn))
    assert list(history.reached) == sorted(set(history.reached))
    assert list(history.times) == sorted(set(history.times))
    assert all(0 < reached <= 1 for reached in history.reached)
    last = [s for s in drawn if s.working_seconds == max(d.working_seconds for d in drawn)]
    if last and not any(s.censored for s in last):
        assert history.reached[-1] == pytest.approx(1)


def test_the_mean_is_that_of_what_is_over() -> None:
    assert History.of([Sample(60.0), Sample(120.0), Sample(120.0), Sample(300.0)]).mean == pytest.approx(150.0)
    assert History.of([Sample(60.0, censored=True)]).mean is None
