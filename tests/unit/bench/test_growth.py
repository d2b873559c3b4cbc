"""The exponent of growth is 0 for what is flat, 1 for what is linear, and the bound lies between."""

import math

import pytest

from bench.growth import HISTORIES, exponent, flat, grows


@pytest.mark.parametrize("power", [0.0, 0.1, 0.5, 1.0, 2.0])
def test_the_exponent_of_a_power_is_its_own(power: float) -> None:
    assert exponent({size: 3.0 * size**power for size in HISTORIES}) == pytest.approx(power, abs=1e-9)


def test_noise_is_levelled_and_not_multiplied() -> None:
    assert abs(exponent({1_000: 10.0, 10_000: 11.0, 100_000: 10.0})) < 0.03


@pytest.mark.parametrize("costs", [{}, {1_000: 1.0}, {1_000: 1.0, 10_000: 0.0}])
def test_there_is_none_where_it_cannot_be_told(costs: dict[int, float]) -> None:
    assert math.isnan(exponent(costs))
    assert flat("x", costs).met is False


def test_twice_the_cost_at_a_hundred_times_the_history_is_missed_just_so() -> None:
    assert flat("x", {1_000: 1.0, 100_000: 1.9}).met is True
    assert flat("x", {1_000: 1.0, 100_000: 2.1}).met is False
    assert grows("x", {1_000: 1.0, 100_000: 100.0}).met is None
