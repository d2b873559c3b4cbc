"""How a cost grows with history: the exponent of the power that fits what was measured at several sizes best."""

import math
from collections.abc import Mapping

from bench.figures import Figure, at_most, told

HISTORIES = (1_000, 10_000, 100_000)
"""Conversations that a store holds already, in a full run."""
FLAT = 0.15
"""The largest exponent of what may not grow: a hundred times the history may cost twice as much, for an index is somewhat
deeper then, caches hold a smaller share of it, and the machine is never quite alone."""


def exponent(costs: Mapping[int, float]) -> float:
    """The slope of a straight line through the logarithms of costs over those of sizes, by least squares; 0 is flat, 1 is
    linear. NaN for fewer than two sizes, or for a cost that has no logarithm."""
    if len(costs) < 2 or min(costs.values()) <= 0:
        return math.nan
    xs, ys = [math.log(size) for size in costs], [math.log(cost) for cost in costs.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def flat(what: str, costs: Mapping[int, float]) -> Figure:
    """The growth exponent of what may not grow with history."""
    return at_most(f"growth exponent, {what}", exponent(costs), "", FLAT, binding=False)


def grows(what: str, costs: Mapping[int, float]) -> Figure:
    """The growth exponent of what may grow; whoever tells it says in the facts why it may."""
    return told(f"growth exponent, {what}", exponent(costs))
